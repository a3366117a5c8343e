"""The round that deletes tokens which nobody could use again."""

from datetime import datetime, timedelta

from services.intake.mail import store
from shared.runtime.postgres import Database

KEPT = timedelta(days=3)
AT_A_TIME = 1000


async def forget_mail_tokens(database: Database, now: datetime) -> bool:
    """Deletes tokens from long before the oldest call that is still believed."""
    async with database.transaction() as conn:
        return await store.forget(conn, now - KEPT, AT_A_TIME) == AT_A_TIME
