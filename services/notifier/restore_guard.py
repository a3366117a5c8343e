"""What was reported before this process started is read again before anything is sent.

A database restored from a backup has forgotten the newest sendings, but each was reported on
`notifications`, under a message id made from the contact. The notifier reads its own topic like
any other. Until it has come to where the topic ended when the process started, nothing is sent;
and where an end turns up that the database does not know, everything goes on hold.
"""

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.contract.topics import NOTIFICATIONS
from shared.runtime import offsets
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.partitions import PartitionCount
from shared.runtime.postgres import Database


class RestoreGuard:
    """Whether all that was reported before now has been read."""

    def __init__(
        self, database: Database, kafka: KafkaSettings, partitions: PartitionCount
    ) -> None:
        self._database = database
        self._kafka = kafka
        self._partitions = partitions
        self._goal: dict[int, int] | None = None
        self.done = False
        """Whether all had been read when it was last looked."""

    async def caught_up(self) -> bool:
        """Looks until it is so, then remembers it; raises KafkaError while no broker answers."""
        if not self.done:
            if self._goal is None:
                self._goal = await _ends(self._kafka, await self._partitions.asked())
            async with self._database.connection() as conn:
                stored = await offsets.stored(conn, NOTIFICATIONS.name)
            self.done = all(stored.get(number, 0) >= end for number, end in self._goal.items())
        return self.done


async def _ends(kafka: KafkaSettings, count: int) -> dict[int, int]:
    """Returns where each partition ends, leaving out those that hold no record any more."""
    consumer = AIOKafkaConsumer(**kafka.kafka_client())
    await consumer.start()
    try:
        numbers = range(count)
        partitions = [TopicPartition(NOTIFICATIONS.name, number) for number in numbers]
        beginnings = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
    finally:
        await consumer.stop()
    return {at.partition: end for at, end in ends.items() if end > beginnings[at]}
