"""The library `faststream-outbox` as a relay to Kafka, with the best settings we found.

One process, because with two it publishes events of one key out of order.
"""

import json
import time
from typing import Any

from aiokafka import AIOKafkaConsumer
from faststream.kafka import KafkaBroker
from faststream_outbox import OutboxBroker, OutboxMessage, make_outbox_table
from sqlalchemy import MetaData, Table, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from tests.bench.arrivals import arrived
from tests.bench.stand import Room

_BODY = json.dumps({"because": "x" * 560}).encode()
_QUEUE = "events"


async def relayed_by_faststream_outbox(room: Room, count: int, number: int) -> float:
    """Returns how many rows a second it brings from PostgreSQL into Kafka."""
    topic = await room.topic(f"bench.peer-{number}")
    metadata = MetaData()
    table = make_outbox_table(metadata, table_name=f"peer_outbox_{number}")
    url = make_url(room.databases.admin_url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, pool_size=20)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await _fill(engine, table, count)
    kafka = KafkaBroker(room.kafka, logger=None, enable_idempotence=True, max_batch_size=1_000_000)
    await kafka.start()
    outbox = _broker(engine, table, kafka, topic)
    try:
        async with room.reader(topic) as reader:
            return await _rate(outbox, reader, count)
    finally:
        await outbox.stop()
        await kafka.stop()
        await engine.dispose()


async def _rate(outbox: OutboxBroker, reader: AIOKafkaConsumer, count: int) -> float:
    began = time.perf_counter()
    await outbox.start()
    return count / (await arrived(reader, count) - began)


async def _fill(engine: AsyncEngine, table: Table, count: int) -> None:
    broker = OutboxBroker(engine, outbox_table=table, logger=None)
    async with engine.begin() as connection:
        for start in range(0, count, 1000):
            bodies = [_BODY] * min(1000, count - start)
            await broker.publish_batch(*bodies, queue=_QUEUE, session=connection)


def _broker(engine: AsyncEngine, table: Table, kafka: KafkaBroker, topic: str) -> OutboxBroker:
    async def publish(body: bytes) -> None:
        await kafka.publish(body, topic, key=body[:8])

    broker = OutboxBroker(engine, outbox_table=table, logger=None, apply_types=False)
    subscriber = broker.subscriber(
        _QUEUE,
        max_workers=16,
        fetch_batch_size=500,
        min_fetch_interval=0.01,
        max_fetch_interval=0.1,
        terminal_flush_batch_size=100,
        decoder=_raw,
    )
    subscriber(publish)
    return broker


async def _raw(message: OutboxMessage) -> Any:
    return message.body
