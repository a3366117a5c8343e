"""How somebody leaves the record: whole, as they asked or for their age, or as one source has them.

Quarantine is searched for whoever leaves: for what is theirs alone for good, for what they may
share with others for a while. Names and numbers, which tell little of whom they are, are searched
for only of those who were erased, not of those whose time was over.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.store import joining, people
from services.intake.outgoing import telling
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
        for_their_age: bool = False,
    ) -> None:
        """Deletes all that any source said of people, but for their ids and hashes.

        Nothing that was said or decided until now brings them back; what is decided later may.
        """
        if not candidate_ids:
            return
        ids = list(candidate_ids)
        keys = await store.applicants(conn, ids)
        known_as = set() if for_their_age else await store.known_as(conn, keys)
        await self._search_for(conn, keys, known_as, ids)
        if not for_their_age:
            await telling.tell_erased(conn, ids, now)
        await people.part_from(conn, keys)
        await store.mark_erased(conn, ids, now)
        published = await store.delete(conn, ids)
        await store.remember(conn, ids, now)
        await publishing.bury(conn, published, now)

    async def erase_claims(
        self,
        conn: asyncpg.Connection,
        erased: Mapping[str, datetime],
        also_known_as: Collection[str],
    ) -> None:
        """Deletes what sources said of applicants until they erased them.

        Of those erased before, names that are only heard now are searched for as well.
        """
        if erased or also_known_as:
            keys = list(erased)
            known_as = {*also_known_as, *await store.known_as(conn, keys)}
            await self._search_for(conn, keys, known_as)
            await people.part_from(conn, keys)
            await joining.erase_claims(conn, erased)

    async def _search_for(
        self,
        conn: asyncpg.Connection,
        keys: Sequence[str],
        known_as: Collection[str],
        candidate_ids: Collection[str] = (),
    ) -> None:
        await erasures.remember(
            conn,
            {*await store.identities(conn, keys), *map(self._marker.of_id, candidate_ids)},
            {*await store.addresses(conn, keys), *self._marker.of_person(known_as)},
        )
