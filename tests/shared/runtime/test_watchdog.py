import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
import pytest

from shared.contract.events.cloudevents import Event
from shared.contract.topics import CONTACTS
from shared.runtime import consumer as consuming_topics
from shared.runtime.consumer import TopicConsumer
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.postgres import Database
from shared.runtime.telemetry import Metrics
from shared.runtime.watchdog import Watchdog
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.shared.runtime.streams import consumer_of, consuming, fact, send, until


async def _does_nothing(_: asyncpg.Connection, __: Sequence[Event], ___: datetime) -> None: ...


def _watchdog(
    consumer: TopicConsumer, database: Database, kafka: str, *, patience: float = 0.2
) -> Watchdog:
    return Watchdog(
        [consumer], database, KafkaSettings(kafka_bootstrap_servers=kafka), Metrics(), patience
    )


async def test_a_consumer_that_stands_still_beside_unread_records_is_stuck(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts, database = await topic(CONTACTS), await databases("scheduler")
    released = asyncio.Event()

    async def stand_still(_: asyncpg.Connection, __: Sequence[Event], ___: datetime) -> None:
        await released.wait()

    consumer = consumer_of(contacts, stand_still, database)
    watchdog = _watchdog(consumer, database, kafka)
    await send(kafka, contacts, [fact("a")])
    async with consuming(kafka, consumer):
        await until(lambda: bool(consumer.known))
        async with asyncio.timeout(20):
            while not watchdog.stuck:
                await watchdog.look()
        assert watchdog.stuck == contacts.name
        released.set()
    await watchdog.stop()


async def test_a_hung_process_is_found_while_its_sibling_moves(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts, database = await topic(CONTACTS, partitions=4), await databases("scheduler")
    released, hung = asyncio.Event(), asyncio.Event()

    async def hang(_: asyncpg.Connection, __: Sequence[Event], ___: datetime) -> None:
        hung.set()
        await released.wait()

    hanging = consumer_of(contacts, hang, database)
    moving = consumer_of(contacts, _does_nothing, await databases("scheduler"))
    judges = [_watchdog(each, database, kafka, patience=3) for each in (hanging, moving)]

    async def keep_sending() -> None:
        number = 0
        while not released.is_set():
            await send(kafka, contacts, [fact(f"{number}-{key}") for key in range(20)])
            number += 1

    async with consuming(kafka, hanging), consuming(kafka, moving):
        await until(lambda: len(hanging.known) == len(moving.known) == 2)
        sending = asyncio.create_task(keep_sending())
        await hung.wait()
        async with asyncio.timeout(40):
            while not judges[0].stuck:
                for judge in judges:
                    await judge.look()
        assert judges[1].stuck is None
        released.set()
        await sending
    for judge in judges:
        await judge.stop()


async def test_of_a_partition_that_was_given_away_no_lag_is_told_any_more(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts, database = await topic(CONTACTS, partitions=2), await databases("scheduler")
    consumer = consumer_of(contacts, _does_nothing, database)
    metrics = Metrics()
    watchdog = Watchdog(
        [consumer], database, KafkaSettings(kafka_bootstrap_servers=kafka), metrics, 60
    )

    def told() -> set[str]:
        (family,) = metrics.lag.collect()
        return {sample.labels["partition"] for sample in family.samples}

    async with consuming(kafka, consumer):
        await until(lambda: len(consumer.known) == 2)
        await watchdog.look()
        assert told() == {"0", "1"}
        del consumer.known[0]
        await watchdog.look()
        assert told() == {"1"}
    await watchdog.stop()


async def test_a_consumer_that_has_read_everything_may_stand_still(
    kafka: str, topic: MakeTopic, databases: Databases
) -> None:
    contacts, database = await topic(CONTACTS), await databases("scheduler")
    consumer = consumer_of(contacts, _does_nothing, database)
    watchdog = _watchdog(consumer, database, kafka, patience=0)
    await send(kafka, contacts, [fact("a")])
    async with consuming(kafka, consumer):
        await until(lambda: 1 in consumer.known.values())
        for _ in range(3):
            await watchdog.look()
    assert watchdog.stuck is None
    assert time.monotonic() - watchdog.broker_seen_at < 10
    await watchdog.stop()


async def test_a_coordinator_that_never_answers_does_not_hold_up_the_watchdog(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts, database = await topic(CONTACTS), await databases("scheduler")
    consumer = consumer_of(contacts, _does_nothing, database)
    watchdog = _watchdog(consumer, database, kafka)
    monkeypatch.setattr(consuming_topics, "REPORT_WITHIN_SECONDS", 0.1)

    async def never(_: Any) -> None:
        await asyncio.Event().wait()

    async with consuming(kafka, consumer):
        await until(lambda: bool(consumer.known))
        monkeypatch.setattr(consumer.consumer, "commit", never)
        async with asyncio.timeout(10):
            await watchdog.look()
    await watchdog.stop()
