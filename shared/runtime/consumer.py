"""How one topic is read: in batches, each with its effects and its offsets in one transaction.

The stored offset, not Kafka's, says where to go on. When partitions are assigned the consumer
seeks to the database's offsets; after any failure it seeks back to them. What Kafka is told
afterwards serves lag metrics only.

- A record that is at fault costs only itself, as `processing` says.
- A database that is away, or at fault itself, pauses consumption with growing pauses.
- A process that lost its partitions finds the stored offset moved, and rolls back.
- While the breaker is open nothing is read, and readiness says so.
- A topic that was made anew is read from its beginning, and said to be: the stored offset means
  nothing in it.

Nothing may escape from the subscriber: FastStream would log it and go on behind the lost batch.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from shared.contract.topics import ServiceName, Topic
from shared.runtime import offsets
from shared.runtime.breaker import Breaker, BreakerOpen
from shared.runtime.clock import Clock
from shared.runtime.crash_points import reach
from shared.runtime.patches.empty_fetches import pause_after_empty_fetches
from shared.runtime.patches.header_names import accept_any_header_name
from shared.runtime.patches.polling import poll_with
from shared.runtime.postgres import Database
from shared.runtime.processing import Handler, NotTakenIn, Processor, Receive
from shared.runtime.quarantine import Quarantine
from shared.runtime.streak import Streak
from shared.runtime.telemetry import Metrics

_log = structlog.get_logger()

BATCH = 500
POLL_MILLISECONDS = 500
FIRST_PAUSE_SECONDS = 0.1
MAX_PAUSE_SECONDS = 5.0
REPORT_WITHIN_SECONDS = 5.0
SESSION_TIMEOUT_MS = 6_000


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
        not_taken_in: NotTakenIn | None = None,
        receive: Receive | None = None,
    ) -> None:
        self.topic = topic
        self.group = topic.group(service)
        self.known: dict[int, int] = {}
        """The stored offset of each partition that is assigned to this process."""
        self.handler = handler
        self.receive = receive
        self.failing = Streak()
        self._breaker = Breaker(breaker_limit)
        metrics.breaker_open.labels(topic.name).set_function(lambda: float(bool(self.broken)))
        self._processor = Processor(
            topic,
            handler,
            database,
            clock,
            quarantine,
            metrics,
            self._breaker,
            not_taken_in=not_taken_in,
            receive=receive,
        )
        self._database = database
        self._metrics = metrics
        self._gather_seconds = gather_seconds
        self._busy = asyncio.Lock()
        self._pause = FIRST_PAUSE_SECONDS
        self._subscriber: Any = None

    def attach(self, broker: KafkaBroker, instance_id: str | None) -> None:
        """Subscribes on a broker that has not been started yet."""
        accept_any_header_name()
        pause_after_empty_fetches()
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
            parser=self._wrapped,
            decoder=_raw,
        )
        poll_with(self._subscriber, self._next_batch)
        self._subscriber(self._on_batch)

    @property
    def broken(self) -> str | None:
        """Says why nothing is read while the breaker is open."""
        return self._breaker.trouble

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
        while partitions:
            try:
                await self._seek_to_stored(partitions)
                break
            except Exception as error:  # noqa: BLE001 - the listener must not end without it
                await self._wait_out(error)
        self.failing.succeeded()

    async def _seek_to_stored(self, partitions: Sequence[int]) -> None:
        async with self._database.connection() as conn:
            stored = await offsets.load(conn, self.topic.name, partitions)
        for partition, offset in stored.items():
            self.consumer.seek(TopicPartition(self.topic.name, partition), offset)
            self.known[partition] = offset

    async def _next_batch(self, consumer: AIOKafkaConsumer) -> tuple[ConsumerRecord, ...]:
        """Returns records of all partitions together, as soon as there are any if that matters."""
        await asyncio.sleep(self._gather_seconds)
        most = self._breaker.allows(BATCH)
        if most:
            consumer.resume(*consumer.paused())
        else:
            consumer.pause(*consumer.assignment())
        fetched = await consumer.getmany(timeout_ms=POLL_MILLISECONDS, max_records=most or 1)
        records = tuple(chain.from_iterable(fetched.values()))
        if records and not most:  # fetched before the pause
            await self._step_back(records)
            return ()
        return records

    async def _wrapped(self, records: tuple[ConsumerRecord, ...]) -> KafkaMessage:
        """Wraps a batch for FastStream without looking inside, so that no record makes it raise."""
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
            consumer=self.consumer,
        )

    async def _on_batch(self, records: Sequence[ConsumerRecord]) -> None:
        async with self._busy:
            try:
                await self._process(await self._still_ours(records))
            except offsets.OffsetMoved:
                await self._step_back(records)
                await self.on_partitions_assigned(self.consumer.assignment())
            except BreakerOpen:
                _log.error("consumer.breaker_opened", topic=self.topic.name)
                await self._step_back(records)
            except Exception as error:  # noqa: BLE001 - FastStream would go on behind the batch
                await self._step_back(records)
                await self._wait_out(error)

    async def _still_ours(self, records: Sequence[ConsumerRecord]) -> list[ConsumerRecord]:
        """Leaves out what was fetched before the last seek, or belongs to somebody else by now.

        Kafka never hands over what lies before a stored offset, unless the log ends before it.
        """
        partitions = {record.partition for record in records} & self.known.keys()
        positions = {
            number: await self.consumer.position(TopicPartition(self.topic.name, number))
            for number in partitions
        }
        if anew := {n: self.known[n] for n in partitions if positions[n] < self.known[n]}:
            await self._begin_anew(anew)
        return [
            record
            for record in records
            if record.partition in positions.keys() - anew.keys()
            and self.known[record.partition] <= record.offset < positions[record.partition]
        ]

    async def _begin_anew(self, stored: Mapping[int, int]) -> None:
        """Reads partitions from their beginning that end before what was stored of them.

        The topic was made anew, or has lost its end: what it holds by now has not been read.
        """
        async with self._database.transaction() as conn:
            await offsets.begin_anew(conn, self.topic.name, stored)
        self.known |= dict.fromkeys(stored, 0)
        await self.consumer.seek_to_beginning(
            *(TopicPartition(self.topic.name, number) for number in stored)
        )
        self._metrics.begun_anew.labels(self.topic.name).inc(len(stored))
        _log.error("consumer.topic_begun_anew", topic=self.topic.name, partitions=sorted(stored))

    async def _process(self, records: Sequence[ConsumerRecord]) -> None:
        if not records:
            return
        began = time.monotonic()
        reached = await self._processor.process(records, self.known)
        reach("committed before known")
        self.known |= reached
        self._pause = FIRST_PAUSE_SECONDS
        self.failing.succeeded()
        self._metrics.batch_seconds.labels(self.topic.name).observe(time.monotonic() - began)

    async def _step_back(self, records: Sequence[ConsumerRecord]) -> None:
        """Makes Kafka hand over again whatever did not commit."""
        self._metrics.retries.labels(self.topic.name).inc()
        assigned = self.consumer.assignment()
        for number in {record.partition for record in records}:
            partition = TopicPartition(self.topic.name, number)
            if partition in assigned and number in self.known:
                self.consumer.seek(partition, self.known[number])

    async def _wait_out(self, error: Exception) -> None:
        _log.warning("consumer.paused", topic=self.topic.name, error=type(error).__name__)
        self.failing.failed(error)
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


async def _raw(message: KafkaMessage) -> Any:
    return message.raw_message
