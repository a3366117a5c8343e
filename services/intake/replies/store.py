"""What people wrote by text message, by mail or on their page, until a human has read it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

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


class Looked(NamedTuple):
    """Whose wait is over."""

    ways: set[How]
    """In which ways somebody had written."""
    people: set[str]
    """They, and whoever waited because they may be them."""


async def looked(conn: asyncpg.Connection, candidate_id: str, now: datetime) -> Looked:
    """Ends the wait of somebody, and of who may be them."""
    rows = await _queries.looked(conn, candidate_id=candidate_id, now=now)
    ways = {row["how"] for row in rows if row["candidate_id"] == candidate_id}
    return Looked(ways, {row["candidate_id"] for row in rows})


async def settle(
    conn: asyncpg.Connection, candidate_id: str, reply_id: str, now: datetime
) -> set[str]:
    """Ends the wait for one mail of somebody, and for those before it about the same vacancy.

    Returns whom that concerns, and nobody if none of them waited.
    """
    settled = await _queries.settle(conn, reply_id=reply_id, now=now)
    over = await _queries.go_on_waiting(conn, candidate_id=candidate_id)
    return {candidate_id, *(row["candidate_id"] for row in over)} if settled else set()
