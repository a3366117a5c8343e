"""How somebody leaves the record: erased for good, purged for their age, or joined into another."""

from collections.abc import Collection
from datetime import datetime

import asyncpg

from services.intake.applicants import publishing
from services.intake.privacy import store
from shared.runtime import erasures
from shared.runtime.marks import Marker


class Erasure:
    """Erases people from the record, and has the quarantine searched for them."""

    def __init__(self, marker: Marker) -> None:
        self._marker = marker

    async def erase(
        self,
        conn: asyncpg.Connection,
        candidate_ids: Collection[str],
        now: datetime,
        *,
        also_known_as: Collection[str] = (),
    ) -> None:
        """Deletes all about people but their ids, and the hashes by which they do not come back.

        Of those erased before, names that are only heard now are searched for as well.
        """
        ids = list(candidate_ids)
        if not ids and not also_known_as:
            return
        known_as = {*also_known_as, *await store.known_as(conn, ids)}
        await erasures.remember(
            conn,
            {*await store.hashes(conn, ids), *map(self._marker.of_id, ids)},
            self._marker.of_person(known_as),
        )
        await leave(conn, ids, now)

    async def forget(
        self, conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime
    ) -> None:
        """Erases people whose time is over; with a new application they may come back."""
        await self.erase(conn, candidate_ids, now)
        await store.mark_forgotten(conn, candidate_ids, now)


async def leave(conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime) -> None:
    """Ends these ids: their rows go, nothing makes them again, and everybody is told."""
    ids = list(candidate_ids)
    if not ids:
        return
    published = await store.delete(conn, ids)
    await store.remember(conn, ids, now)
    await publishing.bury(conn, published, now)
