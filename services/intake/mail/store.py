"""The tokens of calls that were believed, where a provider signs a token and not what it says."""

import hashlib
from datetime import datetime
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))


async def first(conn: asyncpg.Connection, token: str, now: datetime) -> bool:
    """Tells whether this token comes for the first time."""
    digest = hashlib.sha256(token.encode()).digest()
    return await _queries.first(conn, hash=digest, now=now) is not None


async def forget(conn: asyncpg.Connection, before: datetime, limit: int) -> int:
    """Deletes tokens of calls that would not be believed any more, and tells how many."""
    return len(await _queries.forget(conn, before=before, limit=limit))
