"""The round that deletes shortlists whose decisions nobody may ask about any more."""

from datetime import datetime

from dateutil.relativedelta import relativedelta

from services.intake.shortlists import store
from shared.runtime.postgres import Database

KEPT_MONTHS = 24
"""So long it must be possible to tell who was considered, and what was decided."""
AT_A_TIME = 100


async def forget_shortlists(database: Database, now: datetime) -> bool:
    """Deletes shortlists so old, with the decisions about those on them."""
    async with database.transaction() as conn:
        deleted = await store.delete_before(
            conn, now - relativedelta(months=KEPT_MONTHS), AT_A_TIME
        )
    return deleted == AT_A_TIME
