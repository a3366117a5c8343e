"""Hands outbox rows to the broker, and finds the ones that it refuses.

Rows travel as whole batches for each partition, which is several times faster than one by one. A
batch that is refused holds a row that is at fault, or is itself too large for its topic: its rows
are handed over singly, in order, and those refused alone are named with the reason. Where a state
was refused its topic's stand-in takes its place before anything behind it leaves, so that no reader
goes on believing what it knew. If that is refused too, the topic is left alone for a while.

A topic that the broker does not have, or does not let this service write, is no fault of any row:
its rows wait in their order while the other topics go on. A row for a partition that its topic does
not have is refused before it is sent.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidTimestampError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownError,
)
from aiokafka.partitioner import murmur2
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.contract.events.cloudevents import binary_headers
from shared.contract.events.payload import stable_id
from shared.contract.topics import BY_NAME, ServiceName
from shared.runtime import partitions

Rows = Sequence[asyncpg.Record]
Row = Mapping[str, Any]
Partition = tuple[str, int]

REASONS: dict[type[KafkaError], str] = {
    MessageSizeTooLargeError: "too_large",
    RecordListTooLargeError: "too_large",
    InvalidTimestampError: "invalid_timestamp",
    UnknownError: "invalid_record",  # Kafka's INVALID_RECORD has no name in aiokafka
}
REFUSALS = tuple(REASONS)

NO_SUCH_PARTITION = "no_such_partition"
NO_SUCH_TOPIC = "no_such_topic"
"""The broker does not have the topic, or does not let this service see it."""
NOT_AUTHORIZED = "not_authorized"


@dataclass(slots=True)
class Sent:
    """What became of rows; those that are in neither list wait for their topic."""

    published: list[asyncpg.Record] = field(default_factory=list)
    refused: list[tuple[asyncpg.Record, str]] = field(default_factory=list)
    """Each with the reason, as a code."""
    closed: dict[str, str] = field(default_factory=dict)
    """Topics that cannot be written to, each with the reason."""


class Publisher:
    """One service's way to the broker."""

    def __init__(self, service: ServiceName, new_producer: Callable[[], AIOKafkaProducer]) -> None:
        self._source = f"/notyet/{service}"
        self._new_producer = new_producer
        self._producer: AIOKafkaProducer | None = None

    async def publish(self, rows: Rows) -> Sent:
        """Publishes rows in order for each partition, and says which of them were refused.

        Raises KafkaError, OSError or TimeoutError where the broker is at fault; the producer, which
        may be broken for good after an error, is then made anew.
        """
        try:
            return await self._publish(rows)
        except (KafkaError, OSError, TimeoutError):
            await self.stop()
            raise

    async def stop(self) -> None:
        producer, self._producer = self._producer, None
        if producer:
            try:
                await producer.stop()
            except (KafkaError, OSError, TimeoutError):
                return

    async def _publish(self, rows: Rows) -> Sent:
        sent = Sent()
        by_partition = await self._by_partition(rows, sent)
        tails = await asyncio.gather(
            *(self._send_batches(at, records) for at, records in by_partition.items()),
            return_exceptions=True,
        )
        suspects: dict[Partition, list[asyncpg.Record]] = {}
        for (at, records), tail in zip(by_partition.items(), tails, strict=True):
            if isinstance(tail, TopicAuthorizationFailedError):
                sent.closed[at[0]] = NOT_AUTHORIZED
                continue
            if isinstance(tail, BaseException):
                raise tail
            sent.published += records[: len(records) - len(tail)]
            if tail:
                suspects[at] = tail
        for at, records in suspects.items():
            await self._send_singly(at, records, sent)
        self._doubt(sent)
        return sent

    async def _by_partition(self, rows: Rows, sent: Sent) -> dict[Partition, list[asyncpg.Record]]:
        """Returns what can be sent, and notes the rest."""
        by_partition: dict[Partition, list[asyncpg.Record]] = defaultdict(list)
        counts: dict[str, int] = {}
        asked_anew: set[str] = set()
        producer = await self._started_producer()
        for row in rows:
            topic, partition = row["topic"], row["partition"]
            if topic not in counts:
                counts[topic] = await partitions.count(producer, topic)
            misses = partition is not None and not 0 <= partition < counts[topic]
            if misses and topic not in asked_anew:
                # The topic may have been widened since the producer asked.
                asked_anew.add(topic)
                counts[topic] = await partitions.count(producer, topic, anew=True)
            if not counts[topic]:
                sent.closed[topic] = NO_SUCH_TOPIC
            elif partition is None:
                by_partition[topic, partition_of(row["key"], counts[topic])].append(row)
            elif 0 <= partition < counts[topic]:
                by_partition[topic, partition].append(row)
            else:
                sent.refused.append((row, NO_SUCH_PARTITION))
        return by_partition

    async def _send_batches(
        self, at: Partition, records: list[asyncpg.Record]
    ) -> list[asyncpg.Record]:
        """Returns the rows from the first refused batch on: none if all were taken.

        The next batch leaves once the one before is there, so that none overtakes a refused one.
        """
        producer = await self._started_producer()
        while records:
            batch = producer.create_batch()
            count = 0
            while count < len(records) and self._append(batch, records[count]):
                count += 1
            try:
                await (await producer.send_batch(batch, at[0], partition=at[1]))
            except REFUSALS:
                return records
            records = records[count:]
        return records

    async def _send_singly(self, at: Partition, records: Rows, sent: Sent) -> None:
        """Hands rows over one after the other.

        A refusal leaves a gap in the numbers of an idempotent producer, so a new one follows it.
        """
        await self.stop()
        for row in records:
            refusal = await self._refused(at, row)
            if refusal is None:
                sent.published.append(row)
                continue
            instead = _stand_in(row)
            if instead and await self._refused(at, instead):
                sent.closed[at[0]] = refusal
                return
            sent.refused.append((row, refusal))

    async def _refused(self, at: Partition, row: Row) -> str | None:
        producer = await self._started_producer()
        batch = producer.create_batch()
        self._append(batch, row)
        try:
            await (await producer.send_batch(batch, at[0], partition=at[1]))
        except REFUSALS as refusal:
            await self.stop()
            return REASONS[type(refusal)]
        return None

    @staticmethod
    def _doubt(sent: Sent) -> None:
        """Raises a refusal that says nothing, unless the broker has taken other rows meanwhile."""
        unsaid = REASONS[UnknownError]
        doubtful = [row for row, reason in sent.refused if reason == unsaid]
        if not sent.published and not all(_stand_in(row) for row in doubtful):
            raise UnknownError

    def _append(self, batch: BatchBuilder, row: Row) -> bool:
        headers = binary_headers(
            id=row["event_id"],
            source=self._source,
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


def _stand_in(row: Row) -> Row | None:
    """Returns what takes the place of a row if it is refused; the same however often it is."""
    topic = BY_NAME.get(row["topic"])
    if topic is None or topic.stand_in is None or row["partition"] is not None:
        return None
    return {
        **row,
        "event_id": stable_id(row["event_id"], "unpublished"),
        "type": topic.stand_in.type,
        "value": topic.stand_in.of(row["key"]).model_dump_json(by_alias=True).encode(),
    }


@lru_cache(maxsize=100_000)
def _hash(key: str) -> int:
    return int(murmur2(key.encode())) & 0x7FFFFFFF


def partition_of(key: str, partitions: int) -> int:
    """Returns the partition that Kafka's default partitioner, in every language, gives the key."""
    return _hash(key) % partitions
