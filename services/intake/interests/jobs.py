"""Counting what people said that no recruiter hears of, for the operators."""

from datetime import datetime

from services.intake.interests import store
from services.intake.metrics import IntakeMetrics
from shared.runtime.postgres import Database


async def count_unheard(database: Database, metrics: IntakeMetrics, _now: datetime) -> bool:
    """Brings the gauge of what nobody hears of up to date."""
    async with database.connection() as conn:
        metrics.unheard_interests.set(await store.unheard(conn))
    return False
