"""The outbox relay: two instances, order kept, against its limit and against a library."""

import asyncio
import time
from datetime import UTC, datetime
from uuid import uuid4

from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactWithdrawn
from shared.contract.topics import CONTACTS, ServiceName
from shared.runtime import outbox
from shared.runtime.relay import BATCH
from tests.bench.arrivals import arrived, total
from tests.bench.figures import Line, at_least
from tests.bench.pace import Pace
from tests.bench.peers.faststream_outbox import relayed_by_faststream_outbox
from tests.bench.produce import prepared, produce
from tests.bench.stand import Room, Stand

SERVICE: ServiceName = "scheduler"
KEYS = 5_000


async def relay(stand: Stand, pace: Pace) -> list[Line]:
    work = "outbox relay, 2 instances, order kept"
    limit = Line(work, "serial sum of SQL and produce", "/s", at_least(0.5))
    peer = Line(work, "faststream-outbox, tuned", "/s", at_least(15))
    events = _events(pace.count(60_000))
    few = pace.count(4_000)
    async with stand.room() as room, room.running(SERVICE, replicas=2):
        await asyncio.sleep(1)
        for number in range(pace.rounds):
            sql = await _sql_alone(room, events)
            produced = await _produce_alone(room, events, number)
            ours = await _ours(room, events)
            limit.add(ours, 1 / (1 / sql + 1 / produced))
            peer.add(ours, await relayed_by_faststream_outbox(room, few, number))
    limit.remark = f"{len(events):,} events, {KEYS:,} keys"
    return [limit, peer]


def _events(count: int) -> list[Event]:
    now, keys = datetime.now(UTC), [str(uuid4()) for _ in range(KEYS)]
    return [
        Event.about(
            ContactWithdrawn(
                contact_id=str(uuid4()), candidate_id=keys[number % KEYS], because="x" * 450
            ),
            source=SERVICE,
            at=now,
        )
        for number in range(count)
    ]


async def _ours(room: Room, events: list[Event]) -> float:
    """Commits the events where two real processes look after them."""
    database = await room.databases(SERVICE)
    async with room.reader(CONTACTS.name) as reader:
        goal = await total(reader) + len(events)
        async with database.transaction() as conn:
            await outbox.put(conn, CONTACTS, events)
        began = time.perf_counter()
        return len(events) / (await arrived(reader, goal) - began)


async def _sql_alone(room: Room, events: list[Event]) -> float:
    """Reads and deletes the rows of an outbox that no process looks after."""
    database = await room.databases("matcher")
    async with database.connection() as conn:
        await outbox.put(conn, CONTACTS, events)
        began = time.perf_counter()
        while rows := await conn.fetch("select * from outbox order by id limit $1", BATCH):
            await conn.execute("delete from outbox where id = any($1)", [row["id"] for row in rows])
        return len(events) / (time.perf_counter() - began)


async def _produce_alone(room: Room, events: list[Event], number: int) -> float:
    """Hands over records that are ready, by whole batches for each partition."""
    topic = await room.topic(f"bench.produce-{number}")
    turns = prepared(events, CONTACTS.partitions, BATCH)
    async with room.producer() as producer:
        await producer.partitions_for(topic)
        began = time.perf_counter()
        await produce(producer, topic, turns)
        return len(events) / (time.perf_counter() - began)
