"""How often within a day somebody may change what we hold about them, whatever link they have."""

from datetime import datetime, timedelta

import asyncpg

from services.intake.access import store
from services.intake.consent.forms import InvalidAnswer

MOST_A_DAY = 10

_CHANGES = ("corrected", "address_given", "number_given", "news")
_DAY = timedelta(days=1)


async def refuse_too_many(conn: asyncpg.Connection, candidate_id: str, now: datetime) -> None:
    """Raises InvalidAnswer where somebody has changed as much today as may be changed in a day."""
    if await store.changed(conn, candidate_id, _CHANGES, now, _DAY) >= MOST_A_DAY:
        raise InvalidAnswer("too_many")
