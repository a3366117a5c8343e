"""Counting the people who wait for a human, for the operators."""

from datetime import datetime

from services.intake.metrics import IntakeMetrics
from services.intake.replies import store
from shared.runtime.postgres import Database


async def count_unread(database: Database, metrics: IntakeMetrics, _now: datetime) -> bool:
    """Brings the gauge of those who wait for a human up to date."""
    async with database.connection() as conn:
        metrics.unread_replies.set(await store.count(conn))
    return False
