"""Telling recruiters of a shortlist: as soon as it and they are known, in whichever order."""

from datetime import datetime

from services.notifier.domain import ShortlistFacts, incoming
from services.notifier.store import messages
from shared.runtime.postgres import Database

BATCH = 200


class Recruiters:
    """Makes the messages to recruiters.

    Shortlist and recruiter arrive on different streams, in transactions that do not see one
    another, so neither handler could find every pair: a job looks at both.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tell(self, now: datetime) -> bool:
        """Adds the messages that are missing."""
        async with self._database.connection() as conn:
            pairs = await messages.unaddressed(conn, now, BATCH)
        if not pairs:
            return False
        rows = [
            incoming.told(
                ShortlistFacts.model_validate_json(pair["facts"]),
                pair["recipient_id"],
                now,
                pair["expires_at"],
            )
            | {"correlation_id": pair["correlation_id"], "causation_id": pair["causation_id"]}
            for pair in pairs
        ]
        async with self._database.transaction() as conn:
            await messages.add(conn, rows)
        return True

    async def forget(self, now: datetime) -> bool:
        """Deletes shortlists that are of no interest any more."""
        async with self._database.connection() as conn:
            await messages.forget_shortlists(conn, now)
        return False
