"""What only one process may do at a time, by a row that expires if its holder dies."""

from pathlib import Path
from uuid import UUID

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("leases.sql"))


async def take(conn: asyncpg.Connection, name: str, holder: UUID, seconds: float) -> bool:
    """Takes or renews a lease, by the database's clock; False while somebody else holds it."""
    row = await _queries.take(conn, name=name, holder=holder, seconds=seconds)
    return row is not None


async def give_back(conn: asyncpg.Connection, name: str, holder: UUID) -> None:
    """Ends a lease at once, so that the next process need not wait for its expiry."""
    await _queries.give_back(conn, name=name, holder=holder)
