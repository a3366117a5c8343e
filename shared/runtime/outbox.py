"""Events that leave with the state change that caused them, or not at all.

`put` writes an event in the caller's transaction. One relay per service, the holder of an
expiring lease, reads the rows in order of id and publishes them with an idempotent producer;
they are deleted only after the broker has them. So every event leaves at least once; a crash
between the two repeats at most one batch, byte for byte, one of the database the last second's,
and readers drop what they have seen.

Order: whoever changes an entity locks its row before it takes an outbox id, so of two events
with the same key the one committed first has the lower id. Rows are found by being there, never
by `id > last`, because ids of different entities commit out of order.

A relay that was paused may find after a send that its lease is lost. What it sent may then have
landed behind newer events of the same keys, so it has the present state of those keys put into
the outbox once more: the last record of a key on a compacted topic is then its newest again.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.contract.events.cloudevents import Event, binary_headers, body_of
from shared.contract.events.recipients import RecipientsHeartbeat
from shared.contract.topics import BY_NAME, RECIPIENTS, ServiceName, Topic
from shared.runtime import leases
from shared.runtime.crash_points import reach
from shared.runtime.postgres import Database
from shared.runtime.sql import Queries
from shared.runtime.telemetry import Metrics, present_trace, tracer

_queries = Queries(Path(__file__).with_name("outbox.sql"))

Restate = Callable[[asyncpg.Connection, Topic, Sequence[str]], Awaitable[None]]
"""Puts the present state of those keys of a compacted topic into the outbox again."""

LEASE = "outbox relay"
LEASE_SECONDS = 6.0
BATCH = 2000
LAST_SECONDS = 3.0


async def put(conn: asyncpg.Connection, topic: Topic, events: Sequence[Event]) -> None:
    """Has the events published if, and only if, the caller's transaction commits."""
    if not events:
        return
    await _queries.put(
        conn,
        topic=topic.name,
        keys=[event.key for event in events],
        ids=[event.id for event in events],
        types=[event.type for event in events],
        times=[event.time for event in events],
        bodies=[body_of(event) for event in events],
        correlations=[event.correlation_id for event in events],
        causations=[event.causation_id for event in events],
        traceparent=present_trace(),
    )


async def put_heartbeats(conn: asyncpg.Connection, partitions: int) -> None:
    """Puts a heartbeat onto each partition of `recipients`, behind every change before it."""
    await _queries.put_heartbeats(
        conn, topic=RECIPIENTS.name, type=RecipientsHeartbeat.type, partitions=partitions
    )


class Relay:
    """Publishes one service's outbox."""

    def __init__(
        self,
        service: ServiceName,
        database: Database,
        new_producer: Callable[[], AIOKafkaProducer],
        metrics: Metrics,
        restate: Restate | None = None,
    ) -> None:
        self._service = service
        self._database = database
        self._new_producer = new_producer
        self._metrics = metrics
        self._restate = restate
        self._holder = uuid4()
        self._renew_at = 0.0
        self._producer: AIOKafkaProducer | None = None
        self._published: list[asyncpg.Record] = []

    async def publish_once(self) -> bool:
        """Publishes one batch if this process may; True if there may be more at once.

        Raises KafkaError or a database error with nothing lost: the rows stay, the producer,
        which may be broken for good after an error, is made anew.
        """
        if not await self._holds_lease():
            return False
        rows = await self._turn()
        if not rows:
            return False
        try:
            with tracer.start_as_current_span(f"publish {self._service} outbox"):
                await self._send(rows)
        except (KafkaError, OSError, TimeoutError):
            await self._drop_producer()
            raise
        reach("published before delete")
        self._published = rows
        self._metrics.published.labels(self._service).inc(len(rows))
        return True

    async def stop(self) -> None:
        """Publishes what still waits, if it may, and hands the lease over.

        What one process has done last is then known to all before its database may be restored.
        """
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                while await self.publish_once():
                    continue
        if self._published:
            await self._turn()
        async with self._database.connection() as conn:
            await leases.give_back(conn, LEASE, self._holder)
        await self._drop_producer()

    async def _holds_lease(self) -> bool:
        if time.monotonic() < self._renew_at:
            return True
        async with self._database.connection() as conn:
            held = await leases.take(conn, LEASE, self._holder, LEASE_SECONDS)
        if held:
            self._renew_at = time.monotonic() + LEASE_SECONDS / 3
        else:
            await self._lost()
        return held

    async def _turn(self) -> list[asyncpg.Record]:
        async with self._database.connection() as conn:
            rows = await _queries.turn(
                conn,
                lease=LEASE,
                holder=self._holder,
                published=[row["id"] for row in self._published],
                limit=BATCH,
            )
        if not rows:
            self._renew_at = 0.0
            await self._lost()
            return []
        self._published = []
        return [row for row in rows if row["id"] is not None]

    async def _lost(self) -> None:
        late, self._published = self._published, []
        if not late or self._restate is None:
            return
        keys: dict[str, set[str]] = defaultdict(set)
        for row in late:
            if BY_NAME[row["topic"]].compacted and row["partition"] is None:
                keys[row["topic"]].add(row["key"])
        async with self._database.transaction() as conn:
            for topic, entities in keys.items():
                await self._restate(conn, BY_NAME[topic], sorted(entities))

    async def _send(self, rows: Sequence[asyncpg.Record]) -> None:
        """Hands over whole batches per partition, which is several times faster than `send`."""
        producer = await self._started_producer()
        by_partition: dict[tuple[str, int], list[asyncpg.Record]] = defaultdict(list)
        partitions: dict[str, int] = {}
        for row in rows:
            topic = row["topic"]
            if topic not in partitions:
                partitions[topic] = len(await producer.partitions_for(topic))
            partition = row["partition"]
            if partition is None:
                partition = partition_of(row["key"], partitions[topic])
            elif partition >= partitions[topic]:
                # The topic was widened since the producer asked, and it would refuse the row.
                await producer.client.force_metadata_update()
                partitions[topic] = len(await producer.partitions_for(topic))
            by_partition[topic, partition].append(row)
        sent = []
        for (topic, partition), records in by_partition.items():
            batch = producer.create_batch()
            for row in records:
                if not self._append(batch, row):
                    sent.append(await producer.send_batch(batch, topic, partition=partition))
                    batch = producer.create_batch()
                    self._append(batch, row)
            sent.append(await producer.send_batch(batch, topic, partition=partition))
        for future in sent:
            await future

    def _append(self, batch: BatchBuilder, row: asyncpg.Record) -> bool:
        headers = binary_headers(
            id=row["event_id"],
            source=f"/notyet/{self._service}",
            type=row["type"],
            key=row["key"],
            time=row["time"],
            correlation_id=row["correlation_id"],
            causation_id=row["causation_id"],
        )
        if row["traceparent"]:
            headers.append(("traceparent", row["traceparent"].encode()))
        key = row["key"].encode()
        return (
            batch.append(timestamp=None, key=key, value=row["value"], headers=headers) is not None
        )

    async def _started_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = self._new_producer()
            await self._producer.start()
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer:
            try:
                await producer.stop()
            except (KafkaError, OSError, TimeoutError):
                return


@lru_cache(maxsize=100_000)
def _hash(key: str) -> int:
    return int(murmur2(key.encode())) & 0x7FFFFFFF


def partition_of(key: str, partitions: int) -> int:
    """Gives the partition that Kafka's default partitioner, in every language, gives the key."""
    return _hash(key) % partitions
