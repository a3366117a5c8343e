"""The rounds that every service has, measured in the scheduler: its outbox, and what it tidies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from shared.contract.topics import CONTACTS
from shared.runtime import inbox, quarantine
from shared.runtime.relay import Relay
from shared.runtime.sql import Queries
from tests.bench.events import LETTER_BODY
from tests.bench.rounds.place import Place
from tests.bench.rounds.round import Round

SETTINGS: dict[str, str] = {}
EVENTS, SOME = 500, 100

_queries = Queries(Path(__file__).with_name("runtime.sql"))


@asynccontextmanager
async def rounds(place: Place) -> AsyncIterator[list[Round]]:
    """Uses what the tables are filled with anyway."""
    service, owner, turns = place.service, place.owner, count()
    relay = Relay(service.name, service.database, service._new_producer, service.metrics)

    async def waiting() -> None:
        await _queries.lay_waiting(owner, topic=CONTACTS.name, count=EVENTS, value=LETTER_BODY)

    async def old() -> None:
        await _queries.lay_old_facts(owner, turn=next(turns), count=SOME)

    async def forget() -> None:
        async with service.database.transaction() as conn:
            await inbox.forget(conn)

    async def purge() -> None:
        async with service.database.transaction() as conn:
            await quarantine.purge(conn)

    try:
        yield [
            Round(f"relay {EVENTS} events", relay.publish_once, waiting),
            Round("relay with nothing to do", relay.publish_once),
            Round(f"forget {SOME} old facts", forget, old),
            Round("purge the quarantine", purge),
        ]
    finally:
        await relay.stop()
