"""The round that deletes what was answered to requests long ago."""

from datetime import datetime

from dateutil.relativedelta import relativedelta

from services.intake.api.store import requests
from shared.runtime.postgres import Database

IDEMPOTENCY_DAYS = 2


async def forget_requests(database: Database, now: datetime) -> bool:
    """Deletes answers to requests so old that nobody repeats them."""
    async with database.transaction() as conn:
        await requests.forget(conn, now - relativedelta(days=IDEMPOTENCY_DAYS))
    return False
