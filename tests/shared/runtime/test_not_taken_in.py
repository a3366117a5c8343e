import dataclasses
from collections.abc import Sequence
from datetime import datetime

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer

from shared.contract.events.cloudevents import Event, Unreadable, encode
from shared.contract.topics import APPLICATIONS, CANDIDATES, CONTACTS, Topic
from shared.runtime.postgres import Database
from shared.runtime.processing import Missed
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.shared.runtime.streams import consumer_of, consuming, fact, send, state, until

UNKNOWN = "dev.notyet.candidate.sang.v1"


class Ear:
    """Handles events and hears of those that were not, all in one list."""

    def __init__(self, refuse: str = "") -> None:
        self.heard: list[str] = []
        self.refuse = refuse

    async def handle(self, _: asyncpg.Connection, events: Sequence[Event], __: datetime) -> None:
        if self.refuse in [event.key for event in events]:
            raise Unreadable("refused_by_rule", "change it")
        self.heard += [event.key for event in events]

    async def miss(self, conn: asyncpg.Connection, missed: Sequence[Missed], _: datetime) -> None:
        assert conn.is_in_transaction()
        self.heard += [f"not {one.key}" for one in missed]


def of_unknown_type(event: Event) -> Event:
    return dataclasses.replace(event, type=UNKNOWN)


async def send_raw(kafka: str, topic: Topic, key: bytes, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    await producer.send_and_wait(topic.name, key=key, value=value, partition=0)
    await producer.stop()


async def counted(database: Database, table: str) -> int:
    async with database.connection() as conn:
        return int(await conn.fetchval(f"select count(*) from {table}"))


async def stored(database: Database) -> int:
    async with database.connection() as conn:
        return int(await conn.fetchval("select coalesce(sum(next_offset), 0)::int from offsets"))


async def test_an_unknown_type_of_ours_is_counted_logged_once_and_passed_over(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts, database, ear = await topic(CONTACTS), await databases("scheduler"), Ear()
    news = [of_unknown_type(fact(f"new-{number}")) for number in range(20)]
    await send(kafka, contacts, [*news, fact("a")])
    consumer = consumer_of(contacts, ear.handle, database, breaker_limit=1)
    with structlog.testing.capture_logs() as logs:
        async with consuming(kafka, consumer):
            await until(lambda: sum(consumer.known.values()) == 21)
            assert consumer.broken is None
    assert ear.heard == ["a"]
    assert await stored(database) == 21
    assert await counted(database, "quarantine") == 0
    assert [log["type"] for log in logs if log["event"] == "event.unknown_type"] == [UNKNOWN]
    sample = consumer._metrics.registry.get_sample_value
    assert sample("notyet_unknown_events_total", {"topic": contacts.name}) == 20


async def test_an_unknown_type_from_elsewhere_is_set_aside_and_no_breaker_counts_it(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    applications, database, ear = await topic(APPLICATIONS), await databases("intake"), Ear()
    await send(kafka, applications, [of_unknown_type(fact(f"p-{number}")) for number in range(9)])
    consumer = consumer_of(applications, ear.handle, database, breaker_limit=2)
    async with consuming(kafka, consumer):
        await until(lambda: sum(consumer.known.values()) == 9)
        assert consumer.broken is None
    async with database.connection() as conn:
        reasons = await conn.fetch("select distinct reason, detail from quarantine")
    assert [row["reason"] for row in reasons] == ["unknown_type"]
    assert "dev.notyet.applicant.rejected.v1" in reasons[0]["detail"]
    assert await counted(database, "quarantine") == 9


async def test_whose_knowledge_was_not_taken_in_is_told_in_the_same_transaction(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    candidates = await topic(CANDIDATES, partitions=1)
    database, ear = await databases("scheduler"), Ear(refuse="refused")
    await send(kafka, candidates, [of_unknown_type(state("unknown")), state("fine")])
    await send_raw(kafka, candidates, b"broken", b"{")
    await send_raw(kafka, candidates, b"\xff", b"{")
    await send(kafka, candidates, [state("refused")])
    consumer = consumer_of(candidates, ear.handle, database, not_taken_in=ear.miss)
    async with consuming(kafka, consumer):
        await until(lambda: consumer.known == {0: 5})
    assert {key for key in ear.heard if key.startswith("not ")} == {
        "not unknown",
        "not broken",
        "not refused",
    }
    assert "fine" in ear.heard


async def test_what_was_not_taken_in_is_told_before_the_news_that_follow_and_after_those_before(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    candidates = await topic(CANDIDATES, partitions=1)
    database, ear = await databases("scheduler"), Ear()
    events = [state("a", 1), of_unknown_type(state("a", 2)), state("a", 3), state("b", 1)]
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    batch = producer.create_batch()
    for event in [*events, of_unknown_type(state("b", 2))]:
        headers, value = encode(event)
        batch.append(timestamp=None, key=event.key.encode(), value=value, headers=headers)
    await (await producer.send_batch(batch, candidates.name, partition=0))
    await producer.stop()
    consumer = consumer_of(candidates, ear.handle, database, not_taken_in=ear.miss)
    async with consuming(kafka, consumer):
        await until(lambda: consumer.known == {0: 5})
    assert ear.heard == ["a", "not a", "a", "b", "not b"]
