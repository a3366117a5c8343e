import asyncio
from collections.abc import Sequence
from datetime import datetime

import asyncpg
from aiokafka import ConsumerRecord
from cryptography.fernet import Fernet

from shared.contract.events.cloudevents import Event, Unreadable, encode
from shared.contract.topics import CONTACTS
from shared.runtime.breaker import Breaker
from shared.runtime.clock import WallClock
from shared.runtime.processing import Processor, Refused
from shared.runtime.quarantine import Quarantine
from shared.runtime.telemetry import Metrics
from tests.databases import Databases
from tests.shared.runtime.streams import fact

CULPRIT = "culprit"


async def handle(conn: asyncpg.Connection, events: Sequence[Event], _now: datetime) -> None:
    """Locks what the events are about, in one order; fails at the culprit."""
    for key in sorted(event.key for event in events):
        await conn.execute("select pg_advisory_xact_lock(hashtext($1))", key)
        await asyncio.sleep(0.2)
    if any(event.key == CULPRIT for event in events):
        raise ArithmeticError


def batch(partition: int, *keys: str) -> list[ConsumerRecord]:
    records = []
    for offset, key in enumerate(keys):
        headers, value = encode(fact(key))
        place = (CONTACTS.name, partition, offset)
        records.append(
            ConsumerRecord(*place, 0, 0, key.encode(), value, None, 0, 0, tuple(headers))
        )
    return records


async def test_two_batches_with_a_culprit_in_each_do_not_lock_each_other_out(
    databases: Databases,
) -> None:
    database, quarantine = await databases("scheduler"), Quarantine(Fernet.generate_key().decode())
    async with database.connection() as conn:
        await conn.execute(
            "insert into offsets (topic, partition, next_offset) values ($1, 0, 0), ($1, 1, 0)",
            CONTACTS.name,
        )
    processor = Processor(
        CONTACTS, handle, database, WallClock(), quarantine, Metrics(), Breaker(9)
    )
    await asyncio.gather(
        processor.process(batch(0, "a", "b", CULPRIT), {0: 0}),
        processor.process(batch(1, "b", "a", CULPRIT), {1: 0}),
    )
    async with database.connection() as conn:
        rows = await conn.fetch("select reason from quarantine")
        seen = await conn.fetchval("select count(*) from inbox")
    assert [row["reason"] for row in rows] == ["failed", "failed"]
    assert seen == 4


async def test_what_is_refused_only_where_it_stands_alone_has_its_effect_with_its_batch(
    databases: Databases,
) -> None:
    async def depend(conn: asyncpg.Connection, events: Sequence[Event], now: datetime) -> Refused:
        keys = [event.key for event in events]
        if CULPRIT in keys:
            raise ArithmeticError
        fault = Unreadable("without_the_first", "send that before")
        return Refused([(it, fault) for it in events if it.key == "second" and "first" not in keys])

    database, quarantine = await databases("scheduler"), Quarantine(Fernet.generate_key().decode())
    processor = Processor(
        CONTACTS, depend, database, WallClock(), quarantine, Metrics(), Breaker(9)
    )
    async with database.connection() as conn:
        await conn.execute(
            "insert into offsets (topic, partition, next_offset) values ($1, 0, 0)", CONTACTS.name
        )
    await processor.process(batch(0, "first", "second", CULPRIT), {0: 0})
    async with database.connection() as conn:
        assert await conn.fetchval("select array_agg(reason) from quarantine") == ["failed"]
