"""The round that deletes by what calls and mails are known again that do not come any more."""

from datetime import datetime, timedelta

from services.intake.mail import store
from shared.runtime.postgres import Database

KEPT = timedelta(days=14)
"""A call is believed for a day; a mail server tries for five (RFC 5321, section 4.5.4.1)."""
AT_A_TIME = 1000


async def forget_mail_tokens(database: Database, now: datetime) -> bool:
    """Deletes what came long before anything that may still come again."""
    async with database.transaction() as conn:
        return await store.forget(conn, now - KEPT, AT_A_TIME) == AT_A_TIME
