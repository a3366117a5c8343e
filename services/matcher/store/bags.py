"""What was read of people's profiles, and whose could not be."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_suffix(".sql"))

PAGE = 1000


@dataclass(frozen=True)
class PackedBags:
    number: int
    words: bytes = b""
    titles: bytes = b""
    parked_because: str | None = None
    """Why nothing could be read."""


async def unread(conn: asyncpg.Connection, analysis: int, limit: int) -> list[asyncpg.Record]:
    """Returns, not parsed, and locks whoever waits to be indexed; the longest waiting first."""
    rows: list[asyncpg.Record] = await _queries.unread(conn, analysis=analysis, limit=limit)
    return rows


async def keep_bags(conn: asyncpg.Connection, bags: Sequence[PackedBags], analysis: int) -> None:
    """Keeps what was read, and from when on replicas find it."""
    await _queries.keep_bags(
        conn,
        numbers=[at.number for at in bags],
        words=[at.words for at in bags],
        titles=[at.titles for at in bags],
        parked=[at.parked_because for at in bags],
        analysis=analysis,
    )


async def horizon(conn: asyncpg.Connection) -> int:
    """Returns a mark: whatever commits from now on is found by `changes` since that mark."""
    return int(await _queries.horizon(conn))


async def known(conn: asyncpg.Connection) -> int:
    """Counts everybody ever heard of."""
    return int(await _queries.known(conn))


async def changes(conn: asyncpg.Connection, since: int) -> AsyncIterator[list[PackedBags]]:
    """Returns page by page who changed since a mark; with empty bags who is known no more.

    Needs a transaction whose snapshot does not move.
    """
    cursor = await conn.cursor(_queries.statements["changes"], since)
    while rows := await cursor.fetch(PAGE):
        yield [_packed(row) for row in rows]


async def bags_of(conn: asyncpg.Connection, numbers: Sequence[int]) -> list[PackedBags]:
    """Returns what was read of some people."""
    return [_packed(row) for row in await _queries.bags_of(conn, numbers=numbers)]


async def parked(conn: asyncpg.Connection, limit: int) -> list[asyncpg.Record]:
    """Returns whose profiles could not be indexed, and why; the longest parked first."""
    rows: list[asyncpg.Record] = await _queries.parked(conn, limit=limit)
    return rows


async def parked_count(conn: asyncpg.Connection) -> int:
    """Counts whose profiles could not be indexed."""
    return int(await _queries.parked_count(conn))


async def retry_parked(conn: asyncpg.Connection) -> int:
    """Puts everybody whose profile could not be indexed in line again; returns how many."""
    return len(await _queries.retry_parked(conn))


def _packed(row: asyncpg.Record) -> PackedBags:
    return PackedBags(row["number"], row["words"] or b"", row["titles"] or b"")
