"""By what calls that sign no more than a token, and mails to us, are known again."""

import hashlib
from datetime import datetime
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))


async def first(conn: asyncpg.Connection, token: str, now: datetime) -> bool:
    """Tells whether this comes for the first time."""
    digest = hashlib.sha256(token.encode()).digest()
    return await _queries.first(conn, hash=digest, now=now) is not None


async def forget(conn: asyncpg.Connection, before: datetime, limit: int) -> int:
    """Deletes what came before then, and tells how much that was."""
    return len(await _queries.forget(conn, before=before, limit=limit))
