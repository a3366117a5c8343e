"""The round that deletes what was answered to requests long ago."""

from datetime import datetime

from dateutil.relativedelta import relativedelta

from services.intake.ingestion import store
from shared.runtime.postgres import Database

KEPT_DAYS = 2
AT_A_TIME = 1000


async def forget_requests(database: Database, now: datetime) -> bool:
    """Deletes answers to requests so old that nobody repeats them."""
    async with database.transaction() as conn:
        deleted = await store.delete_before(conn, now - relativedelta(days=KEPT_DAYS), AT_A_TIME)
    return deleted == AT_A_TIME
