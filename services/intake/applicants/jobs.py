"""The round that tells the notifier how fresh its knowledge of people is, and one for operators."""

from datetime import datetime

from services.intake.applicants.store import people
from services.intake.metrics import IntakeMetrics
from shared.runtime import outbox
from shared.runtime.partitions import PartitionCount
from shared.runtime.postgres import Database


class Heartbeats:
    """Writes to each partition of `recipients` that exists, however many were declared."""

    def __init__(self, database: Database, partitions: PartitionCount) -> None:
        self._database = database
        self._partitions = partitions

    async def write(self, _: datetime) -> bool:
        """Tells the notifier, on each partition, that it has caught up with every change so far."""
        partitions = await self._partitions.now()
        async with self._database.transaction() as conn:
            await outbox.put_heartbeats(conn, partitions)
        return False


async def count_unreachable(database: Database, metrics: IntakeMetrics, _now: datetime) -> bool:
    """Brings the gauge of those whom no answer can reach up to date."""
    async with database.connection() as conn:
        metrics.unreachable_people.set(await people.unreachable(conn))
    return False
