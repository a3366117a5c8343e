"""The compose files with logins and TLS."""

from collections.abc import Iterator

import pytest

from tests.containers.composed import SECURED, Composed, composing
from tests.containers.letters import a_letter_comes_out
from tests.databases import SERVICES

pytestmark = pytest.mark.containers


@pytest.fixture(scope="module")
def composed(
    images: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composed]:
    with composing(SECURED, images, tmp_path_factory.mktemp("secured")) as running:
        yield running


async def test_a_rejection_becomes_a_letter(composed: Composed) -> None:
    await a_letter_comes_out(composed)


@pytest.mark.parametrize("service", SERVICES)
def test_commands_reach_the_database_from_inside(composed: Composed, service: str) -> None:
    command = ("exec", "-T", service, "python3", "-m", f"services.{service}")
    assert "Nothing" in composed.compose(*command, "quarantine", "list")


def test_the_database_lets_nobody_in_who_can_be_listened_to(composed: Composed) -> None:
    unencrypted = (
        "import asyncio, asyncpg, pathlib;"
        "url = pathlib.Path('/run/notyet/database_url').read_text();"
        "asyncio.run(asyncpg.connect(url, ssl='disable'))"
    )
    said = composed.refused("exec", "-T", "scheduler", "python3", "-c", unencrypted)
    assert "no encryption" in said


def test_the_broker_lets_nobody_in_without_the_right_password(composed: Composed) -> None:
    wrong = ("--env", "NOTYET_KAFKA_SASL_PASSWORD=wrong")
    said = composed.refused("run", "--rm", "--no-deps", *wrong, "topics")
    assert "lets us in" in said
