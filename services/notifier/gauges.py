"""Counting what waits, for the operators."""

from datetime import datetime

from services.notifier.metrics import MessageMetrics
from services.notifier.store import operating
from shared.runtime.postgres import Database


class Gauges:
    """The metrics that are read from the database."""

    def __init__(self, database: Database, metrics: MessageMetrics) -> None:
        self._database = database
        self._metrics = metrics

    async def refresh(self, now: datetime) -> bool:
        """Brings the gauges up to date."""
        async with self._database.connection() as conn:
            counted = await operating.gauges(conn, now)
        for state in ("pending", "due", "sending", "uncertain"):
            self._metrics.waiting.labels(state).set(counted[state])
        self._metrics.oldest_due_seconds.set(counted["oldest_due_seconds"] or 0)
        self._metrics.unread_recipients.set(counted["unread_recipients"])
        return False
