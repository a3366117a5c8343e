"""Deliveries that only hint at something, until their systems were asked what it is."""

from datetime import datetime
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

LEASE_SECONDS = 300.0
"""After which a hint is asked about by somebody else, if whoever did so is gone."""

_queries = Queries(Path(__file__).with_name("hints.sql"))


async def claim(conn: asyncpg.Connection, limit: int) -> list[asyncpg.Record]:
    """Returns of each source that may be asked so many hints, for the caller alone."""
    return list(await _queries.claim(conn, limit=limit, lease_seconds=LEASE_SECONDS))


async def answered(
    conn: asyncpg.Connection, row: asyncpg.Record, record: bytes, now: datetime
) -> None:
    """Marks a hint to be read with what its system answered, unless the caller's claim is over."""
    await _queries.answered(conn, id=row["id"], asks=row["asks"], record=record, read_at=now)


async def put_off(
    conn: asyncpg.Connection, row: asyncpg.Record, seconds: float, summary: str
) -> None:
    """Puts off asking about a hint once more by so many seconds."""
    await _put_off(conn, row, seconds, summary, counted=True)


async def give_back(conn: asyncpg.Connection, row: asyncpg.Record) -> None:
    """Returns a hint to those to be asked about, as if it had not been claimed."""
    await _put_off(conn, row, 0.0, None, counted=False)


async def give_up(conn: asyncpg.Connection, row: asyncpg.Record, summary: str) -> None:
    """Lets a hint wait for somebody who mends what keeps it from being asked about."""
    await _queries.give_up(conn, id=row["id"], asks=row["asks"], summary=summary)


async def _put_off(
    conn: asyncpg.Connection,
    row: asyncpg.Record,
    seconds: float,
    summary: str | None,
    *,
    counted: bool,
) -> None:
    await _queries.put_off(
        conn,
        id=row["id"],
        asks=row["asks"],
        counted=counted,
        seconds=seconds,
        summary=summary,
    )
