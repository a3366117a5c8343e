"""What the tests of the plumbing send and receive."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from cryptography.fernet import Fernet
from faststream.kafka import KafkaBroker

from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event, encode
from shared.contract.events.contacts import CandidateQualified
from shared.contract.topics import Topic
from shared.runtime.clock import ManualClock
from shared.runtime.consumer import TopicConsumer
from shared.runtime.outbox import Restate
from shared.runtime.postgres import Database
from shared.runtime.processing import Handler, NotTakenIn, Receive
from shared.runtime.quarantine import Quarantine
from shared.runtime.relay import Relay
from shared.runtime.telemetry import Metrics

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def state(key: str, version: int = 1, *, id: str | None = None) -> Event:
    data = CandidateChanged(candidate_id=key, version=version)
    return Event.about(data, source="intake", at=NOON, id=id)


def fact(key: str, *, id: str | None = None) -> Event:
    data = CandidateQualified(
        candidate_id=key, application_id="a", vacancy_id="v", qualified_on=NOON
    )
    return Event.about(data, source="scheduler", at=NOON, id=id)


async def send(kafka: str, topic: Topic, events: Sequence[Event | bytes]) -> None:
    """Produces events in order; bytes are sent as they are, as the body of a broken record."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True)
    await producer.start()
    try:
        for event in events:
            if isinstance(event, bytes):
                await producer.send(topic.name, value=event, partition=0)
            else:
                headers, value = encode(event)
                await producer.send(
                    topic.name, key=event.key.encode(), value=value, headers=headers
                )
    finally:
        await producer.stop()


async def received(kafka: str, topic: Topic, count: int) -> list[ConsumerRecord]:
    """Reads a topic from its beginning until so many records have come, or nothing more does."""
    consumer = AIOKafkaConsumer(topic.name, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    records: list[ConsumerRecord] = []
    while len(records) < count:
        batch = await consumer.getmany(timeout_ms=3000)
        if not batch:
            break
        records.extend(record for part in batch.values() for record in part)
    await consumer.stop()
    return records


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Waits for something to become true; a test that waits in vain fails here."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def relay_of(kafka: str, database: Database, restate: Restate | None = None) -> Relay:
    def producer() -> AIOKafkaProducer:
        return AIOKafkaProducer(
            bootstrap_servers=kafka, enable_idempotence=True, max_batch_size=1_000_000
        )

    return Relay("scheduler", database, producer, Metrics(), restate)


async def drain(relay: Relay) -> None:
    """Publishes until nothing waits any longer, and ends the relay."""
    while await relay.publish_once():
        pass
    await relay.stop()


def consumer_of(
    topic: Topic,
    handler: Handler,
    database: Database,
    *,
    breaker_limit: int = 1000,
    not_taken_in: NotTakenIn | None = None,
    receive: Receive | None = None,
) -> TopicConsumer:
    return TopicConsumer(
        "scheduler",
        topic,
        handler,
        database,
        ManualClock(NOON),
        Quarantine(Fernet.generate_key().decode()),
        Metrics(),
        breaker_limit=breaker_limit,
        not_taken_in=not_taken_in,
        receive=receive,
    )


@asynccontextmanager
async def consuming(kafka: str, consumer: TopicConsumer) -> AsyncIterator[TopicConsumer]:
    broker = KafkaBroker(
        kafka, logger=None, apply_types=False, consumer_only=True, graceful_timeout=10
    )
    consumer.attach(broker, None)
    await broker.start()
    try:
        yield consumer
    finally:
        await broker.stop()
