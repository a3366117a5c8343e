"""What is done of its own accord with what systems are told: measured, deleted in time."""

from datetime import datetime

from services.intake.metrics import IntakeMetrics
from services.intake.outgoing import queue, store
from shared.runtime.postgres import Database

AT_A_TIME = 1000


class OutgoingJobs:
    """The rounds of one process."""

    def __init__(self, database: Database, metrics: IntakeMetrics) -> None:
        self._database = database
        self._metrics = metrics

    async def measure(self, _now: datetime) -> bool:
        """Shows what waits to be told, what was given up, and which endpoints are off."""
        async with self._database.connection() as conn:
            rows = await store.measures(conn)
        for row in rows:
            source = row["source"]
            self._metrics.waiting_outgoing.labels(source).set(row["waiting"])
            self._metrics.given_up_outgoing.labels(source).set(row["given_up"])
            self._metrics.disabled_endpoints.labels(source).set(row["disabled"])
        return False

    async def forget(self, _now: datetime) -> bool:
        """Deletes what was to be told long ago; returns whether there is more."""
        async with self._database.transaction() as conn:
            return await queue.forget(conn, AT_A_TIME) == AT_A_TIME
