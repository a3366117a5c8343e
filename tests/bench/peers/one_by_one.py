"""FastStream as its tutorial has it: one event, one transaction, one statement for each table."""

import asyncio
import time

import asyncpg
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.cloudevents import Event
from tests.bench.produce import prepared, produce
from tests.bench.stand import PARTITIONS, Room

_TABLES = """
create table if not exists simple_inbox (event_id text primary key);
create table if not exists simple_people (applicant_id text primary key, application jsonb);
create table if not exists simple_outbox (id bigserial primary key, key text, value jsonb)
"""


async def recorded_one_by_one(room: Room, events: list[Event], number: int) -> float:
    """Returns how many rejections a second it records."""
    topic = await room.topic(f"bench.single-{number}")
    async with room.producer() as producer:
        await produce(producer, topic, prepared(events, PARTITIONS, 1000))
    seen: list[float] = []
    done = asyncio.Event()
    pool = await asyncpg.create_pool(room.databases.admin_url, min_size=1)
    await pool.execute(_TABLES)

    async def record(rejected: ApplicantRejected) -> None:
        application = rejected.model_dump_json(by_alias=True)
        async with pool.acquire() as conn, conn.transaction():
            await conn.execute("insert into simple_inbox values ($1)", rejected.application_id)
            await conn.execute(
                "insert into simple_people values ($1, $2)"
                " on conflict (applicant_id) do update set application = excluded.application",
                rejected.entity_id,
                application,
            )
            await conn.execute(
                "insert into simple_outbox (key, value) values ($1, $2)",
                rejected.entity_id,
                application,
            )
        seen.append(time.perf_counter())
        if len(seen) == len(events):
            done.set()

    broker = KafkaBroker(room.kafka, logger=None)
    subscriber = broker.subscriber(
        topic, group_id=topic, auto_offset_reset="earliest", ack_policy=AckPolicy.ACK
    )
    subscriber(record)
    async with broker, pool:
        await broker.start()
        await asyncio.wait_for(done.wait(), 120)
    return (len(seen) - 1) / (seen[-1] - seen[0])
