"""What is done with deliveries of its own accord: measured, warned of, deleted in time."""

from datetime import datetime, timedelta

import structlog

from services.intake.deliveries import store
from services.intake.metrics import IntakeMetrics
from shared.runtime.postgres import Database

KEPT_DAYS = 30
AT_A_TIME = 1000
BURST_WITHIN = timedelta(hours=1)

_log = structlog.get_logger()


class DeliveryJobs:
    """The rounds of one process."""

    def __init__(self, database: Database, metrics: IntakeMetrics, burst: int) -> None:
        self._database = database
        self._metrics = metrics
        self._burst = burst
        self._bursting: set[str] = set()

    async def measure(self, now: datetime) -> bool:
        """Shows what waits, and warns once of each source that turns very many down at once."""
        async with self._database.connection() as conn:
            rows = await store.busy(conn, now - BURST_WITHIN)
        for row in rows:
            source, rejections = row["source"], row["rejections"]
            self._metrics.waiting_deliveries.labels(source).set(row["waiting"])
            self._metrics.asking_deliveries.labels(source).set(row["asking"])
            self._metrics.refused_tokens.labels(source).set(row["is_refused"])
            self._metrics.untranslatable_deliveries.labels(source).set(row["untranslatable"])
            self._metrics.burst_rejections.labels(source).set(rejections)
            if rejections <= self._burst:
                self._bursting.discard(source)
            elif source not in self._bursting:
                self._bursting.add(source)
                _log.warning("source.burst", source=source, rejections=rejections)
        return False

    async def forget(self, now: datetime) -> bool:
        """Deletes deliveries that were kept for long enough; returns whether there are more."""
        async with self._database.transaction() as conn:
            deleted = await store.forget(conn, now - timedelta(days=KEPT_DAYS), AT_A_TIME)
        return deleted == AT_A_TIME
