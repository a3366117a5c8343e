"""Deletes what is kept no longer, in batches on an index."""

from datetime import datetime
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_suffix(".sql"))


async def delete_from_ledger(conn: asyncpg.Connection, kept_from: datetime, limit: int) -> bool:
    """Deletes older searches, with all that hangs on them, and what came of them.

    Returns whether there may be more.
    """
    await _queries.delete_ledger_before(conn, kept_from=kept_from)
    searches = await _queries.delete_searches(conn, kept_from=kept_from, limit=limit)
    afterwards = await _queries.delete_afterwards(conn, kept_from=kept_from, limit=limit)
    return max(len(searches), len(afterwards)) == limit


async def delete_jobs(conn: asyncpg.Connection, days: int, limit: int) -> bool:
    """Deletes search jobs that ended so long ago; returns whether there may be more."""
    return len(await _queries.delete_jobs(conn, days=days, limit=limit)) == limit


async def trim_vacancies(conn: asyncpg.Connection, kept_from: datetime, limit: int) -> bool:
    """Leaves of long closed vacancies only that they were; returns whether there may be more."""
    return len(await _queries.trim_vacancies(conn, kept_from=kept_from, limit=limit)) == limit
