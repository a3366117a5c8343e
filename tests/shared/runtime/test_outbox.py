import asyncio
import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import UnknownError

from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactWithdrawn
from shared.contract.topics import BY_NAME, CANDIDATES, CONTACTS, RECIPIENTS, Topic
from shared.runtime import outbox, relay
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.outbox import MOST_BYTES, TooLarge
from shared.runtime.postgres import Database
from shared.runtime.publisher import Publisher
from shared.runtime.topics_admin import apply
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.shared.runtime.streams import NOON, drain, fact, received, relay_of, state

CANARY = "canary-Zoe-Quill"


def withdrawal(key: str, size: int, *, id: str | None = None) -> Event:
    data = ContactWithdrawn.model_construct(
        contact_id="c", candidate_id=key, because=CANARY + "x" * size
    )
    return Event.about(data, source="scheduler", at=NOON, id=id)


async def obstructed(database: Database) -> list[tuple[str, str, bool]]:
    """Returns the topic and the reason of each row in the list, and whether it is set aside."""
    async with database.connection() as conn:
        rows = await outbox.list_obstructed(conn, 100)
    return [(row["topic"], row["reason"], row["set_aside_at"] is not None) for row in rows]


async def test_an_event_larger_than_brokers_take_is_refused_where_it_is_written(
    databases: Databases,
) -> None:
    database = await databases("scheduler")
    async with database.connection() as conn:
        with pytest.raises(TooLarge) as refused:
            await outbox.put(conn, CONTACTS, [fact("a"), withdrawal("b", MOST_BYTES)])
        assert await conn.fetchval("select count(*) from outbox") == 0
    assert refused.value.type == ContactWithdrawn.type
    assert refused.value.size > MOST_BYTES
    assert str(refused.value.size) in refused.value.detail
    assert CANARY not in str(refused.value)


async def test_the_table_refuses_the_same_size_from_those_who_write_to_it_from_sql(
    databases: Databases,
) -> None:
    insert = """insert into outbox (topic, key, event_id, type, time, value)
        values ('t', 'k', 'i', 't', clock_timestamp(), $1)"""
    database = await databases("scheduler")
    async with database.connection() as conn:
        await conn.execute(insert, b"x" * MOST_BYTES)
        with pytest.raises(asyncpg.CheckViolationError):
            await conn.execute(insert, b"x" * (MOST_BYTES + 1))


async def test_a_row_that_the_broker_refuses_is_set_aside_and_the_rest_goes_on(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    small = await topic(CONTACTS, partitions=1, **{"max.message.bytes": "50000"})
    other, database = await topic(CONTACTS), await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, small, [fact("a", id="1"), withdrawal("a", 60_000, id="2")])
        await outbox.put(conn, small, [fact("a", id="3"), fact("b", id="4")])
        await outbox.put(conn, other, [fact("c", id="5")])
    one = relay_of(kafka, database)
    await drain(one)
    ids = [dict(record.headers)["ce_id"] for record in await received(kafka, small, 3)]
    assert ids == [b"1", b"3", b"4"]
    assert len(await received(kafka, other, 1)) == 1
    assert await obstructed(database) == [(small.name, "too_large", True)]
    await one.measure()
    refused = {"topic": small.name, "reason": "too_large"}
    sample = one._metrics.registry.get_sample_value
    assert sample("notyet_outbox_refused_events_total", refused) == 1
    assert sample("notyet_outbox_set_aside_events") == 1
    assert sample("notyet_outbox_waiting_events") == 0


async def test_rows_that_are_too_large_only_together_all_leave_in_order(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    small = await topic(CONTACTS, partitions=1, **{"max.message.bytes": "50000"})
    database = await databases("scheduler")
    async with database.transaction() as conn:
        events = [withdrawal("a", 30_000, id=str(number)) for number in range(6)]
        await outbox.put(conn, small, events)
    await drain(relay_of(kafka, database))
    ids = [dict(record.headers)["ce_id"] for record in await received(kafka, small, 6)]
    assert ids == [b"0", b"1", b"2", b"3", b"4", b"5"]
    assert await obstructed(database) == []


async def test_a_row_for_a_partition_that_its_topic_does_not_have_is_set_aside_and_the_rest_goes_on(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    recipients, database = await topic(RECIPIENTS, partitions=2), await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, recipients, [state("a"), state("b")])
        await conn.execute("update outbox set partition = case key when 'a' then 7 else 1 end")
    await drain(relay_of(kafka, database))
    assert [record.key for record in await received(kafka, recipients, 1)] == [b"b"]
    assert await obstructed(database) == [(recipients.name, "no_such_partition", True)]


async def test_a_row_with_a_key_longer_than_an_index_takes_is_set_aside_like_any_other(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    small = await topic(CONTACTS, partitions=1, **{"max.message.bytes": "50000"})
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, small, [fact("a"), fact("b")])
        await conn.execute(
            """update outbox set key = (
                select string_agg(md5(number::text), '') from generate_series(1, 12500) as number
            ) where key = 'a'"""
        )
    await drain(relay_of(kafka, database))
    assert [record.key for record in await received(kafka, small, 1)] == [b"b"]
    assert await obstructed(database) == [(small.name, "too_large", True)]


async def test_rows_of_a_topic_that_is_missing_wait_for_it_listed_and_the_rest_goes_on(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "CLOSED_SECONDS", 0.1)
    missing = dataclasses.replace(CONTACTS, name=f"test.missing-{uuid4()}.v1")
    contacts, database = await topic(CONTACTS), await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, missing, [fact("a")])
        await outbox.put(conn, contacts, [fact("b")])
    await drain(relay_of(kafka, database))
    assert len(await received(kafka, contacts, 1)) == 1
    assert await obstructed(database) == [(missing.name, "no_such_topic", False)]
    async with database.connection() as conn:
        assert (await outbox.backlog(conn)).closed == [f"{missing.name}: no_such_topic"]

    await apply(KafkaSettings(kafka_bootstrap_servers=kafka), [missing])
    await asyncio.sleep(0.2)
    async with database.transaction() as conn:
        await outbox.put(conn, missing, [fact("c")])
    await drain(relay_of(kafka, database))
    assert {record.key for record in await received(kafka, missing, 2)} == {b"a", b"c"}
    assert await obstructed(database) == []
    async with database.connection() as conn:
        assert await conn.fetchval("select count(*) from closed_topics") == 0


