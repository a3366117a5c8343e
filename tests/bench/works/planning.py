"""The scheduler: what is due into Kafka, and what being due costs among many who are not."""

import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiokafka import AIOKafkaConsumer

from deploy.local.supervised_process import SupervisedProcess
from services.scheduler.jobs import EMITTED_AT_A_TIME as BATCH
from services.scheduler.store import occasions
from shared.contract.topics import CONTACTS
from shared.runtime.postgres import Database
from shared.runtime.sql import Queries
from tests.bench.arrivals import arrived, total
from tests.bench.events import LETTER_BODY
from tests.bench.figures import Line, at_least, at_most
from tests.bench.pace import Pace
from tests.bench.peers import pgqueuer, procrastinate
from tests.bench.stand import Room, Stand

_queries = Queries(Path(__file__).parents[1] / "planned.sql")

_LONG_AGO = timedelta(days=2)
_LATER = timedelta(days=30)
_ROUNDS_OF_ONE_QUERY = 7


async def scheduling(stand: Stand, pace: Pace) -> list[Line]:
    count = pace.count(100_000)
    work = f"scheduler, {count:,} due contacts to Kafka"
    limit = Line(work, "the due SQL alone", "/s", at_least(0.4))
    line_of_pgqueuer = Line(work, "pgqueuer and Kafka", "/s", at_least(5))
    line_of_procrastinate = Line(work, "procrastinate and Kafka", "/s", at_least(100))
    env = {"NOTYET_EMIT_PER_SECOND": "100000000"}
    async with (
        stand.room() as alone,
        stand.room() as room,
        room.producer() as producer,
        room.running("scheduler", replicas=2, env=env) as processes,
        room.reader(CONTACTS.name) as reader,
    ):
        await pgqueuer.install(room)
        await procrastinate.install(room)
        topic = await room.topic("bench.peers")
        few, fewer = pace.count(5_000), pace.count(400)
        for _ in range(pace.rounds):
            sql = await _sql_alone(await alone.databases("scheduler"), count)
            ours = await _ours(room, processes, reader, count)
            limit.add(ours, sql)
            rate = await pgqueuer.emitted_by_pgqueuer(room, producer, topic, LETTER_BODY, few)
            line_of_pgqueuer.add(ours, rate)
            rate = await procrastinate.emitted_by_procrastinate(
                room, producer, topic, LETTER_BODY, fewer
            )
            line_of_procrastinate.add(ours, rate)
    return [limit, line_of_pgqueuer, line_of_procrastinate]


async def due_among_many(stand: Stand, pace: Pace) -> list[Line]:
    many, few = pace.count(1_000_000), pace.count(100_000)
    line = Line(f"due query, {many:,} people planned", f"{few:,} planned", "ms", at_most(1.3))
    async with stand.room() as crowded, stand.room() as quiet:
        large, small = await crowded.databases("scheduler"), await quiet.databases("scheduler")
        await _planned(large, many, datetime.now(UTC) + _LATER)
        await _planned(small, few, datetime.now(UTC) + _LATER)
        for _ in range(_ROUNDS_OF_ONE_QUERY):
            line.add(await _one_query(large), await _one_query(small))
    return [line]


async def _ours(
    room: Room, processes: list[SupervisedProcess], reader: AIOKafkaConsumer, count: int
) -> float:
    """Wakes the processes up to a backlog."""
    database = await room.databases("scheduler")
    goal = await total(reader) + count
    for process in processes:
        process.kill(signal.SIGSTOP)
    await _planned(database, count, datetime.now(UTC) - _LONG_AGO)
    for process in processes:
        process.kill(signal.SIGCONT)
    began = time.perf_counter()
    rate = count / (await arrived(reader, goal) - began)
    await _forgotten(database)
    return rate


async def _sql_alone(database: Database, count: int) -> float:
    """Runs the scheduler's own statement over and over, with nobody behind it."""
    await _planned(database, count, datetime.now(UTC) - _LONG_AGO)
    began = time.perf_counter()
    emitted = {"letter": BATCH}
    while emitted:
        async with database.transaction() as conn:
            emitted = await occasions.emit_due(conn, datetime.now(UTC), BATCH)
    rate = count / (time.perf_counter() - began)
    await _forgotten(database)
    return rate


async def _one_query(database: Database) -> float:
    """Returns the milliseconds of one batch of what is due."""
    async with database.connection() as conn:
        await _queries.plan(
            conn,
            first=-BATCH,
            count=BATCH,
            due=datetime.now(UTC) - _LONG_AGO,
            body=LETTER_BODY,
        )
        began = time.perf_counter()
        async with conn.transaction():
            await occasions.emit_due(conn, datetime.now(UTC), BATCH)
        milliseconds = (time.perf_counter() - began) * 1000
    await _forgotten(database)
    return milliseconds


async def _planned(database: Database, count: int, due: datetime) -> None:
    """Plans one thing for so many people, in steps that a statement's time allows."""
    step = 50_000
    async with database.connection() as conn:
        for first in range(0, count, step):
            await _queries.plan(
                conn, first=first, count=min(step, count - first), due=due, body=LETTER_BODY
            )


async def _forgotten(database: Database) -> None:
    """Empties the tables of what has been emitted."""
    async with database.connection() as conn:
        await _queries.forget(conn)
        await conn.execute("delete from outbox")
