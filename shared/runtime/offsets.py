"""Consumer offsets, kept in the same database as the state that the records brought.

An offset moves in the transaction of its batch, from what this process last stored to the one
after the batch's last record. If another process moved it meanwhile, the transaction fails: one
that was paused and lost its partitions can change nothing. Offsets may have gaps, because
compaction removes records, so nothing here expects one record to follow another.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("offsets.sql"))


class OffsetMoved(Exception):
    """Another process has the partitions now; whatever was being done must be rolled back."""


async def load(conn: asyncpg.Connection, topic: str, partitions: Sequence[int]) -> dict[int, int]:
    """Returns the next offset of each partition; one never read before starts at zero."""
    rows = await _queries.load(conn, topic=topic, partitions=list(partitions))
    return {row["partition"]: row["next_offset"] for row in rows}


async def move(
    conn: asyncpg.Connection, topic: str, known: Mapping[int, int], reached: Mapping[int, int]
) -> None:
    """Moves offsets from what this process knows to what it has reached.

    Raises OffsetMoved if any of them is not where this process left it.
    """
    partitions = sorted(reached)
    rows = await _queries.move(
        conn,
        topic=topic,
        partitions=partitions,
        known=[known[partition] for partition in partitions],
        reached=[reached[partition] for partition in partitions],
    )
    if len(rows) != len(partitions):
        raise OffsetMoved(topic)


async def begin_anew(conn: asyncpg.Connection, topic: str, known: Mapping[int, int]) -> None:
    """Moves offsets to the beginning of logs that are new.

    What was set aside of the former ones keeps no place that a record of the new ones may need.
    Raises OffsetMoved if any of the offsets is not where this process left it.
    """
    await move(conn, topic, known, dict.fromkeys(known, 0))
    await _queries.free_places(conn, topic=topic, partitions=list(known))


async def stored(conn: asyncpg.Connection, topic: str) -> dict[int, int]:
    """Returns the next offset of every partition that any process of this service has read."""
    return {
        row["partition"]: row["next_offset"] for row in await _queries.stored(conn, topic=topic)
    }
