"""Nothing is sent before all that was reported has been read, wherever on the topic it lies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.notifier import restore_guard
from services.notifier.restore_guard import RestoreGuard
from shared.contract.topics import NOTIFICATIONS, Topic
from shared.runtime import offsets
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.partitions import PartitionCount
from shared.runtime.postgres import Database
from tests.conftest import MakeTopic
from tests.databases import Databases


@asynccontextmanager
async def guarding(kafka: str, database: Database, topic: Topic) -> AsyncIterator[RestoreGuard]:
    count = PartitionCount(lambda: AIOKafkaProducer(bootstrap_servers=kafka), topic)
    yield RestoreGuard(database, KafkaSettings(kafka_bootstrap_servers=kafka), count)
    await count.stop()


async def reported_on(kafka: str, topic: Topic, partition: int) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        await producer.send_and_wait(topic.name, b"{}", partition=partition)


@pytest.mark.parametrize("partitions", [2, 9])
async def test_what_lies_on_the_last_partition_there_is_has_to_be_read(
    kafka: str,
    topic: MakeTopic,
    databases: Databases,
    monkeypatch: pytest.MonkeyPatch,
    partitions: int,
) -> None:
    notifications = await topic(NOTIFICATIONS, partitions=partitions)
    monkeypatch.setattr(restore_guard, "NOTIFICATIONS", notifications)
    database = await databases("notifier")
    await reported_on(kafka, notifications, partitions - 1)
    async with guarding(kafka, database, notifications) as guard:
        assert not await guard.caught_up()
        async with database.transaction() as conn:
            await offsets.load(conn, notifications.name, [partitions - 1])
            await offsets.move(conn, notifications.name, {partitions - 1: 0}, {partitions - 1: 1})
        assert await guard.caught_up()
        assert guard.done


async def test_where_the_topic_is_not_seen_nothing_counts_as_read(
    kafka: str, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = Topic("test.missing.v1", "id", (), ("notifier",), (), None)
    monkeypatch.setattr(restore_guard, "NOTIFICATIONS", missing)
    async with guarding(kafka, await databases("notifier"), missing) as guard:
        with pytest.raises(KafkaError):
            await guard.caught_up()
