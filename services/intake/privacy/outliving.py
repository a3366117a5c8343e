"""What outlives somebody who leaves the record, and for how long: ids, and what the law asks for.

What they agreed to can be shown for a while longer (GDPR Art. 7(1)), by ids alone. What was decided
about them can be defended for as long as the law of the job's country lets them claim something
(Art. 17(3)(e)): their ids, the job, the days and the code of the reason, sealed.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import asyncpg
from pydantic_core import from_json, to_json

from services.intake.consent import store as consents
from services.intake.privacy import store
from services.intake.privacy.jurisdictions import Jurisdictions
from shared.runtime.sealing import Seal

NOWHERE: Mapping[str, str] = MappingProxyType({})


class Outliving:
    """Keeps of those who leave what has to be kept."""

    def __init__(self, seal: Seal, laws: Jurisdictions) -> None:
        self._seal = seal
        self._laws = laws

    async def hold_decisions(
        self,
        conn: asyncpg.Connection,
        leaving: Mapping[str, datetime],
        now: datetime,
        of_old: Mapping[str, str] = NOWHERE,
    ) -> None:
        """Seals what was decided about applicants until then, where a hold of it goes on."""
        countries = await _kept(conn, leaving, of_old)
        held = [
            store.HeldDecision(row, until, self._seal.close(to_json(_told(row))))
            for row in await store.decided(conn, leaving)
            if (until := self._until(row, countries[row["applicant_key"]].country)) > now
        ]
        await store.hold(conn, held)

    def _until(self, row: asyncpg.Record, country: str | None) -> datetime:
        at = row["country"] or country
        return self._laws.decision_until(row["decided_at"], at, row["region"])

    async def end_consents(
        self,
        conn: asyncpg.Connection,
        keys: Collection[str],
        how: str,
        now: datetime,
        of_old: Mapping[str, str] = NOWHERE,
    ) -> Mapping[str, store.Kept]:
        """Ends all that these applicants had agreed to, and says how long that can be shown.

        Returns by whose law they were kept; `of_old` are countries that are not in the record now.
        """
        await consents.end_consents(conn, how, now, keys=keys)
        countries = await _kept(conn, keys, of_old)
        untils = {key: self._laws.consent_until(now, it.country) for key, it in countries.items()}
        await store.keep_chains(conn, untils)
        return countries

    def opened(self, rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
        """Returns sealed rows as they are read, but those that another key has sealed."""
        opened = ((row, self._seal.open(row["sealed"])) for row in rows)
        return [
            {
                "candidateId": row["candidate_id"],
                "applicationId": row["application_id"],
                **from_json(plain),
                "keepUntil": row["keep_until"],
            }
            for row, plain in opened
            if plain is not None
        ]


async def _kept(
    conn: asyncpg.Connection, keys: Collection[str], of_old: Mapping[str, str]
) -> dict[str, store.Kept]:
    """Returns by whose law applicants are kept, or were until now."""
    kept = await store.countries(conn, keys)
    return {
        key: one._replace(country=of_old[key]) if key in of_old else one
        for key, one in kept.items()
    }


def _told(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "vacancyId": row["vacancy_id"],
        "vacancyTitle": row["vacancy_title"],
        "decidedAt": row["decided_at"],
        "toldAt": row["answered_at"],
        "stage": row["stage"],
        "reason": row["reason"],
    }
