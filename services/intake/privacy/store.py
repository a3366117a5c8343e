"""What is left of somebody who leaves the record, and who is to leave it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from shared.contract.events.cloudevents import Record
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))


async def delete(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> list[str]:
    """Deletes people with all that hangs on them; returns those whom others were told about."""
    rows = await _queries.delete(conn, ids=list(candidate_ids))
    return [row["candidate_id"] for row in rows if row["version"]]


async def remember(conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime) -> None:
    """Keeps the ids of deleted people, so that nothing makes them again."""
    await _queries.remember(conn, ids=list(candidate_ids), now=now)


async def mark_forgotten(
    conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime
) -> None:
    """Allows people to come back with what is decided about them later."""
    await _queries.mark_forgotten(conn, ids=list(candidate_ids), now=now)


async def out_of_date(
    conn: asyncpg.Connection, before: datetime, now: datetime, limit: int
) -> list[str]:
    """Returns people without human contact since then who agreed to nothing longer."""
    rows = await _queries.out_of_date(conn, before=before, now=now, limit=limit)
    return [row["candidate_id"] for row in rows]


async def known_as(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> set[str]:
    """Returns every name, address and number that these people had."""
    return {row["known_as"] for row in await _queries.known_as(conn, ids=list(candidate_ids))}


async def is_known(conn: asyncpg.Connection, record: Record, hashes: Collection[bytes]) -> bool:
    """Tells whether a record, by its key or its hashes, is about somebody who is held."""
    key = (record.key or b"").decode(errors="ignore").replace("\0", "")
    return bool(await _queries.is_known(conn, key=key, hashes=list(hashes)))


async def hashes(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> set[bytes]:
    """Returns the hashes by which these people are recognised."""
    rows = await _queries.hashes(conn, ids=list(candidate_ids))
    return {row["hash"] for row in rows}
