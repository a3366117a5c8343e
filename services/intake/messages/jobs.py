"""The round that deletes short links which have run out."""

from datetime import datetime

from services.intake.messages import short_links
from shared.runtime.postgres import Database

AT_A_TIME = 1000


async def forget_short_links(database: Database, now: datetime) -> bool:
    """Deletes what links stood for that nobody can open any more."""
    async with database.transaction() as conn:
        return await short_links.forget(conn, now, AT_A_TIME) == AT_A_TIME
