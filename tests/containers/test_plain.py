"""The compose file as it is tried out: without logins, and without TLS."""

from collections.abc import Iterator

import pytest

from tests.containers.composed import PLAIN, Composed, composing
from tests.containers.letters import a_letter_comes_out

pytestmark = pytest.mark.containers


@pytest.fixture(scope="module")
def composed(
    images: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composed]:
    with composing(PLAIN, images, tmp_path_factory.mktemp("plain")) as running:
        yield running


async def test_a_rejection_becomes_a_letter(composed: Composed) -> None:
    await a_letter_comes_out(composed)
