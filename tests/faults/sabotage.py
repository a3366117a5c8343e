"""Breaks rows behind the services' backs, one for each job, while everything else goes on."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import asyncpg

from shared.contract.topics import CANDIDATES, CONTACTS, MATCHES, NOTIFICATIONS, Topic
from shared.runtime.postgres import UNAVAILABLE
from shared.runtime.sql import Queries
from tests.faults.ask import LIAR
from tests.faults.history import History
from tests.faults.liar import ADDRESS, SPOILT

PLANTED = "planted"
"""By this name planted rows are found again."""
PUBLISHED = {
    "intake": CANDIDATES,
    "scheduler": CONTACTS,
    "matcher": MATCHES,
    "notifier": NOTIFICATIONS,
}

PARKED_BECAUSE = {
    "profile": ("indexing", "ValidationError"),
    "bags": ("indexing", "unreadable_bags"),
    "vacancy": ("searches", "unreadable_vacancy"),
    "plan": ("planning", "ValidationError"),
}
"""Which job parks what was broken, and as what."""
PATIENCE_SECONDS = 5

_queries = Queries(Path(__file__).with_name("sabotage.sql"))
_facts = Queries(Path(__file__).with_name("facts.sql"))

_SPOIL = f"""
create function matcher.spoil() returns trigger language plpgsql as
$$ begin new.vacancy = '{{}}'; return new; end $$;
create trigger spoil before insert on matcher.vacancies for each row
when (new.vacancy_id = '{SPOILT}') execute function matcher.spoil()
"""

Deed = Callable[[asyncpg.Connection], Awaitable[object]]
"""Breaks one thing; returns nothing where there is nothing to break yet."""


class Sabotage:
    """Breaks each thing as soon as it is there and PostgreSQL answers.

    What a job is to park is broken again until it has: an event may mend it before the job comes.
    """

    def __init__(self, database_url: str, history: History) -> None:
        self._url = database_url
        self._history = history

    async def lay_trap(self) -> None:
        """Lets one of the second source's vacancies become unreadable on its way."""
        conn = await asyncpg.connect(self._url)
        await conn.execute(_SPOIL)
        await conn.close()

    async def run(self, after_seconds: float) -> None:
        await asyncio.sleep(after_seconds)
        await asyncio.gather(*(self._break(name, deed) for name, deed in _deeds().items()))

    async def _break(self, name: str, deed: Deed) -> None:
        broken = False
        while not broken:
            while not await self._done(deed):
                await asyncio.sleep(0.5)
            self._history.note("planted", what=name)
            await asyncio.sleep(PATIENCE_SECONDS)
            broken = name not in PARKED_BECAUSE or await self._done(partial(_parked, name))

    async def _done(self, deed: Deed) -> bool:
        try:
            async with asyncio.timeout(5):
                conn = await asyncpg.connect(self._url)
                try:
                    return await deed(conn) is not None
                except asyncpg.UniqueViolationError:
                    return True
                finally:
                    conn.terminate()
        except UNAVAILABLE:
            return False


async def _parked(name: str, conn: asyncpg.Connection) -> bool | None:
    rows = [(row["job"], row["reason"]) for row in await _facts.parked(conn)]
    return PARKED_BECAUSE[name] in rows or None


def _deeds() -> dict[str, Deed]:
    people: dict[str, Deed] = {
        "profile": lambda conn: _queries.profile(conn, source=LIAR),
        "bags": lambda conn: _queries.bags(conn, source=LIAR),
        "plan": lambda conn: _queries.plan(conn, source=LIAR),
        "shortlist": lambda conn: _queries.shortlist(conn, address=ADDRESS),
    }
    outboxes = {f"outbox {name}": _misdirected(name, topic) for name, topic in PUBLISHED.items()}
    quarantines = {f"quarantine {name}": _unopened(name) for name in PUBLISHED}
    return people | outboxes | quarantines


def _misdirected(service: str, topic: Topic) -> Deed:
    """Puts an event for a partition that its topic does not have into an outbox."""
    return lambda conn: conn.fetchval(
        f"insert into {service}.outbox (topic, key, partition, event_id, type, time, value)"
        " values ($1, $2, 99, $2, $2, clock_timestamp(), '{}') returning id",
        topic.name,
        PLANTED,
    )


def _unopened(service: str) -> Deed:
    """Puts a record of 650 kB that nobody can open into a quarantine."""
    return lambda conn: conn.fetchval(
        f'insert into {service}.quarantine (topic, partition, "offset", reason, detail, record)'
        " values ($1, -1, 0, $1, '', convert_to(repeat('QUJD', 162500), 'UTF8')) returning id",
        PLANTED,
    )
