"""The rounds that delete people: each does a little, and tells whether there is more."""

from datetime import datetime

from dateutil.relativedelta import relativedelta

from services.intake.applicants.domain.identity import IdentityHash
from services.intake.metrics import IntakeMetrics
from services.intake.privacy import erasure, store
from services.intake.privacy.domain.quarantine_search import marks
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Quarantine

AT_A_TIME = 500


class PrivacyJobs:
    """The regular deletions of one process; several processes may do them at once."""

    def __init__(
        self,
        database: Database,
        quarantine: Quarantine,
        identity: IdentityHash,
        metrics: IntakeMetrics,
    ) -> None:
        self._database = database
        self._quarantine = quarantine
        self._identity = identity
        self._metrics = metrics

    async def forget_people(self, now: datetime, months: int) -> bool:
        """Deletes people who had no human contact for so many months and agreed to nothing."""
        before = now - relativedelta(months=months)
        async with self._database.transaction() as conn:
            ids = await store.out_of_date(conn, before, now, AT_A_TIME)
            await erasure.erase(conn, ids, now)
        self._metrics.erased.labels("retention").inc(len(ids))
        return len(ids) == AT_A_TIME

    async def search_quarantine(self, _: datetime) -> bool:
        """Deletes what the quarantine holds of people who were erased."""
        async with self._database.connection() as conn:
            theirs = await store.to_search(conn, AT_A_TIME)
        if theirs:
            await self._quarantine.erase(
                self._database, lambda copy: not theirs.isdisjoint(marks(copy, self._identity))
            )
            async with self._database.transaction() as conn:
                await store.mark_searched(conn, theirs)
        return len(theirs) == AT_A_TIME
