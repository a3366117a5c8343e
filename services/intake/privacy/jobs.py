"""The rounds that delete people: each does a little, and tells whether there is more."""

from datetime import datetime

from dateutil.relativedelta import relativedelta

from services.intake.metrics import IntakeMetrics
from services.intake.privacy import store
from services.intake.privacy.erasure import Erasure
from shared.runtime.postgres import Database

AT_A_TIME = 500


class PrivacyJobs:
    """The regular deletions of one process; several processes may do them at once."""

    def __init__(
        self,
        database: Database,
        erasure: Erasure,
        metrics: IntakeMetrics,
    ) -> None:
        self._database = database
        self._erasure = erasure
        self._metrics = metrics

    async def forget_people(self, now: datetime, months: int) -> bool:
        """Deletes people who had no human contact for so many months and agreed to nothing."""
        before = now - relativedelta(months=months)
        async with self._database.transaction() as conn:
            ids = await store.out_of_date(conn, before, now, AT_A_TIME)
            await self._erasure.erase(conn, ids, now, for_their_age=True)
        self._metrics.erased.labels("retention").inc(len(ids))
        return len(ids) == AT_A_TIME