async def test_a_later_state_pays_for_the_one_that_was_set_aside(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidates = await topic(CANDIDATES, **{"max.message.bytes": "50000"})
    monkeypatch.setitem(BY_NAME, candidates.name, candidates)
    database = await databases("scheduler")
    async with database.transaction() as conn:
        await outbox.put(conn, candidates, [withdrawal(key, 60_000) for key in "ab"])
    await drain(relay_of(kafka, database))
    assert len(await obstructed(database)) == 2
    async with database.transaction() as conn:
        await outbox.put(conn, candidates, [state("a", 2)])
    await drain(relay_of(kafka, database))
    async with database.connection() as conn:
        assert [row["key"] for row in await conn.fetch("select key from outbox")] == ["b"]
    assert [record.key for record in await received(kafka, candidates, 1)] == [b"a"]


async def test_a_state_stays_owed_when_a_fact_that_nobody_looked_at_is_deleted(
    databases: Databases,
) -> None:
    database = await databases("intake")
    async with database.transaction() as conn:
        await outbox.put(conn, CONTACTS, [fact("a")])
        await outbox.put(conn, CANDIDATES, [state("a", 1)])
        await outbox.put_heartbeats(conn, 1)
        await conn.execute(
            "update outbox set set_aside_at = clock_timestamp() - interval '31 days',"
            " set_aside_because = 'too_large'"
        )
        await outbox.delete_unattended(conn)
        left = await conn.fetch("select topic from outbox")
    assert [row["topic"] for row in left] == [CANDIDATES.name]


async def test_of_what_is_tried_again_a_fact_leaves_as_it_was_and_a_state_as_it_is_now(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts, candidates = await topic(CONTACTS), await topic(CANDIDATES)
    monkeypatch.setitem(BY_NAME, candidates.name, candidates)
    monkeypatch.setitem(BY_NAME, contacts.name, contacts)
    database = await databases("scheduler")

    async def restate(conn: asyncpg.Connection, of: Topic, keys: Sequence[str]) -> None:
        await outbox.put(conn, of, [state(key, 9) for key in keys])

    async with database.transaction() as conn:
        await outbox.put(conn, contacts, [fact("a", id="the fact")])
        await outbox.put(conn, candidates, [state("b", 1)])
        await conn.execute(
            "update outbox set set_aside_at = clock_timestamp(), set_aside_because = 'too_large'"
        )
    await drain(relay_of(kafka, database))
    async with database.transaction() as conn:
        assert await outbox.retry(conn, [], restate) == 2
    await drain(relay_of(kafka, database))
    (record,) = await received(kafka, contacts, 1)
    assert dict(record.headers)["ce_id"] == b"the fact"
    (record,) = await received(kafka, candidates, 1)
    assert b'"version":9' in record.value


def test_what_python_and_the_table_refuse_is_the_same_size() -> None:
    migration = Path(outbox.__file__).with_name("migrations") / "0001_plumbing.sql"
    (bound,) = re.findall(r"octet_length\(value\) <= (\d+)", migration.read_text())
    assert int(bound) == MOST_BYTES


class NoKey(str):
    """A key that no compacted topic takes: Kafka's error for it has no name in aiokafka."""

    def encode(self, *_: object) -> bytes:
        return None  # type: ignore[return-value]


def row(number: int, topic: Topic, key: str) -> dict[str, object]:
    return {
        "id": number,
        "topic": topic.name,
        "key": key,
        "partition": 0,
        "event_id": str(number),
        "type": "t",
        "time": NOON,
        "value": b"{}",
        "correlation_id": None,
        "causation_id": None,
        "traceparent": None,
    }


async def test_a_refusal_without_a_name_is_the_rows_fault_only_where_the_broker_takes_others(
    kafka: str, topic: MakeTopic
) -> None:
    candidates = await topic(CANDIDATES)
    publisher = Publisher("intake", lambda: AIOKafkaProducer(bootstrap_servers=kafka))
    bad, good = row(1, candidates, NoKey()), row(2, candidates, "a")
    with pytest.raises(UnknownError):
        await publisher.publish([bad])
    sent = await publisher.publish([bad, good])
    assert sent.published == [good]
    assert [refused for refused, _ in sent.refused] == [bad]
    await publisher.stop()
