"""How somebody leaves the record: whole, as they asked or for their age, or as one source has them.

Quarantine is searched for whoever leaves: for what is theirs alone for good, for what they may
share with others for a while. Names and numbers, which tell little of whom they are, are searched
for only of those who were erased, not of those whose time was over.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.domain.erased_names import kept_of, kept_of_all
from services.intake.applicants.domain.identity import IdentityHash
from services.intake.applicants.store import joining, people
from services.intake.consent import mailboxes
from services.intake.messages import short_links
from services.intake.outgoing import telling
from services.intake.privacy import store
from services.intake.privacy.jurisdictions import Jurisdictions
from services.intake.privacy.outliving import Outliving
from shared.runtime import erasures, parking
from shared.runtime.marks import Marker

LOOKED_AT = 500
"""So many of those without human contact are looked at in a transaction."""

UNKNOWN = "unknown"
"""The country of whoever is kept by no country's law."""


class Erasure:
    """Erases people from the record, and has the quarantine searched for them."""

    def __init__(self, marker: Marker, identity: IdentityHash, outliving: Outliving) -> None:
        self._marker = marker
        self._identity = identity
        self._outliving = outliving

    async def erase(
        self,
        conn: asyncpg.Connection,
        candidate_ids: Collection[str],
        now: datetime,
        *,
        for_their_age: bool = False,
    ) -> Mapping[str, int]:
        """Deletes all that any source said of people, but for their ids, hashes and what is held.

        Nothing that was said or decided until now brings them back; what is decided later may.
        Returns how many they were of each country.
        """
        if not candidate_ids:
            return {}
        ids = list(candidate_ids)
        keys = await store.applicants(conn, ids)
        known_as = set() if for_their_age else await store.known_as(conn, keys)
        await self._search_for(conn, keys, known_as, ids)
        await self._outliving.hold_decisions(conn, dict.fromkeys(keys, now), now)
        reason: store.Reason = "retention" if for_their_age else "erased"
        kept = await self._outliving.end_consents(conn, keys, reason, now)
        left = await _count(conn, kept, reason, now)
        if not for_their_age:
            await telling.tell_erased(conn, ids, now)
            await store.remember_interests(conn, ids, now)
        await people.part_from(conn, keys)
        await self.keep_stops(conn, keys)
        await store.mark_erased(conn, ids, now, await self._names(conn, ids))
        published = await store.delete(conn, ids)
        await store.remember(conn, ids, now)
        await publishing.bury(conn, published, now)
        return left

    async def forget_some(
        self, conn: asyncpg.Connection, laws: Jurisdictions, now: datetime, after: store.Idle
    ) -> tuple[Mapping[str, int], store.Idle | None]:
        """Deletes people who had no human contact for as long as the law says, and agreed to none.

        Some are looked at, from those on who follow `after`; whoever it fails for is parked, and
        keeps nobody else. Returns how many left of each country, and how far it came where there
        are more to look at.
        """
        left = Counter[str]()

        async def forget(conn: asyncpg.Connection, keys: Sequence[str]) -> None:
            ids = await store.out_of_date(conn, laws, now, keys)
            left.update(await self.erase(conn, ids, now, for_their_age=True))

        looked_at = await store.idle(conn, laws, now, after, LOOKED_AT)
        keys = [each.applicant_key for each in looked_at]
        await parking.work(conn, store.RETENTION, keys, forget, key=str)
        return left, looked_at[-1] if len(looked_at) == LOOKED_AT else None

    async def keep_stops(self, conn: asyncpg.Connection, keys: Collection[str]) -> None:
        """Keeps what applicants have stopped, before anything is deleted of them."""
        if keys:
            await mailboxes.outlive(conn, self._identity, keys)

    async def erase_claims(
        self,
        conn: asyncpg.Connection,
        source: str,
        erased: Mapping[str, datetime],
        also_known_as: Collection[str],
        countries: Mapping[str, str],
        now: datetime,
    ) -> None:
        """Deletes what a source said of applicants until it erased them; their stops were kept.

        Of those erased before, names that are only heard now are searched for as well. `countries`
        are those in which they lived.
        """
        keys = list(erased)
        known_as = {*also_known_as, *await store.known_as(conn, keys)}
        await self._search_for(conn, keys, known_as, source=source)
        await people.part_from(conn, keys)
        await short_links.hand_over(conn, keys)
        await self._outliving.hold_decisions(conn, erased, now, countries)
        gone = await joining.erase_claims(conn, erased)
        reason: store.Reason = "erased_by_source"
        kept = await self._outliving.end_consents(conn, gone, reason, now, countries)
        await _count(conn, kept, reason, now)
        await joining.delete(conn, gone)

    async def _names(
        self, conn: asyncpg.Connection, candidate_ids: Sequence[str]
    ) -> list[tuple[str, bytes, bytes]]:
        """Returns what is kept of the names and addresses of people, each once, by applicant."""
        now = {
            (key, *kept)
            for key, address, name in await store.first_addresses(conn, candidate_ids)
            for kept in kept_of(self._identity, address, name)
        }
        ever = {
            (key, *kept)
            for key, known_as in await store.ever_known_as(conn, candidate_ids)
            for kept in kept_of_all(self._identity, known_as)
        }
        return sorted(now | ever)

    async def _search_for(
        self,
        conn: asyncpg.Connection,
        keys: Sequence[str],
        known_as: Collection[str],
        candidate_ids: Collection[str] = (),
        *,
        source: str | None = None,
    ) -> None:
        await erasures.remember(
            conn,
            {*await store.identities(conn, keys), *map(self._marker.of_id, candidate_ids)},
            {*await store.addresses(conn, keys), *self._marker.of_person(known_as)},
            source,
        )


async def _count(
    conn: asyncpg.Connection, kept: Mapping[str, store.Kept], reason: store.Reason, now: datetime
) -> Mapping[str, int]:
    """Counts people who leave, each once, and returns how many are of each country."""
    known_last = sorted(kept.values(), key=lambda one: one.country or "")
    countries = {one.candidate_id: one.country or UNKNOWN for one in known_last}
    people = Counter(countries.values())
    await store.count(conn, reason, people, now)
    return people
