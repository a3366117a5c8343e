"""How somebody leaves the record whole: erased as they asked, or purged for their age."""

from collections.abc import Collection
from datetime import datetime

import asyncpg

from services.intake.applicants import publishing
from services.intake.privacy import store


async def erase(conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime) -> None:
    """Deletes all that any source said of people, but for their ids and hashes.

    Nothing that was said or decided until now brings them back; what is decided later may.
    """
    if not candidate_ids:
        return
    ids = list(candidate_ids)
    await store.mark_erased(conn, ids, now)
    published = await store.delete(conn, ids)
    await store.remember(conn, ids, now)
    await publishing.bury(conn, published, now)
