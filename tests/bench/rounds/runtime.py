"""The rounds that every service has, measured in the scheduler: its outbox, and what it tidies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from shared.contract.topics import CONTACTS
from shared.runtime.service import RELAY_JOB
from shared.runtime.sql import Queries
from tests.bench.events import LETTER_BODY
from tests.bench.rounds.place import Place
from tests.bench.rounds.round import Round

SETTINGS: dict[str, str] = {}
EVENTS, SOME = 500, 100

_queries = Queries(Path(__file__).with_name("runtime.sql"))


async def fill(_place: Place) -> None:
    """Fills nothing: what every service keeps by itself is there."""


@asynccontextmanager
async def rounds(place: Place) -> AsyncIterator[list[Round]]:
    async def waiting() -> None:
        await _queries.lay_waiting(
            place.owner, topic=CONTACTS.name, count=EVENTS, value=LETTER_BODY
        )

    async def searched() -> None:
        await _queries.lay_searched(place.owner)

    yield [
        place.round(RELAY_JOB, f"relay {EVENTS} events", waiting),
        place.round(RELAY_JOB, "relay with nothing to do"),
        place.round(
            "tidy",
            f"forget {SOME} old facts, and look for more to tidy",
            place.lays(_queries.lay_old_facts, SOME),
        ),
        place.round("measures of the runtime", "count what waits for an operator"),
        place.round("quarantine search", "look for something to search", searched),
    ]
