"""The compose files, with logins and TLS: a rejection goes in, and a letter comes out."""

import asyncio
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from deploy.local.demo import personas
from deploy.local.demo.personas import Attitude, Person
from deploy.local.ports import free_ports
from tests.containers.bases import published_or_stand_in
from tests.containers.engine import docker
from tests.databases import SERVICES
from tests.docs.pages import ROOT
from tests.faults.product_clock import ProductClock
from tests.journeys.acts import runner_up

pytestmark = pytest.mark.containers

FILES = (ROOT / "docker-compose.yml", ROOT / "deploy" / "docker" / "secure.yml")
ADA = Person(1, "Ada", "Moreno", "Europe/Vienna", "AT", Attitude.EAGER)
DAYS = 10


@dataclass
class Composed:
    """What runs, and how to speak with it."""

    words: tuple[str, ...]
    intake: str
    mailbox: str
    clock: ProductClock

    def compose(self, *words: str) -> str:
        return docker(*self.words, *words)

    def refused(self, *words: str) -> str:
        """Returns what is said by something that does not work."""
        done = subprocess.run(
            ["docker", *self.words, *words], capture_output=True, text=True, check=False
        )
        assert done.returncode != 0, done.stdout
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def composed(
    images: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composed]:
    directory = tmp_path_factory.mktemp("composed")
    clock = ProductClock(directory / "clock")
    intake, mailbox = free_ports(2)
    tested = directory / "tested.yml"
    tested.write_text(_as_tested(images, directory / "clock", intake, mailbox))
    named = (word for file in (*FILES, tested) for word in ("--file", str(file)))
    words = ("compose", "--project-name", "notyet-tested", *named)
    try:
        docker(*words, "up", "--wait", "--no-build", "--pull", "never")
        yield Composed(words, f"http://127.0.0.1:{intake}", f"http://127.0.0.1:{mailbox}", clock)
    finally:
        docker(*words, "down", "--volumes", "--timeout", "20")


def _as_tested(images: dict[str, str], clock: Path, intake: int, mailbox: int) -> str:
    """Returns what a test changes: which images there are, on what ports, and what time it is."""
    lines = ["services:"]
    for name, image in _images().items():
        service = image.removeprefix("notyet/")
        found = images[service] if service in images else published_or_stand_in(image)
        lines += [f"  {name}:", f"    image: {found}"]
        if name in SERVICES:
            lines += [
                "    environment: { NOTYET_CLOCK_FILE: /run/clock }",
                f"    volumes: ['{clock}:/run/clock:ro']",
            ]
        for published, (port, inside) in {
            "intake": (intake, 8080),
            "mailpit": (mailbox, 8025),
        }.items():
            if name == published:
                lines.append(f"    ports: !override ['127.0.0.1:{port}:{inside}']")
    return "\n".join(lines) + "\n"


def _images() -> dict[str, str]:
    containers: dict[str, dict[str, Any]] = {}
    for file in FILES:
        for name, given in yaml.safe_load(file.read_text())["services"].items():
            containers.setdefault(name, {}).update(given)
    return {name: given["image"] for name, given in containers.items()}


async def test_a_rejection_becomes_a_letter(composed: Composed) -> None:
    key = composed.compose(
        *("exec", "-T", "intake", "python3", "-m", "services.intake"),
        *("keys", "create", "--source", "careers"),
    ).split()[-1]
    async with httpx.AsyncClient(timeout=30) as http:
        answer = await http.post(
            f"{composed.intake}/v1/rejections",
            json=personas.rejection(runner_up(ADA), composed.clock.now()),
            headers={"Authorization": f"Bearer {key}"},
        )
        assert answer.status_code == 202, answer.text
        for _ in range(DAYS):
            if ADA.email in await _written_to(http, composed):
                return
            await asyncio.sleep(4)
            composed.clock.next_working_day()
    raise AssertionError(composed.compose("logs", "--tail", "20", *SERVICES))


async def _written_to(http: httpx.AsyncClient, composed: Composed) -> list[str]:
    told = (await http.get(f"{composed.mailbox}/api/v1/messages")).json()
    return [to["Address"] for message in told["messages"] for to in message["To"]]


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
