"""Counting the people who wait for a human, for the operators."""

from datetime import datetime

from services.intake.metrics import IntakeMetrics
from services.intake.sms import replies
from shared.runtime.postgres import Database


async def count_unread(database: Database, metrics: IntakeMetrics, _now: datetime) -> bool:
    """Brings the gauge of unread text messages up to date."""
    async with database.connection() as conn:
        metrics.unread_replies.set(await replies.count(conn))
    return False
