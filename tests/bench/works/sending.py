"""`contact.due` in, SMTP's 250 out: what lies between, in empty Kafka hops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from statistics import median

from aiokafka import AIOKafkaProducer

from shared.contract.topics import CONTACTS, RECIPIENTS
from tests.bench import events
from tests.bench.figures import Line, at_most, percentile
from tests.bench.latency import HOP, Stopwatch, committing, hops, send, steadily
from tests.bench.mailbox import mailbox
from tests.bench.pace import Pace
from tests.bench.produce import prepared, produce
from tests.bench.stand import Room, Stand

RATES = (100, 500)
_BEAT_SECONDS = 1.0


@dataclass
class _Way:
    """A notifier between a producer and a mailbox that stops the watch."""

    room: Room
    producer: AIOKafkaProducer
    watch: Stopwatch
    people: int = 0

    async def times(self, count: int, rate: float) -> list[float]:
        """Returns how long so many letters took, each to somebody else."""
        first, self.people = self.people, self.people + count

        async def due(number: int) -> None:
            person = f"person-{first + number}"
            event = events.letter(person)
            self.watch.left(events.address_of(person))
            await send(self.producer, CONTACTS, event)

        self.watch.milliseconds = []
        await steadily(count, rate, due)
        await self.watch.all_came()
        return self.watch.milliseconds


async def sending(stand: Stand, pace: Pace) -> list[Line]:
    seconds = pace.seconds(5)
    lines = []
    people = 200 + pace.rounds * round(sum(RATES) * seconds)
    async with stand.room() as room, _way(room, people) as way:
        await way.times(200, 100)
        for rate in RATES:
            middle = Line(
                f"contact.due to SMTP 250, {rate}/s: p50", "an empty hop", "ms", at_most(6)
            )
            tail = Line(f"contact.due to SMTP 250, {rate}/s: p99", "a commit's p99", "ms", None)
            for _ in range(pace.rounds):
                await _round(way, rate, seconds, middle, tail)
            lines += [middle, tail]
    return lines


async def _round(way: _Way, rate: int, seconds: float, middle: Line, tail: Line) -> None:
    empty = await hops(way.room, way.producer, round(rate * seconds / 2), rate)
    commits: list[float] = []
    async with committing(way.room, commits):
        taken = await way.times(round(rate * seconds), rate)
    middle.add(median(taken), median(empty))
    tail.add(percentile(taken, 0.99), percentile(commits, 0.99))


@asynccontextmanager
async def _way(room: Room, people: int) -> AsyncIterator[_Way]:
    watch = Stopwatch()
    await room.topic(HOP)
    async with mailbox(watch.came) as port, room.producer() as producer:
        await _introduce(producer, people)
        env = {"NOTYET_SMTP_PORT": str(port), "NOTYET_MESSAGES_PER_SECOND": "5000"}
        async with room.running("notifier", env=env), _beating(producer):
            await _known(room, people)
            yield _Way(room, producer, watch)


async def _introduce(producer: AIOKafkaProducer, people: int) -> None:
    """Publishes everybody who will be written to, as intake does."""
    states = [events.recipient(f"person-{number}") for number in range(people)]
    await produce(producer, RECIPIENTS.name, prepared(states, RECIPIENTS.partitions, 2000))


async def _known(room: Room, people: int) -> None:
    """Returns when the notifier knows them all."""
    database = await room.databases("notifier")
    async with database.connection() as conn, asyncio.timeout(120):
        while await conn.fetchval("select count(*) from recipients") < people:
            await asyncio.sleep(0.1)


@asynccontextmanager
async def _beating(producer: AIOKafkaProducer) -> AsyncIterator[None]:
    """Keeps the knowledge of consent fresh, as intake does."""

    async def beat() -> None:
        while True:
            turns = prepared(events.heartbeats(), RECIPIENTS.partitions, RECIPIENTS.partitions)
            await produce(producer, RECIPIENTS.name, turns)
            await asyncio.sleep(_BEAT_SECONDS)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
