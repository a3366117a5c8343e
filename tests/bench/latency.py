"""How long single events take on their way, at a steady rate."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import asyncpg
from aiokafka import AIOKafkaProducer, ConsumerRecord

from shared.contract.events.cloudevents import Event, encode
from shared.contract.topics import Topic
from tests.bench.stand import Room

HOP = "bench.hop"
_PATIENCE_SECONDS = 60.0
_COMMIT_EVERY_SECONDS = 0.02


class Stopwatch:
    """Knows when each of many events set out, and when it had arrived."""

    def __init__(self) -> None:
        self._left: dict[str, float] = {}
        self.milliseconds: list[float] = []

    def left(self, name: str) -> None:
        self._left[name] = time.perf_counter()

    def came(self, name: str) -> None:
        if since := self._left.pop(name, None):
            self.milliseconds.append((time.perf_counter() - since) * 1000)

    async def all_came(self) -> None:
        """Returns when nothing is under way any more."""
        deadline = time.perf_counter() + _PATIENCE_SECONDS
        while self._left:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{len(self._left)} events never came")
            await asyncio.sleep(0.02)


async def steadily(count: int, rate: float, send: Callable[[int], Awaitable[None]]) -> None:
    """Sends at a steady rate, whatever has become of what was sent before."""
    began = time.perf_counter()
    for number in range(count):
        ahead = began + number / rate - time.perf_counter()
        if ahead > 0:
            await asyncio.sleep(ahead)
        await send(number)


async def send(producer: AIOKafkaProducer, topic: Topic, event: Event) -> None:
    """Hands one event over at once, without waiting for the broker's answer."""
    headers, value = encode(event)
    await producer.send(topic.name, key=event.key.encode(), value=value, headers=headers)


async def hops(room: Room, producer: AIOKafkaProducer, count: int, rate: float) -> list[float]:
    """Returns the milliseconds of records of which nothing is made: Kafka's own share."""
    watch = Stopwatch()

    async def hop(number: int) -> None:
        watch.left(str(number))
        await producer.send(HOP, key=str(number).encode(), value=b"x" * 600)

    async with seeing(room, HOP, watch):
        await steadily(count, rate, hop)
        await watch.all_came()
    return watch.milliseconds


def key_of(record: ConsumerRecord) -> str:
    return (record.key or b"").decode()


@asynccontextmanager
async def seeing(
    room: Room, topic: str, watch: Stopwatch, by: Callable[[ConsumerRecord], str] = key_of
) -> AsyncIterator[None]:
    """Stops the watch for each record that can be read."""

    async def read() -> None:
        while True:
            for records in (await reader.getmany(timeout_ms=1000)).values():
                for record in records:
                    watch.came(by(record))

    async with room.reader(topic) as reader:
        await asyncio.gather(*(reader.position(partition) for partition in reader.assignment()))
        task = asyncio.create_task(read())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@asynccontextmanager
async def committing(room: Room, milliseconds: list[float]) -> AsyncIterator[None]:
    """Measures meanwhile what a commit takes by itself: one row, one round trip, one fsync."""

    async def commit() -> None:
        while True:
            began = time.perf_counter()
            await conn.execute("insert into commits default values")
            milliseconds.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(_COMMIT_EVERY_SECONDS)

    conn = await asyncpg.connect(room.databases.admin_url)
    await conn.execute("create table if not exists commits (id bigserial primary key)")
    task = asyncio.create_task(commit())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await conn.close()
