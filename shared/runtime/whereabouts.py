"""In which of a service's tables something of a person is, by their id."""

from collections.abc import Collection
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("whereabouts.sql"))


async def rows_about(conn: asyncpg.Connection, entity_ids: Collection[str]) -> list[asyncpg.Record]:
    """Returns each table that has rows of these people, and how many; others hang on those."""
    found = [
        await conn.fetchrow(row["statement"], list(entity_ids))
        for row in await _queries.counts(conn)
    ]
    return [each for each in found if each and each["rows"]]
