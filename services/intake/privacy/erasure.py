"""How somebody leaves the record: erased for good, or purged for their age."""

from collections.abc import Collection
from datetime import datetime

import asyncpg

from services.intake.applicants import publishing
from services.intake.privacy import store


async def erase(conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime) -> None:
    """Deletes all about people but their ids, and the hashes by which they do not come back."""
    if not candidate_ids:
        return
    ids = list(candidate_ids)
    published = await store.delete(conn, ids)
    await store.remember(conn, ids, now)
    await publishing.bury(conn, published, now)


async def forget(conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime) -> None:
    """Erases people whose time is over; with a new application they may come back."""
    await erase(conn, candidate_ids, now)
    await store.mark_forgotten(conn, candidate_ids, now)
