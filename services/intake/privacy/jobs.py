"""The rounds that delete people, and what outlived them: each does a little, and tells of more."""

from datetime import datetime

import structlog

from services.intake.metrics import IntakeMetrics
from services.intake.privacy import store
from services.intake.privacy.erasure import Erasure
from services.intake.privacy.jurisdictions import Jurisdictions
from shared.runtime.postgres import Database

AT_A_TIME = 500

_log = structlog.get_logger()


class PrivacyJobs:
    """The regular deletions of one process; several processes may do them at once."""

    def __init__(
        self,
        database: Database,
        erasure: Erasure,
        laws: Jurisdictions,
        metrics: IntakeMetrics,
    ) -> None:
        self._database = database
        self._erasure = erasure
        self._laws = laws
        self._metrics = metrics
        self._reached = store.FROM_THE_BEGINNING
        """Of those without human contact, who was looked at last."""

    async def forget_people(self, now: datetime) -> bool:
        """Deletes people whose time is over; how many of each country is logged and counted."""
        async with self._database.transaction() as conn:
            left, reached = await self._erasure.forget_some(conn, self._laws, now, self._reached)
        self._reached = reached or store.FROM_THE_BEGINNING
        self._metrics.erased.labels("retention").inc(sum(left.values()))
        if left:
            _log.info("privacy.people_forgotten", people=dict(left))
        return reached is not None

    async def let_go(self, now: datetime) -> bool:
        """Deletes what outlived its people, once nothing asks for it any more."""
        async with self._database.transaction() as conn:
            return await store.let_go(conn, now, AT_A_TIME)
