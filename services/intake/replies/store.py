"""What people wrote by text message, by mail or on their page, until a human has read it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))


How = Literal["sms", "page", "mail"]


async def keep(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], how: How, now: datetime
) -> None:
    """Keeps that these people wrote something in this way, from the first time on.

    As long as a text message waits to be read, none leaves to whoever wrote it; as long as a mail
    does, nothing does but what they ask for themselves.
    """
    await _queries.keep(conn, candidate_ids=list(candidate_ids), how=how, now=now)


async def unread(conn: asyncpg.Connection, limit: int) -> Sequence[asyncpg.Record]:
    """Returns who wrote and what, those who have waited longest first."""
    rows: Sequence[asyncpg.Record] = await _queries.unread(conn, limit=limit)
    return rows


async def count(conn: asyncpg.Connection) -> int:
    """Returns how many people wait for a human."""
    number: int = await _queries.count(conn)
    return number


async def looked(conn: asyncpg.Connection, candidate_id: str) -> set[How]:
    """Ends the wait of somebody; returns in which ways they had written."""
    rows = await _queries.looked(conn, candidate_id=candidate_id)
    return {row["how"] for row in rows}
