"""What operators look at, stop and let go."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("operating.sql"))

Rows = Sequence[asyncpg.Record]

COUNTED = 10_000
"""What is more is shown as this many."""

ITSELF = "notifier"
"""Who places a hold that no human does."""


async def hold(
    conn: asyncpg.Connection, scope: str, because: str, now: datetime, by: str = ITSELF
) -> None:
    """Stops a channel or everything; a hold that stands already keeps its reason and its author."""
    await _queries.hold(conn, scope=scope, because=because, now=now, placed_by=by)


async def release(conn: asyncpg.Connection, scope: str) -> bool:
    """Lifts a hold; False if there was none."""
    return await _queries.release(conn, scope=scope) is not None


async def holds(conn: asyncpg.Connection) -> Rows:
    """Returns what is on hold, why, since when and by whom."""
    rows: Rows = await _queries.holds(conn)
    return rows


async def waiting(conn: asyncpg.Connection, limit: int) -> Rows:
    """Returns the messages that wait for their time, or for another try, the next first."""
    rows: Rows = await _queries.waiting(conn, limit=limit)
    return rows


async def uncertain(conn: asyncpg.Connection, limit: int) -> Rows:
    """Returns the messages that may or may not have arrived, the latest first."""
    rows: Rows = await _queries.uncertain(conn, limit=limit)
    return rows


async def message(conn: asyncpg.Connection, message_id: str) -> asyncpg.Record | None:
    """Returns one message as it stands."""
    return await _queries.message(conn, message_id=message_id)


async def gauges(conn: asyncpg.Connection, now: datetime) -> asyncpg.Record:
    """Counts, up to `COUNTED`, what waits in which way; and tells how late the oldest is."""
    return await _queries.gauges(conn, now=now, most=COUNTED)
