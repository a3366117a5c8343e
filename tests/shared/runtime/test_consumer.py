import asyncio
from collections.abc import Sequence
from datetime import datetime

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.topics import CANDIDATES, CONTACTS, Topic
from shared.runtime import breaker
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.postgres import Database
from shared.runtime.processing import Refused
from shared.runtime.topics_admin import apply
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.shared.runtime.streams import NOON, consumer_of, consuming, fact, send, state, until


class Recorder:
    """A handler that keeps what it was given, in memory and in a table of its own."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.fail_with: list[Exception] = []
        self.refuse: set[str] = set()

    async def __call__(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        if self.fail_with:
            raise self.fail_with.pop()
        for event in events:
            if event.key in self.refuse:
                raise Unreadable("refused_by_rule", "change it")
        self.keys.extend(event.key for event in events)


async def quarantined(database: Database) -> list[str]:
    async with database.connection() as conn:
        return [row["reason"] for row in await conn.fetch("select reason from quarantine")]


async def stored(database: Database) -> int:
    async with database.connection() as conn:
        return int(await conn.fetchval("select coalesce(sum(next_offset), 0)::int from offsets"))


async def test_a_poison_record_costs_only_itself(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts = await topic(CONTACTS)
    await send(kafka, contacts, [fact("a"), b"{broken", fact("b"), b"\xff", fact("c")])
    database, handler = await databases("scheduler"), Recorder()
    async with consuming(kafka, consumer_of(contacts, handler, database)):
        await until(lambda: len(handler.keys) == 3)
        await asyncio.sleep(0.2)
    assert sorted(handler.keys) == ["a", "b", "c"]
    assert await quarantined(database) == ["missing_attribute", "missing_attribute"]
    assert await stored(database) == 5


async def test_an_event_that_the_handler_refuses_is_set_aside_and_its_neighbours_are_not(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts = await topic(CONTACTS)
    await send(kafka, contacts, [fact(key) for key in "abcde"])
    database, handler = await databases("scheduler"), Recorder()
    handler.refuse = {"c"}
    async with consuming(kafka, consumer_of(contacts, handler, database)):
        await until_stored(database, 5)
    assert set(handler.keys) == {"a", "b", "d", "e"}
    assert await quarantined(database) == ["refused_by_rule"]


async def test_what_a_handler_refuses_by_name_is_set_aside_with_its_batch_and_may_come_again(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts = await topic(CONTACTS, partitions=1)
    again = fact("c")
    await send(kafka, contacts, [fact("a"), fact("b"), again, fact("d")])
    database, batches, forbidden = await databases("scheduler"), list[list[str]](), {"c"}

    async def handle(_conn: asyncpg.Connection, events: Sequence[Event], _now: datetime) -> Refused:
        batches.append([event.key for event in events])
        fault = Unreadable("refused_by_rule", "change it")
        return Refused([(event, fault) for event in events if event.key in forbidden])

    async with consuming(kafka, consumer_of(contacts, handle, database)):
        await until_stored(database, 4)
        forbidden.clear()
        await send(kafka, contacts, [again])
        await until_stored(database, 5)
    assert [key for keys in batches for key in keys] == ["a", "b", "c", "d", "c"]
    assert await quarantined(database) == ["refused_by_rule"]


async def test_whatever_the_database_says_but_a_refusal_delays_and_loses_nothing(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts = await topic(CONTACTS)
    await send(kafka, contacts, [fact(key) for key in "abc"])
    database, handler = await databases("scheduler"), Recorder()
    handler.fail_with = [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.CannotConnectNowError(),
        asyncpg.LockNotAvailableError(),
        asyncpg.QueryCanceledError(),
        asyncpg.DeadlockDetectedError(),
        asyncpg.UndefinedTableError(),
        asyncpg.InternalServerError(),
    ]
    async with consuming(kafka, consumer_of(contacts, handler, database)):
        await until(lambda: len(handler.keys) == 3)
    assert sorted(handler.keys) == ["a", "b", "c"]
    assert await quarantined(database) == []


async def test_a_fact_published_twice_has_one_effect(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts = await topic(CONTACTS)
    twice = fact("a", id="same")
    await send(kafka, contacts, [twice, twice, fact("b")])
    await send(kafka, contacts, [twice, fact("c")])
    database, handler = await databases("scheduler"), Recorder()
    async with consuming(kafka, consumer_of(contacts, handler, database)):
        await until(lambda: len(handler.keys) == 3)
        await until_stored(database, 5)
    assert sorted(handler.keys) == ["a", "b", "c"]


async def until_stored(database: Database, count: int) -> None:
    async with asyncio.timeout(20):
        while await stored(database) < count:
            await asyncio.sleep(0.05)


async def test_after_a_restart_reading_goes_on_where_the_database_says(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts = await topic(CONTACTS)
    database, handler = await databases("scheduler"), Recorder()
    await send(kafka, contacts, [fact(key) for key in "abc"])
    async with consuming(kafka, consumer_of(contacts, handler, database)) as consumer:
        await until(lambda: len(handler.keys) == 3)
        await consumer.report_offsets()
    async with database.connection() as conn:
        await conn.execute("update offsets set next_offset = 0; delete from inbox")
    await send(kafka, contacts, [fact("d")])
    async with consuming(kafka, consumer_of(contacts, handler, database)):
        await until(lambda: len(handler.keys) == 7)
    assert sorted(handler.keys) == ["a", "a", "b", "b", "c", "c", "d"]


async def test_a_process_whose_offset_somebody_else_moved_changes_nothing(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts = await topic(CONTACTS, partitions=1)
    database, handler = await databases("scheduler"), Recorder()
    async with consuming(kafka, consumer_of(contacts, handler, database)) as consumer:
        await until(lambda: consumer.known == {0: 0})
        async with database.connection() as conn:
            await conn.execute("update offsets set next_offset = 2")
        await send(kafka, contacts, [fact(key) for key in "abcd"])
        await until(lambda: len(handler.keys) >= 2 and consumer.known == {0: 4})
    async with database.connection() as conn:
        assert await conn.fetchval("select count(*) from inbox") == 2
    assert handler.keys[-2:] == ["c", "d"]


async def test_a_topic_that_was_made_anew_is_read_from_its_beginning(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts = await topic(CONTACTS, partitions=1)
    database, handler = await databases("scheduler"), Recorder()
    await send(kafka, contacts, [b"{broken", *map(fact, "abc")])
    async with consuming(kafka, consumer_of(contacts, handler, database)):
        await until_stored(database, 4)
    await make_anew(kafka, contacts)
    await send(kafka, contacts, [b"{broken", fact("d")])
    consumer = consumer_of(contacts, handler, database)
    async with consuming(kafka, consumer):
        await until(lambda: consumer.known == {0: 2})
        async with database.connection() as conn:  # as if this were the third topic of its name
            await conn.execute("update offsets set next_offset = 1000")
        await send(kafka, contacts, [fact("e")])
        await until(lambda: consumer.known == {0: 3})
    assert (await stored(database), handler.keys) == (3, list("abcde"))
    assert await quarantined(database) == ["missing_attribute"] * 3
    counted = consumer._metrics.registry.get_sample_value(
        "notyet_partitions_begun_anew_total", {"topic": contacts.name}
    )
    assert counted == 2


async def make_anew(kafka: str, topic: Topic) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.delete_topics([topic.name])
    async with asyncio.timeout(20):
        while topic.name in await admin.list_topics():
            await asyncio.sleep(0.1)
    await admin.close()
    await apply(KafkaSettings(kafka_bootstrap_servers=kafka), [topic])


async def test_the_breaker_opens_instead_of_emptying_a_topic_into_quarantine(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts = await topic(CONTACTS)
    await send(kafka, contacts, [b"{broken"] * 20)
    database = await databases("scheduler")
    async with consuming(kafka, consumer_of(contacts, Recorder(), database, breaker_limit=5)) as it:
        await until(lambda: it.broken is not None)
    assert await quarantined(database) == []
    assert await stored(database) == 0


async def test_the_breaker_closes_by_itself_once_the_cause_is_gone(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "REST_SECONDS", 0.5)
    contacts = await topic(CONTACTS, partitions=1)
    keys = [str(number) for number in range(50)]
    await send(kafka, contacts, [fact(key) for key in keys])
    database, handler = await databases("scheduler"), Recorder()
    handler.refuse = set(keys)
    async with consuming(kafka, consumer_of(contacts, handler, database, breaker_limit=5)) as it:
        await until(lambda: it.broken is not None)
        assert await stored(database) == 0
        handler.refuse.clear()
        await until(lambda: handler.keys == keys)
        assert it.broken is None
    assert await quarantined(database) == []


async def test_the_breaker_gets_past_bad_records_a_probe_at_a_time_and_keeps_each(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "REST_SECONDS", 0.2)
    contacts = await topic(CONTACTS, partitions=1)
    await send(kafka, contacts, [*([b"{broken"] * 30), fact("a"), fact("b")])
    database, handler = await databases("scheduler"), Recorder()
    async with consuming(kafka, consumer_of(contacts, handler, database, breaker_limit=5)) as it:
        await until(lambda: it.broken is not None)
        await until_stored(database, 32)
        await until(lambda: it.broken is None)
    assert len(await quarantined(database)) == 30
    assert handler.keys[-2:] == ["a", "b"]


async def test_of_two_states_the_newer_wins_in_whatever_order_they_come(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    candidates = await topic(CANDIDATES)
    await send(kafka, candidates, [state("a", 2), state("a", 1), state("b", 1)])
    database, handler = await databases("scheduler"), Recorder()
    async with consuming(kafka, consumer_of(candidates, handler, database)):
        await until(lambda: len(handler.keys) == 2)
        await until_stored(database, 3)
    assert sorted(handler.keys) == ["a", "b"]


async def test_an_erased_entity_is_not_recreated_by_a_late_state(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    candidates = await topic(CANDIDATES)
    erased = Event.tombstone("a", "dev.notyet.candidate.erased.v1", source="intake", at=NOON)
    await send(kafka, candidates, [state("a", 1), erased, state("a", 9)])
    await send(kafka, candidates, [state("a", 10), state("b")])
    database, handler = await databases("scheduler"), Recorder()
    async with consuming(kafka, consumer_of(candidates, handler, database)):
        await until_stored(database, 5)
    assert handler.keys.count("a") <= 2
    async with database.connection() as conn:
        assert await conn.fetchval("select erased_at is not null from versions where key = 'a'")


@pytest.mark.parametrize("headers", [[("ce_id", b"\xff\xfe")], [("ce_id", None)], [("x", b"\xff")]])
async def test_headers_in_no_known_encoding_cannot_stop_the_subscriber(
    kafka: str, topic: MakeTopic, databases: Databases, headers: list[tuple[str, bytes]]
) -> None:
    contacts = await topic(CONTACTS, partitions=1)
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    await producer.send_and_wait(contacts.name, value=b"{}", headers=headers)
    await producer.stop()
    await send(kafka, contacts, [fact("a")])
    database, handler = await databases("scheduler"), Recorder()
    async with consuming(kafka, consumer_of(contacts, handler, database)) as consumer:
        await until(lambda: handler.keys == ["a"])
        assert TopicPartition(contacts.name, 0) in consumer.consumer.assignment()
    assert len(await quarantined(database)) == 1
