"""How many partitions a topic has on the broker, which may be more than were declared."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from shared.contract.topics import Topic

ASK_SECONDS = 3.0


async def count(producer: AIOKafkaProducer, topic: str, *, anew: bool = False) -> int:
    """Returns how many partitions of a topic a producer can write to: none where it sees no topic.

    What it has learned before counts, unless it is to ask anew. Raises KafkaError, OSError or
    TimeoutError where the broker is at fault.
    """
    client = producer.client
    async with asyncio.timeout(ASK_SECONDS):
        if anew or topic not in client.cluster.topics():
            # To ask for a topic by its name would create it on a broker that is set up like that.
            if topic not in (await client.fetch_all_metadata()).topics():
                return 0
            await client.force_metadata_update()
        return len(await producer.partitions_for(topic))


class PartitionCount:
    """Asks the broker; while it does not answer, what it said last counts, or the declaration."""

    def __init__(self, new_producer: Callable[[], AIOKafkaProducer], topic: Topic) -> None:
        self._new_producer = new_producer
        self._topic = topic
        self._known = topic.partitions
        self._producer: AIOKafkaProducer | None = None
        self._one_at_a_time = asyncio.Lock()

    async def now(self) -> int:
        """Returns how many partitions the topic has, by an answer that no cache gave."""
        with suppress(KafkaError, OSError, TimeoutError):
            self._known = await self.asked()
        return self._known

    async def asked(self) -> int:
        """Returns what the broker says.

        Raises KafkaError, OSError or TimeoutError where it does not answer or has no such topic.
        """
        async with self._one_at_a_time:
            producer = self._producer
            try:
                if producer is None:
                    producer = self._producer = self._new_producer()
                    await producer.start()
                found = await count(producer, self._topic.name, anew=True)
            except (KafkaError, OSError, TimeoutError):
                await self.stop()
                raise
        if not found:
            raise UnknownTopicOrPartitionError(self._topic.name)
        return found

    async def stop(self) -> None:
        """Closes the connection; the next question opens another."""
        producer, self._producer = self._producer, None
        if producer:
            await producer.stop()
