"""What was read of people's profiles, and whose could not be."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from services.matcher.store import people
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_suffix(".sql"))

PAGE = 1000
_BEHIND_ALL = 2**63 - 1


@dataclass(frozen=True)
class PackedBags:
    number: int
    words: bytes = b""
    titles: bytes = b""


async def unread(
    conn: asyncpg.Connection, job: str, analysis: int, limit: int
) -> list[asyncpg.Record]:
    """Returns, not parsed, and locks whoever waits to be indexed; the longest waiting first.

    Leaves out whom the job has parked.
    """
    locked = await _queries.lock_unread(conn, job=job, analysis=analysis, limit=limit)
    # A statement of its own after the one that locks, so that it sees the newest there is.
    return await people.texts_of(conn, [row["number"] for row in locked])


async def keep_bags(conn: asyncpg.Connection, bags: Sequence[PackedBags], analysis: int) -> None:
    """Keeps what was read, and from when on replicas find it."""
    await _queries.keep_bags(
        conn,
        numbers=[at.number for at in bags],
        words=[at.words for at in bags],
        titles=[at.titles for at in bags],
        analysis=analysis,
    )


async def discard(conn: asyncpg.Connection, numbers: Sequence[int]) -> list[str]:
    """Deletes what was read of some people, who wait to be indexed again; returns their ids."""
    return [row["candidate_id"] for row in await _queries.discard(conn, numbers=numbers)]


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
    changed_in, number = since - 1, _BEHIND_ALL
    while rows := await _queries.changes(conn, changed_in=changed_in, number=number, limit=PAGE):
        packed = {row["number"]: PackedBags(row["number"]) for row in rows}
        read = await _queries.bags_of_candidates(conn, numbers=list(packed))
        packed |= {row["number"]: _packed(row) for row in read}
        yield list(packed.values())
        changed_in, number = rows[-1]["changed_in"], rows[-1]["number"]


async def bags_of(conn: asyncpg.Connection, numbers: Sequence[int]) -> list[PackedBags]:
    """Returns what was read of some people."""
    return [_packed(row) for row in await _queries.bags_of(conn, numbers=numbers)]


def _packed(row: asyncpg.Record) -> PackedBags:
    return PackedBags(row["number"], row["words"], row["titles"])
