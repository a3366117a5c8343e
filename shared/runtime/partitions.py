"""How many partitions a topic has on the broker, which may be more than were declared."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from shared.contract.topics import Topic

ASK_SECONDS = 3.0


class PartitionCount:
    """Asks the broker; while it does not answer, what it said last counts, or the declaration."""

    def __init__(self, new_producer: Callable[[], AIOKafkaProducer], topic: Topic) -> None:
        self._new_producer = new_producer
        self._topic = topic
        self._known = topic.partitions
        self._producer: AIOKafkaProducer | None = None

    async def now(self) -> int:
        """Returns how many partitions the topic has, by an answer that no cache gave."""
        with suppress(KafkaError, OSError, TimeoutError):
            self._known = await self.asked()
        return self._known

    async def asked(self) -> int:
        """Returns what the broker says.

        Raises KafkaError, OSError or TimeoutError where it does not answer or has no such topic.
        """
        try:
            async with asyncio.timeout(ASK_SECONDS):
                if self._producer is None:
                    self._producer = self._new_producer()
                    await self._producer.start()
                cluster = await self._producer.client.fetch_all_metadata()
        except (KafkaError, OSError, TimeoutError):
            await self.stop()
            raise
        count = len(cluster.partitions_for_topic(self._topic.name) or ())
        if not count:
            raise UnknownTopicOrPartitionError(self._topic.name)
        return count

    async def stop(self) -> None:
        """Closes the connection; the next question opens another."""
        producer, self._producer = self._producer, None
        if producer:
            await producer.stop()
