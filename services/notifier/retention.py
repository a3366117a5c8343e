"""Deletes what nobody needs any more, a little at a time; `retention.toml` says what goes when."""

from datetime import datetime, timedelta

from services.notifier.store import messages, recipients, shortlists
from shared.contract.topics import CONTACTS, NOTIFICATIONS
from shared.runtime.postgres import Database

BATCH = 1000

_ROLL = timedelta(days=7)
"""How long Kafka may keep a record beyond its topic's retention, before its segment rolls."""

MESSAGES_KEPT = (
    (NOTIFICATIONS.retention or timedelta.max) + (CONTACTS.retention or timedelta.max) + _ROLL
)
"""After its end: 127 days. Until then a restored database may read the end back from
`notifications`, and Kafka may hand over the contact once more; both must find it known."""


NEVER_READ_KEPT = timedelta(days=30)
"""As long as what could not be read lies in quarantine, and a contact on its topic."""


class Retention:
    """The jobs that end rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def messages(self, now: datetime) -> bool:
        """Deletes messages whose contact can neither be handed over nor read back again."""
        async with self._database.connection() as conn:
            return await messages.forget(conn, now=now, kept=MESSAGES_KEPT, limit=BATCH) == BATCH

    async def recipients(self, now: datetime) -> bool:
        """Deletes those of whom nothing could ever be read; somebody known is only erased."""
        async with self._database.connection() as conn:
            found = await recipients.forget_never_read(
                conn, now=now, kept=NEVER_READ_KEPT, limit=BATCH
            )
        return found == BATCH

    async def shortlists(self, now: datetime) -> bool:
        """Deletes shortlists that recruiters need not be told of any more."""
        async with self._database.connection() as conn:
            return await shortlists.forget(conn, now, BATCH) == BATCH
