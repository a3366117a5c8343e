"""How one topic is read: in batches, each with its effects and its offsets in one transaction.

The stored offset, not Kafka's, says where to go on. When partitions are assigned the consumer
seeks to the database's offsets; after any failure it seeks back to them. What Kafka is told
afterwards serves lag metrics only.

- A record that cannot be read, or that the handler or PostgreSQL refuses, costs only itself: the
  batch is run again one event at a time and the culprit goes to quarantine.
- A database that is away pauses consumption with growing pauses; nothing is set aside for it.
- A process that lost its partitions finds the stored offset moved, and rolls back.
- Too many records set aside within a minute open a breaker: the consumer stops and says so,
  rather than emptying a topic into quarantine after a bad deployment.

Nothing may escape from the subscriber: FastStream would log it and go on behind the lost batch.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain
from typing import Any

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER

from shared.contract.events.cloudevents import Event, Unreadable, decode
from shared.contract.topics import ServiceName, Topic
from shared.runtime import inbox, offsets
from shared.runtime.clock import Clock
from shared.runtime.crash_points import reach
from shared.runtime.patches.header_names import accept_any_header_name
from shared.runtime.patches.polling import poll_with
from shared.runtime.postgres import UNAVAILABLE, Database, will_pass
from shared.runtime.quarantine import Quarantine
from shared.runtime.telemetry import Metrics

_log = structlog.get_logger()

Handler = Callable[[asyncpg.Connection, Sequence[Event], datetime], Awaitable[None]]
"""Gives fresh events their effect: (connection in a transaction, events in order, now)."""

Readable = list[tuple[ConsumerRecord, Event]]
Faults = list[tuple[ConsumerRecord, Unreadable]]

BATCH = 500
POLL_MILLISECONDS = 500
MAX_PAUSE_SECONDS = 5.0
REPORT_WITHIN_SECONDS = 5.0
SESSION_TIMEOUT_MS = 6_000


class BreakerOpen(Exception):
    """Too much was set aside within a minute; somebody has to look."""


class TopicConsumer(ConsumerRebalanceListener):  # type: ignore[misc]
    """Reads one topic for one service."""

    def __init__(
        self,
        service: ServiceName,
        topic: Topic,
        handler: Handler,
        database: Database,
        clock: Clock,
        quarantine: Quarantine,
        metrics: Metrics,
        *,
        breaker_limit: int = 1000,
        gather_seconds: float = 0.0,
    ) -> None:
        self.topic = topic
        self.group = topic.group(service)
        self.known: dict[int, int] = {}
        """The stored offset of each partition that is assigned to this process."""
        self.progressed_at = time.monotonic()
        self.broken: str | None = None
        self.handler = handler
        self._database = database
        self._clock = clock
        self._quarantine = quarantine
        self._metrics = metrics
        self._breaker_limit = breaker_limit
        self._gather_seconds = gather_seconds
        self._set_aside_at: deque[float] = deque()
        self._busy = asyncio.Lock()
        self._pause = 0.1
        self._subscriber: Any = None

    def attach(self, broker: KafkaBroker, instance_id: str | None) -> None:
        """Subscribes on a broker that has not been started yet."""
        accept_any_header_name()
        self._subscriber = broker.subscriber(
            self.topic.name,
            batch=True,
            group_id=self.group,
            group_instance_id=instance_id,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            session_timeout_ms=SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=SESSION_TIMEOUT_MS // 3,
            rebalance_timeout_ms=SESSION_TIMEOUT_MS * 2,
            listener=self,
            parser=_parse,
            decoder=_raw,
        )
        poll_with(self._subscriber, self._next_batch)
        self._subscriber(self._on_batch)

    @property
    def consumer(self) -> AIOKafkaConsumer:
        return self._subscriber.consumer

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Lets the running batch commit before the partitions go to somebody else."""
        async with self._busy:
            for partition in revoked:
                self.known.pop(partition.partition, None)

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Goes to the stored offsets; until that has worked, nothing of these is processed."""
        partitions = sorted(partition.partition for partition in assigned)
        self.progressed_at = time.monotonic()
        while partitions:
            try:
                await self._seek_to_stored(partitions)
                return
            except UNAVAILABLE as error:
                await self._wait_out(error)

    async def _seek_to_stored(self, partitions: Sequence[int]) -> None:
        async with self._database.connection() as conn:
            stored = await offsets.load(conn, self.topic.name, partitions)
        for partition, offset in stored.items():
            self.consumer.seek(TopicPartition(self.topic.name, partition), offset)
            self.known[partition] = offset

    async def _next_batch(self, consumer: AIOKafkaConsumer) -> tuple[ConsumerRecord, ...]:
        """Gives records of all partitions together, as soon as there are any if that matters."""
        await asyncio.sleep(self._gather_seconds)
        fetched = await consumer.getmany(timeout_ms=POLL_MILLISECONDS, max_records=BATCH)
        return tuple(chain.from_iterable(fetched.values()))

    async def _on_batch(self, records: Sequence[ConsumerRecord]) -> None:
        async with self._busy:
            try:
                await self._process(await self._still_ours(records))
                self._pause = 0.1
            except offsets.OffsetMoved:
                await self._step_back(records)
                await self.on_partitions_assigned(self.consumer.assignment())
            except BreakerOpen as open_breaker:
                self.broken = str(open_breaker)
                _log.error("consumer.breaker_opened", topic=self.topic.name)
                await self._step_back(records)
                self.consumer.pause(*self.consumer.assignment())
            except Exception as error:  # noqa: BLE001 - FastStream would go on behind the batch
                await self._step_back(records)
                await self._wait_out(error)

    async def _still_ours(self, records: Sequence[ConsumerRecord]) -> list[ConsumerRecord]:
        """Leaves out what was fetched before the last seek, or belongs to somebody else by now."""
        ours = []
        positions: dict[int, int] = {}
        for record in records:
            stored = self.known.get(record.partition)
            if stored is None or record.offset < stored:
                continue
            if record.partition not in positions:
                partition = TopicPartition(self.topic.name, record.partition)
                positions[record.partition] = await self.consumer.position(partition)
            if record.offset < positions[record.partition]:
                ours.append(record)
        return ours

    async def _process(self, records: Sequence[ConsumerRecord]) -> None:
        if not records:
            return
        began = time.monotonic()
        reached = {record.partition: record.offset + 1 for record in records}
        readable, faults = self._read(records)
        try:
            await self._commit(reached, readable, faults, self._all_at_once)
        except Exception as error:
            if _will_pass(error):
                raise
            await self._commit(reached, readable, faults, self._one_by_one)
        reach("committed before known")
        self.known |= reached
        self.progressed_at = time.monotonic()
        self._metrics.batch_seconds.labels(self.topic.name).observe(self.progressed_at - began)

    def _read(self, records: Sequence[ConsumerRecord]) -> tuple[Readable, Faults]:
        readable, faults = [], []
        for record in records:
            try:
                readable.append((record, decode(record, self.topic)))
            except Unreadable as fault:
                faults.append((record, fault))
        return readable, faults

    async def _commit(
        self,
        reached: dict[int, int],
        readable: Readable,
        faults: Faults,
        take_effect: Callable[[asyncpg.Connection, Readable], Awaitable[Faults]],
    ) -> None:
        async with self._database.transaction() as conn:
            await offsets.move(conn, self.topic.name, self.known, reached)
            faults = [*faults, *await take_effect(conn, readable)]
            if faults:
                await self._quarantine.set_aside(conn, faults)
                self._count(faults)

    async def _all_at_once(self, conn: asyncpg.Connection, readable: Readable) -> Faults:
        await self._take_effect(conn, [event for _, event in readable])
        return []

    async def _one_by_one(self, conn: asyncpg.Connection, readable: Readable) -> Faults:
        faults: Faults = []
        for record, event in readable:
            try:
                async with conn.transaction():
                    await self._take_effect(conn, [event])
            except Exception as error:
                if _will_pass(error):
                    raise
                faults.append((record, _as_fault(error)))
        return faults

    async def _take_effect(self, conn: asyncpg.Connection, events: Sequence[Event]) -> None:
        admitted = await inbox.admit(conn, self.topic, events)
        if admitted:
            await self.handler(conn, admitted, self._clock.now())
        self._metrics.handled.labels(self.topic.name).inc(len(admitted))
        self._metrics.repeated.labels(self.topic.name).inc(len(events) - len(admitted))

    def _count(self, faults: Faults) -> None:
        now = time.monotonic()
        self._set_aside_at.extend(now for _ in faults)
        while self._set_aside_at and self._set_aside_at[0] < now - 60:
            self._set_aside_at.popleft()
        if len(self._set_aside_at) > self._breaker_limit:
            raise BreakerOpen(f"more than {self._breaker_limit} records set aside within a minute")
        for _, fault in faults:
            self._metrics.set_aside.labels(self.topic.name, fault.reason).inc()
            _log.warning("record.set_aside", topic=self.topic.name, reason=fault.reason)

    async def _step_back(self, records: Sequence[ConsumerRecord]) -> None:
        """Has Kafka hand over again whatever did not commit."""
        self._metrics.retries.labels(self.topic.name).inc()
        assigned = self.consumer.assignment()
        for number in {record.partition for record in records}:
            partition = TopicPartition(self.topic.name, number)
            if partition in assigned and number in self.known:
                self.consumer.seek(partition, self.known[number])

    async def _wait_out(self, error: Exception) -> None:
        _log.warning("consumer.paused", topic=self.topic.name, error=type(error).__name__)
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, MAX_PAUSE_SECONDS)

    async def report_offsets(self) -> None:
        """Tells Kafka how far this group is, for those who watch lag there.

        It waits for no coordinator that stays away: aiokafka would look for one for ever.
        """
        known = {TopicPartition(self.topic.name, number): at for number, at in self.known.items()}
        if known and self.consumer:  # None once the broker has been stopped
            with suppress(KafkaError, TimeoutError):
                async with asyncio.timeout(REPORT_WITHIN_SECONDS):
                    await self.consumer.commit(known)


def _will_pass(error: Exception) -> bool:
    return isinstance(error, (offsets.OffsetMoved, BreakerOpen)) or will_pass(error)


def _as_fault(error: Exception) -> Unreadable:
    if isinstance(error, Unreadable):
        return error
    return Unreadable("refused", f"processing it raised {type(error).__name__}")


async def _parse(records: tuple[ConsumerRecord, ...]) -> KafkaMessage:
    """Wraps a batch for FastStream without looking inside, so that no record can make it raise."""
    traces = [
        {"traceparent": value.decode("ascii", "replace")}
        for record in records
        for name, value in record.headers
        if name == "traceparent" and value
    ]
    return KafkaMessage(
        raw_message=records,
        body=[record.value or b"" for record in records],
        batch_headers=traces,
        consumer=FAKE_CONSUMER,
    )


async def _raw(message: KafkaMessage) -> Any:
    return message.raw_message
