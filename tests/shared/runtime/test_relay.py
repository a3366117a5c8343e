import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.errors import KafkaError

from shared.contract.events.decoding import decode
from shared.contract.topics import BY_NAME, CANDIDATES, CONTACTS, RECIPIENTS, Topic
from shared.runtime import leases, outbox
from shared.runtime.postgres import Database
from shared.runtime.publisher import partition_of
from shared.runtime.relay import LEASE
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.shared.runtime.streams import drain, fact, received, relay_of, state


async def waiting(database: Database) -> object:
    async with database.connection() as conn:
        return await conn.fetchval("select count(*) from outbox")


async def test_an_event_of_a_rolled_back_transaction_never_leaves(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    database = await databases("scheduler")
    contacts = await topic(CONTACTS)
    with suppress(RuntimeError):
        async with database.transaction() as conn:
            await outbox.put(conn, contacts, [fact("never")])
            raise RuntimeError
    relay = relay_of(kafka, database)
    assert not await relay.publish_once()
    await relay.stop()


async def test_events_arrive_in_order_per_key_and_the_outbox_is_empty_afterwards(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    database, contacts = await databases("scheduler"), await topic(CONTACTS)
    events = [fact(f"key-{number % 7}", id=str(number)) for number in range(5000)]
    async with database.transaction() as conn:
        await outbox.put(conn, contacts, events)
    await drain(relay_of(kafka, database))
    records = await received(kafka, contacts, 5000)
    by_key: dict[str, list[int]] = {}
    for record in records:
        event = decode(record, contacts)
        by_key.setdefault(event.key, []).append(int(event.id))
    assert sum(map(len, by_key.values())) == 5000
    assert all(ids == sorted(ids) for ids in by_key.values())
    assert await waiting(database) == 0


async def test_what_still_waits_when_a_process_ends_leaves_first(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    database, contacts = await databases("scheduler"), await topic(CONTACTS)
    async with database.transaction() as conn:
        await outbox.put(conn, contacts, [fact("a"), fact("b")])
    await relay_of(kafka, database).stop()
    assert len(await received(kafka, contacts, 2)) == 2
    assert await waiting(database) == 0


async def test_of_two_relays_only_the_holder_of_the_lease_publishes(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    database, contacts = await databases("scheduler"), await topic(CONTACTS)
    first, second = relay_of(kafka, database), relay_of(kafka, database)
    async with database.transaction() as conn:
        await outbox.put(conn, contacts, [fact("a")])
    assert await first.publish_once()
    assert not await second.publish_once()
    await first.stop()
    async with database.transaction() as conn:
        await outbox.put(conn, contacts, [fact("b")])
    assert await second.publish_once()
    await second.stop()
    assert {record.key for record in await received(kafka, contacts, 2)} == {b"a", b"b"}


async def test_a_repetition_after_a_crash_is_equal_byte_for_byte(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    database, contacts = await databases("scheduler"), await topic(CONTACTS, partitions=1)
    async with database.transaction() as conn:
        await outbox.put(conn, contacts, [fact("a")])
    crashed, successor = relay_of(kafka, database), relay_of(kafka, database)
    assert await crashed.publish_once()
    async with database.connection() as conn:
        await conn.execute("delete from leases")
    assert await successor.publish_once()
    await successor.stop()
    await crashed._publisher.stop()
    once, again = await received(kafka, contacts, 2)
    assert (once.key, once.value, once.headers) == (again.key, again.value, again.headers)


async def test_a_relay_that_lost_its_lease_after_a_send_has_the_state_published_again(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    database, candidates = await databases("scheduler"), await topic(CANDIDATES)
    BY_NAME[candidates.name] = candidates
    restated: list[str] = []

    async def restate(conn: asyncpg.Connection, of: Topic, keys: Sequence[str]) -> None:
        restated.extend(keys)
        await outbox.put(conn, of, [state(key, 9) for key in keys])

    async with database.transaction() as conn:
        await outbox.put(conn, candidates, [state("a", 1), state("b", 1)])
    late, successor = relay_of(kafka, database, restate), relay_of(kafka, database)
    assert await late.publish_once()
    async with database.connection() as conn:
        await conn.execute("delete from leases")
        assert await leases.take(conn, LEASE, successor._holder, 30)
    await late.publish_once()
    while await successor.publish_once():
        pass
    await successor.stop()
    await late._publisher.stop()
    assert restated == ["a", "b"]
    newest = {r.key: decode(r, candidates).data for r in await received(kafka, candidates, 6)}
    assert all(data is not None and data.model_dump()["version"] == 9 for data in newest.values())
    del BY_NAME[candidates.name]


async def test_events_wait_while_the_broker_is_away(databases: Databases) -> None:
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, CONTACTS, [fact("a")])
    relay = relay_of("127.0.0.1:9", database)
    with pytest.raises(KafkaError):
        await relay.publish_once()
    assert await waiting(database) == 1


def test_keys_land_where_every_other_kafka_client_puts_them() -> None:
    # Reference values of Java's org.apache.kafka.clients.producer default partitioner.
    hashes = {"21": -973932308, "foobar": -790332482, "abc": 479470107}
    for key, murmur2 in hashes.items():
        assert partition_of(key, 1_000_003) == (murmur2 & 0x7FFFFFFF) % 1_000_003


async def test_a_heartbeat_lies_on_each_partition_behind_what_was_committed_before_it(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await databases("scheduler")
    recipients = await topic(RECIPIENTS, partitions=RECIPIENTS.partitions)
    monkeypatch.setattr(outbox, "RECIPIENTS", recipients)
    async with database.transaction() as conn:
        await outbox.put(conn, recipients, [state(f"key-{number}") for number in range(60)])
    async with database.transaction() as conn:
        await outbox.put_heartbeats(conn, RECIPIENTS.partitions)
    await drain(relay_of(kafka, database))
    last = {record.partition: record.key for record in await received(kafka, recipients, 66)}
    assert last == {number: f"heartbeat-{number}".encode() for number in range(6)}


async def test_a_waiting_relay_waits_for_no_lock_and_writes_nothing(
    kafka: str, databases: Databases
) -> None:
    holder = await databases("scheduler")
    waiting_one = relay_of(kafka, await databases("scheduler"))
    async with holder.transaction() as conn:
        await leases.take(conn, LEASE, uuid4(), 30)
    async with holder.transaction() as conn:
        await conn.execute("select from leases for update")
        before = await conn.fetchval("select pg_current_xact_id()::text::bigint")
        async with asyncio.timeout(2):
            for _ in range(5):
                assert not await waiting_one.publish_once()
    async with holder.connection() as conn:
        assert await conn.fetchval("select pg_current_xact_id()::text::bigint") == before + 1
    await waiting_one.stop()


async def test_what_waits_is_shown_with_its_age(kafka: str, databases: Databases) -> None:
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, CONTACTS, [fact("a"), fact("b")])
        await conn.execute("update outbox set written_at = written_at - interval '90 seconds'")
    relay = relay_of(kafka, database)
    await relay.measure()
    shown = {
        name: relay._metrics.registry.get_sample_value(name)
        for name in ("notyet_outbox_waiting_events", "notyet_outbox_oldest_seconds")
    }
    assert shown["notyet_outbox_waiting_events"] == 2
    assert 90 <= (shown["notyet_outbox_oldest_seconds"] or 0) < 120
