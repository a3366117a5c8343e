"""The deliveries that name the file of a résumé into which nobody has looked yet."""

from collections.abc import Collection
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

LEASE_SECONDS = 300.0
"""After which a file is read by somebody else, if whoever did so is gone."""

_queries = Queries(Path(__file__).with_name("store.sql"))


async def claim(
    conn: asyncpg.Connection, systems_without_token: Collection[str]
) -> list[asyncpg.Record]:
    """Returns one of each source that has some, for the caller alone."""
    return list(
        await _queries.claim(
            conn, without_token=list(systems_without_token), lease_seconds=LEASE_SECONDS
        )
    )


async def keep(conn: asyncpg.Connection, row: asyncpg.Record, record: bytes) -> None:
    """Marks a delivery to be read again with what its file says, unless it is another by now."""
    await _queries.keep(
        conn, id=row["id"], tries=row["resume_tries"], read_at=row["read_at"], record=record
    )


async def put_off(
    conn: asyncpg.Connection, row: asyncpg.Record, seconds: float, *, counted: bool = True
) -> None:
    """Puts off fetching its file once more by so many seconds."""
    await _queries.put_off(
        conn, id=row["id"], tries=row["resume_tries"], counted=counted, seconds=seconds
    )


async def waiting(conn: asyncpg.Connection, source: str) -> int:
    """Returns how many files of a source are still to be read."""
    count: int = await _queries.waiting(conn, source=source)
    return count
