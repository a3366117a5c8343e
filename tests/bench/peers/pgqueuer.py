"""pgqueuer as a scheduler: each job is an event that goes to Kafka."""

import time

import asyncpg
from aiokafka import AIOKafkaProducer
from pgqueuer import AsyncpgPoolDriver, Job, Queries, QueueManager
from pgqueuer.types import QueueExecutionMode

from tests.bench.stand import Room

_BATCH = 100


async def install(room: Room) -> None:
    """Makes its tables."""
    async with asyncpg.create_pool(room.databases.admin_url) as pool:
        await Queries(AsyncpgPoolDriver(pool)).install()


async def emitted_by_pgqueuer(
    room: Room, producer: AIOKafkaProducer, topic: str, body: bytes, count: int
) -> float:
    """Returns how many jobs a second it brings from PostgreSQL into Kafka."""

    async def send(job: Job) -> None:
        await producer.send_and_wait(topic, key=str(job.id).encode(), value=job.payload)

    async with asyncpg.create_pool(room.databases.admin_url) as pool:
        queries = Queries(AsyncpgPoolDriver(pool))
        await queries.enqueue(["send"] * count, [body] * count, [0] * count)
        manager = QueueManager(queries)
        manager.entrypoint("send")(send)
        began = time.perf_counter()
        await manager.run(batch_size=_BATCH, mode=QueueExecutionMode.drain)
        return count / (time.perf_counter() - began)
