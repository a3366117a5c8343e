"""Telling recruiters of a shortlist: once it and they are known, in their business hours."""

import json
from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.notifier.domain.incoming import Row
from services.notifier.domain.shortlists import message_to, windows
from services.notifier.store import messages, shortlists
from shared.contract.business_hours import Hours, hours_of
from shared.runtime import parking
from shared.runtime.postgres import Database

BATCH = 200


class ShortlistNotices:
    """Makes the messages to recruiters.

    Shortlist and recruiter arrive on different streams, in transactions that do not see one
    another, so neither handler could find every pair: a job looks at both, at each shortlist less
    and less often until one of its recruiters changes.
    """

    def __init__(self, database: Database, here: Hours) -> None:
        self._database = database
        self._here = here

    async def tell(self, now: datetime) -> bool:
        """Adds the messages that are missing; parks which recruiter cannot be told of what."""

        async def add(conn: asyncpg.Connection, news: Sequence[asyncpg.Record]) -> None:
            await messages.add(conn, [self._message(row, now) for row in news])

        async with self._database.transaction() as conn:
            due = await shortlists.take(conn, BATCH)
            rows = await shortlists.unaddressed(conn, due, now)
            told = {(row["shortlist_id"], row["recipient_id"]) for row in rows}
            news = [row for row in rows if (row["repeats"], row["recipient_id"]) not in told]
            await parking.work(conn, shortlists.TELLING, news, add, key=shortlists.key)
        return len(due) == BATCH

    def _message(self, row: asyncpg.Record, now: datetime) -> Row:
        hours = hours_of(row["time_zone"], None, self._here)
        open_hours = windows(hours, now, row["expires_at"])
        facts = json.loads(row["facts"])
        made = message_to(row["recipient_id"], row["shortlist_id"], facts, open_hours)
        return made | {"correlation_id": row["correlation_id"], "causation_id": row["causation_id"]}
