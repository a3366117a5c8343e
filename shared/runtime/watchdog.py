"""Ends a process whose consumer stands still though there is something to read.

A Kafka client can hang after its broker was restarted without ever raising. The watchdog asks
the broker for each topic's end through a connection of its own, and the database how far this
group has come. Behind, and not moving for a while, with both of them answering: the process is
at fault, and is ended so that it is restarted with new connections.

A process is judged by the partitions that it believes to be its own and by how far it has brought
them itself, so that siblings that move, even on partitions taken from it, hide nothing. Only a
process that has none is judged by all of them: nobody may have got any.
"""

import asyncio
import time
from collections.abc import Sequence

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.runtime import offsets
from shared.runtime.consumer import TopicConsumer
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.postgres import Database
from shared.runtime.telemetry import Metrics

_log = structlog.get_logger()


class Watchdog:
    """Looks at all consumers of one process; `look` is called every few seconds."""

    def __init__(
        self,
        consumers: Sequence[TopicConsumer],
        database: Database,
        kafka: KafkaSettings,
        metrics: Metrics,
        patience_seconds: float,
    ) -> None:
        self.broker_seen_at = 0.0
        self.stuck: str | None = None
        self._consumers = consumers
        self._database = database
        self._kafka = kafka
        self._metrics = metrics
        self._patience = patience_seconds
        self._client: AIOKafkaConsumer | None = None
        self._reached: dict[str, dict[int, int]] = {}
        self._moved_at: dict[str, float] = {}
        self._measured: dict[str, set[int]] = {}

    async def look(self) -> None:
        """Measures the lag of each consumer and remembers one that is stuck in `stuck`."""
        for consumer in self._consumers:
            ends = await self._ends(consumer)
            async with self._database.connection() as conn:
                stored = await offsets.stored(conn, consumer.topic.name)
            self._judge(consumer, ends, stored)
            await consumer.report_offsets()

    async def stop(self) -> None:
        client, self._client = self._client, None
        if client:
            await client.stop()

    def _measure(self, topic: str, lags: dict[int, int]) -> None:
        """Tells of these partitions alone: of those that were given away others tell."""
        for number in self._measured.get(topic, set()) - lags.keys():
            self._metrics.lag.remove(topic, str(number))
        for number, lag in lags.items():
            self._metrics.lag.labels(topic, str(number)).set(max(0, lag))
        self._measured[topic] = set(lags)

    def _judge(self, consumer: TopicConsumer, ends: dict[int, int], stored: dict[int, int]) -> None:
        topic = consumer.topic.name
        own = dict(consumer.known)
        self._measure(topic, {n: ends.get(n, 0) - stored.get(n, 0) for n in own or ends})
        reached = own or stored
        behind = any(ends.get(number, 0) > reached.get(number, 0) for number in own or ends)
        moved = self._reached.get(topic) != reached
        self._reached[topic] = reached
        if moved or consumer.broken or not behind:
            self._moved_at[topic] = time.monotonic()
        elif time.monotonic() - self._moved_at[topic] > self._patience:
            _log.error("consumer.stuck", topic=topic)
            self.stuck = topic

    async def _ends(self, consumer: TopicConsumer) -> dict[int, int]:
        """Returns each partition's end; on any trouble the connection is made anew next time."""
        topic = consumer.topic
        numbers = {*range(topic.partitions), *consumer.known}
        try:
            async with asyncio.timeout(5):
                if self._client is None:
                    client = AIOKafkaConsumer(**self._kafka.kafka_client())
                    await client.start()
                    self._client = client
                ends = await self._client.end_offsets(
                    [TopicPartition(topic.name, number) for number in numbers]
                )
        except (KafkaError, OSError, TimeoutError):
            await self.stop()
            raise
        self.broker_seen_at = time.monotonic()
        return {partition.partition: end for partition, end in ends.items()}
