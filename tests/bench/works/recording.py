"""intake: from Kafka to the committed record."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
from aiokafka import AIOKafkaConsumer
from cryptography.fernet import Fernet
from faststream.kafka import KafkaBroker
from faststream.kafka.opentelemetry import KafkaTelemetryMiddleware
from faststream.kafka.prometheus import KafkaPrometheusMiddleware

from services.intake.applicants.domain.identity import IdentityHash
from services.intake.applicants.domain.normalisation import Normaliser
from services.intake.applicants.handlers import Recorder
from services.intake.consent.numbers import StoppedNumbers
from services.intake.metrics import IntakeMetrics
from services.intake.privacy.erasure import Erasure
from services.intake.privacy.jurisdictions import SHIPPED, Jurisdictions
from services.intake.privacy.outliving import Outliving
from shared.contract.events.cloudevents import Event
from shared.contract.events.decoding import decode
from shared.contract.topics import APPLICATIONS
from shared.runtime import inbox, offsets
from shared.runtime.clock import WallClock
from shared.runtime.consumer import BATCH, TopicConsumer
from shared.runtime.marks import Marker
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Quarantine
from shared.runtime.sealing import Seal
from shared.runtime.telemetry import Metrics
from tests.bench.events import rejection
from tests.bench.figures import Line, at_least
from tests.bench.pace import Pace
from tests.bench.peers.one_by_one import recorded_one_by_one
from tests.bench.produce import prepared, produce
from tests.bench.stand import PARTITIONS, Room, Stand
from tests.bench.statements import Statement, sent_again, written_down

_ALL = range(PARTITIONS)


async def recording(stand: Stand, pace: Pace) -> list[Line]:
    work = "intake, Kafka to committed record"
    limit = Line(work, "the same SQL alone", "/s", at_least(0.6))
    bare = Line(work, "a bare aiokafka loop", "/s", at_least(0.95))
    peer = Line(work, "FastStream one by one, 3 statements", "/s", at_least(30))
    count, few = pace.count(5_000), pace.count(400)
    recorder = _recorder()
    async with (
        stand.room() as scratch,
        stand.room() as alone,
        stand.room() as simple,
        stand.room() as room,
        _consuming(room, recorder) as consumer,
        simple.reader(APPLICATIONS.name) as reader,
    ):
        for number in range(pace.rounds):
            events = [rejection(f"p{number}-{each}") for each in range(count)]
            script = await _script(await scratch.databases("intake"), recorder, events)
            sql = await _sql_alone(await alone.databases("intake"), script, count)
            ours = await _ours(room, consumer, events)
            loop = await _bare(await simple.databases("intake"), recorder, reader, count)
            limit.add(ours, sql)
            bare.add(ours, loop)
            peer.add(ours, await recorded_one_by_one(room, events[:few], number))
    return [limit, bare, peer]


def _recorder() -> Recorder:
    metrics = Metrics()
    identity = IdentityHash(secrets.token_urlsafe(32))
    laws = Jurisdictions.read(SHIPPED, 24)
    outliving = Outliving(Seal([Fernet.generate_key().decode()]), laws)
    erasure = Erasure(Marker([secrets.token_urlsafe(32)]), identity, outliving)
    return Recorder(
        Normaliser(identity, "DE"),
        erasure,
        StoppedNumbers(identity),
        IntakeMetrics(metrics.registry),
    )


@asynccontextmanager
async def _consuming(room: Room, recorder: Recorder) -> AsyncIterator[TopicConsumer]:
    """Runs the product's own consumer, with metrics and traces on."""
    database, metrics = await room.databases("intake"), Metrics()
    consumer = TopicConsumer(
        "intake",
        APPLICATIONS,
        recorder.record,
        database,
        WallClock(),
        Quarantine(Fernet.generate_key().decode()),
        metrics,
    )
    middlewares = (KafkaPrometheusMiddleware(registry=metrics.registry), KafkaTelemetryMiddleware())
    broker = KafkaBroker(
        room.kafka, logger=None, apply_types=False, consumer_only=True, middlewares=middlewares
    )
    consumer.attach(broker, None)
    await broker.start()
    try:
        async with asyncio.timeout(30):
            while len(consumer.known) < PARTITIONS:
                await asyncio.sleep(0.05)
        yield consumer
    finally:
        await broker.stop()


async def _ours(room: Room, consumer: TopicConsumer, events: Sequence[Event]) -> float:
    """Builds up a backlog and resumes the consumer."""
    partitions = consumer.consumer.assignment()
    goal = sum(consumer.known.values()) + len(events)
    consumer.consumer.pause(*partitions)
    async with room.producer() as producer:
        await produce(producer, APPLICATIONS.name, prepared(events, PARTITIONS, 1000))
    consumer.consumer.resume(*partitions)
    began = time.perf_counter()
    while sum(consumer.known.values()) < goal:
        await asyncio.sleep(0.005)
    return len(events) / (time.perf_counter() - began)


async def _bare(
    database: Database, recorder: Recorder, reader: AIOKafkaConsumer, count: int
) -> float:
    """Does the same for the same records with nothing around it."""
    async with database.connection() as conn:
        known = await offsets.load(conn, APPLICATIONS.name, _ALL)
    left, began = count, time.perf_counter()
    while left > 0:
        fetched = await reader.getmany(timeout_ms=1000, max_records=BATCH)
        records = [record for part in fetched.values() for record in part]
        events = [decode(record, APPLICATIONS) for record in records]
        reached = {record.partition: record.offset + 1 for record in records}
        async with database.transaction() as conn:
            await _record(conn, recorder, events, known, reached)
        known |= reached
        left -= len(records)
    return count / (time.perf_counter() - began)


async def _script(
    database: Database, recorder: Recorder, events: Sequence[Event]
) -> list[Statement]:
    """Writes down what recording these events sends to the database."""
    async with database.connection() as conn:
        known = await offsets.load(conn, APPLICATIONS.name, _ALL)
        async with written_down(conn) as statements:
            for start in range(0, len(events), BATCH):
                reached = {number: known[number] + BATCH // PARTITIONS for number in _ALL}
                async with conn.transaction():
                    await _record(conn, recorder, events[start : start + BATCH], known, reached)
                known = reached
            await asyncio.sleep(0)
    return statements


async def _record(
    conn: asyncpg.Connection,
    recorder: Recorder,
    events: Sequence[Event],
    known: dict[int, int],
    reached: dict[int, int],
) -> None:
    """Does what the product does in one transaction."""
    await offsets.move(conn, APPLICATIONS.name, known, reached)
    fresh = await inbox.admit(conn, APPLICATIONS, events)
    await recorder.record(conn, fresh, datetime.now(UTC))


async def _sql_alone(database: Database, script: Sequence[Statement], count: int) -> float:
    async with database.connection() as conn:
        await offsets.load(conn, APPLICATIONS.name, _ALL)
        began = time.perf_counter()
        await sent_again(conn, script)
        return count / (time.perf_counter() - began)
