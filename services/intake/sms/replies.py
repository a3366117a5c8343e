"""Text messages that a human has still to read; until then none leaves to who wrote them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("replies.sql"))


async def keep(conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime) -> None:
    """Keeps that these people wrote something, from their first message on."""
    await _queries.keep(conn, candidate_ids=list(candidate_ids), now=now)


async def unread(conn: asyncpg.Connection, limit: int) -> Sequence[asyncpg.Record]:
    """Returns who wrote and what, those who have waited longest first."""
    rows: Sequence[asyncpg.Record] = await _queries.unread(conn, limit=limit)
    return rows


async def count(conn: asyncpg.Connection) -> int:
    """Returns how many people wait for a human."""
    number: int = await _queries.count(conn)
    return number


async def looked(conn: asyncpg.Connection, candidate_id: str) -> bool:
    """Ends the wait of somebody; tells whether they waited."""
    return await _queries.looked(conn, candidate_id=candidate_id) is not None
