"""Reads whole topics from outside, in no group."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.contract.topics import Topic


class Reader:
    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer

    async def ends(self, topic: Topic) -> dict[int, int]:
        """Returns where each partition ends at the moment."""
        ends = await self._consumer.end_offsets(_partitions(topic))
        return {partition.partition: end for partition, end in ends.items()}

    async def records(self, topic: Topic) -> AsyncIterator[ConsumerRecord]:
        """Returns all that is on a topic now, in order within each partition."""
        partitions, ends = _partitions(topic), await self.ends(topic)
        self._consumer.assign(partitions)
        await self._consumer.seek_to_beginning()
        while any([await self._consumer.position(each) < ends[each[1]] for each in partitions]):
            for records in (await self._consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    yield record


@asynccontextmanager
async def reading(bootstrap_servers: str) -> AsyncIterator[Reader]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
    await consumer.start()
    try:
        yield Reader(consumer)
    finally:
        await consumer.stop()


def _partitions(topic: Topic) -> list[TopicPartition]:
    return [TopicPartition(topic.name, number) for number in range(topic.partitions)]
