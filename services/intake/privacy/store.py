"""What is left of somebody who leaves the record, and who is to leave it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))


async def mark_erased(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime
) -> None:
    """Remembers that people were erased, so that nothing said until then makes them again."""
    await _queries.mark_erased(conn, ids=list(candidate_ids), now=now)


async def delete(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> list[str]:
    """Deletes people with all that hangs on them; returns those whom others were told about."""
    rows = await _queries.delete(conn, ids=list(candidate_ids))
    return [row["candidate_id"] for row in rows if row["version"]]


async def remember(conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime) -> None:
    """Keeps the ids of people who are no more, so that nothing makes them again."""
    if candidate_ids:
        await _queries.remember(conn, ids=list(candidate_ids), now=now)


async def out_of_date(
    conn: asyncpg.Connection, before: datetime, now: datetime, limit: int
) -> list[str]:
    """Returns people without human contact since then who agreed to nothing longer."""
    rows = await _queries.out_of_date(conn, before=before, now=now, limit=limit)
    return [row["candidate_id"] for row in rows]


async def to_search(conn: asyncpg.Connection, limit: int) -> set[bytes]:
    """Returns hashes of who was erased, for which the quarantine was not searched yet."""
    return {row["hash"] for row in await _queries.to_search(conn, limit=limit)}


async def mark_searched(conn: asyncpg.Connection, hashes: Collection[bytes]) -> None:
    """Remembers that the quarantine holds nothing of them any more."""
    await _queries.mark_searched(conn, hashes=list(hashes))
