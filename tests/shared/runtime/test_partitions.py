"""Heartbeats follow the partitions that exist, though somebody widened the topic meanwhile."""

import asyncio
import json
from collections.abc import Callable

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from services.intake.applicants.jobs import Heartbeats
from shared.contract.topics import RECIPIENTS, Topic
from shared.runtime import outbox
from shared.runtime.partitions import PartitionCount
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.shared.runtime.streams import NOON, received, relay_of


def producers(kafka: str) -> Callable[[], AIOKafkaProducer]:
    return lambda: AIOKafkaProducer(bootstrap_servers=kafka)


async def widen(kafka: str, topic: Topic, partitions: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_partitions({topic.name: NewPartitions(partitions)})
    await admin.close()


async def test_a_widened_topic_gets_heartbeats_on_all_its_partitions(
    kafka: str, topic: MakeTopic, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await databases("scheduler")
    recipients = await topic(RECIPIENTS, partitions=3)
    monkeypatch.setattr(outbox, "RECIPIENTS", recipients)
    count = PartitionCount(producers(kafka), recipients)
    heartbeats = Heartbeats(database, count)
    relay = relay_of(kafka, database)
    await heartbeats.write(NOON)
    while await relay.publish_once():
        pass

    await widen(kafka, recipients, 5)
    await heartbeats.write(NOON)
    while await relay.publish_once():
        pass

    await relay.stop()
    await count.stop()
    records = await received(kafka, recipients, 8)
    bodies = [json.loads(record.value) for record in records]
    assert sorted((it["partition"], it["partitions"]) for it in bodies) == sorted(
        [(number, 3) for number in range(3)] + [(number, 5) for number in range(5)]
    )
    assert all(
        it["partition"] == record.partition for it, record in zip(bodies, records, strict=True)
    )


async def test_who_asks_at_once_while_a_connection_is_opened_hears_the_same(
    kafka: str, topic: MakeTopic
) -> None:
    count = PartitionCount(producers(kafka), await topic(RECIPIENTS, partitions=3))
    assert await asyncio.gather(*(count.asked() for _ in range(3))) == [3, 3, 3]
    await count.stop()


async def test_while_no_broker_answers_the_declared_number_counts() -> None:
    count = PartitionCount(producers("127.0.0.1:1"), RECIPIENTS)
    assert await count.now() == RECIPIENTS.partitions
    await count.stop()
