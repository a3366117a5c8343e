"""Rows on which a job fails, parked with the reason, so that the rest goes on.

A job works on what it claims like this, in one transaction:

    async with database.transaction() as conn:
        people = await store.unread(conn, limit)          # leaves out what is parked, see below
        await parking.work(conn, "indexing", people, index, key=lambda it: it.candidate_id)

`work` calls `index(conn, people)` once. If that raises for a fault of the data or of our own code,
it is undone and called again for each item alone; the items that raise once more are parked, the
others have had their effect. What will pass (see `postgres.will_pass`) is raised: the round is
rolled back and tried again later, and nothing is parked.

What is parked must not be claimed again before its time. A claim says so in its own SQL:

    where not exists (
        select from resting_rows where job = 'indexing' and key = candidate_id
    )

or, where few are parked, filters by `held`. A parked row is due again after 1, 6, 36 and 216
minutes; then it stays parked until it is released. Success releases it; a handler, or the claim
itself, releases it when what the row is about changes or is erased. Keys are ids and reasons are
codes: nothing personal.

`parked list` shows what is parked, `parked release` lets it be tried again, and the gauge
`notyet_parked_rows` counts it by job.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

import asyncpg
import structlog

from shared.contract.events.cloudevents import Unreadable
from shared.runtime.postgres import will_pass
from shared.runtime.sql import Queries

_log = structlog.get_logger()
_queries = Queries(Path(__file__).with_name("parking.sql"))

Item = TypeVar("Item")

Work = Callable[[asyncpg.Connection, Sequence[Item]], Awaitable[object]]
"""Works on items in the caller's transaction, in a savepoint; raises if one of them cannot be."""


async def work(
    conn: asyncpg.Connection,
    job: str,
    items: Sequence[Item],
    on: Work[Item],
    *,
    key: Callable[[Item], str],
) -> list[Item]:
    """Works on all items, parks those that cannot be worked on, and returns the others.

    Raises, with everything undone, what will pass when it is tried again.
    """
    if not items:
        return []
    if await _fault(conn, items, on) is None:
        await release(conn, job, [key(item) for item in items])
        return list(items)
    faults = [(item, await _fault(conn, [item], on)) for item in items]
    done = [item for item, fault in faults if fault is None]
    await park(conn, job, {key(item): fault for item, fault in faults if fault is not None})
    await release(conn, job, [key(item) for item in done])
    return done


async def park(conn: asyncpg.Connection, job: str, reasons: dict[str, str]) -> None:
    """Parks keys, each with a reason code; one that is parked already rests for longer."""
    if not reasons:
        return
    await _queries.park(conn, job=job, keys=list(reasons), reasons=list(reasons.values()))
    for reason in reasons.values():
        _log.warning("job.row_parked", job=job, reason=reason)


def reason_of(error: Exception) -> str:
    """Returns the reason code for what an error says: nothing of what it is about."""
    return error.reason if isinstance(error, Unreadable) else type(error).__name__


async def held(conn: asyncpg.Connection, job: str) -> set[str]:
    """Returns the keys that this job has to leave alone for now."""
    return {row["key"] for row in await _queries.held(conn, job=job)}


async def release(conn: asyncpg.Connection, job: str, keys: Sequence[str]) -> None:
    """Forgets that keys were parked, because they were worked on or what they mean has changed."""
    await _queries.release(conn, job=job, keys=list(keys))


async def release_all(conn: asyncpg.Connection, job: str | None = None) -> int:
    """Releases everything that is parked, for one job or for all; returns how many rows."""
    return int(await _queries.release_all(conn, job=job))


async def list_parked(conn: asyncpg.Connection, limit: int) -> list[asyncpg.Record]:
    """Lists what is parked, longest first: job, key, reason, attempts, first, last, until when.

    What rests until it is released has no end.
    """
    return list(await _queries.list_parked(conn, limit=limit))


async def counts(conn: asyncpg.Connection) -> dict[str, int]:
    """Returns how many rows are parked for each job that has any."""
    return {row["job"]: row["count"] for row in await _queries.counts(conn)}


async def forget(conn: asyncpg.Connection) -> None:
    """Deletes what was last parked thirty days ago."""
    await _queries.forget(conn)


async def _fault(conn: asyncpg.Connection, items: Sequence[Item], on: Work[Item]) -> str | None:
    """Works on items in a savepoint; returns the reason code if they are at fault."""
    try:
        async with conn.transaction():
            await on(conn, items)
    except Exception as error:
        if will_pass(error):
            raise
        return reason_of(error)
    return None
