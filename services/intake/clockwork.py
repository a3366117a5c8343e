"""What intake does of its own accord, in rounds: each does a little, and says if there is more."""

from datetime import datetime

from dateutil.relativedelta import relativedelta

from services.intake.domain.identity import IdentityHash
from services.intake.domain.quarantined import marks
from services.intake.metrics import IntakeMetrics
from services.intake.store import people, requests
from shared.runtime import outbox
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Quarantine

AT_A_TIME = 500
IDEMPOTENCY_DAYS = 2


class Clockwork:
    """The regular work of one process; several may do it at once."""

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

    async def beat(self, _: datetime) -> bool:
        """Tells the notifier, on each partition, that it has caught up with every change so far."""
        async with self._database.transaction() as conn:
            await outbox.put_heartbeats(conn)
        return False

    async def forget_people(self, now: datetime, months: int) -> bool:
        """Lets people go with whom nobody had to do for so many months."""
        before = now - relativedelta(months=months)
        async with self._database.transaction() as conn:
            ids = await people.out_of_date(conn, before, now, AT_A_TIME)
            await people.forget(conn, ids, now)
        self._metrics.erased.labels("retention").inc(len(ids))
        return len(ids) == AT_A_TIME

    async def search_quarantine(self, now: datetime) -> bool:
        """Deletes what the quarantine holds of people who were erased."""
        async with self._database.transaction() as conn:
            ids = await people.to_search(conn, AT_A_TIME)
            if ids:
                theirs = await people.hashes(conn, ids)
                await self._quarantine.erase(
                    conn, lambda copy: not theirs.isdisjoint(marks(copy, self._identity))
                )
                await people.mark_searched(conn, ids, now)
        return len(ids) == AT_A_TIME

    async def forget_requests(self, now: datetime) -> bool:
        """Drops answers to requests so old that nobody repeats them."""
        async with self._database.transaction() as conn:
            await requests.forget(conn, now - relativedelta(days=IDEMPOTENCY_DAYS))
        return False
