"""procrastinate as a scheduler: each job is an event that goes to Kafka."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer
from procrastinate import App, PsycopgConnector

from tests.bench.stand import Room

_CONCURRENCY = 20


async def install(room: Room) -> None:
    """Makes its tables."""
    async with _app(room) as app:
        await app.schema_manager.apply_schema_async()


async def emitted_by_procrastinate(
    room: Room, producer: AIOKafkaProducer, topic: str, body: bytes, count: int
) -> float:
    """Returns how many jobs a second it brings from PostgreSQL into Kafka."""

    async def send(key: str, value: str) -> None:
        await producer.send_and_wait(topic, key=key.encode(), value=value.encode())

    async with _app(room) as app:
        task = app.task(send, name="send")
        jobs = [{"key": str(number), "value": body.decode()} for number in range(count)]
        await task.batch_defer_async(*jobs)
        began = time.perf_counter()
        await app.run_worker_async(
            wait=False, concurrency=_CONCURRENCY, install_signal_handlers=False
        )
        return count / (time.perf_counter() - began)


@asynccontextmanager
async def _app(room: Room) -> AsyncIterator[App]:
    app = App(connector=PsycopgConnector(conninfo=room.databases.admin_url, max_size=_CONCURRENCY))
    async with app.open_async():
        yield app
