"""Whoever said stop hears nothing more, whatever became of the record that says so."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.local.demo.personas import NURSE, Attitude, Person
from deploy.local.demo.recipients import link_in, press
from shared.contract.topics import CANDIDATES, RECIPIENTS, Topic
from shared.runtime.publisher import partition_of
from tests.journeys.acts import reject, runner_up
from tests.journeys.conftest import Stage, commanded

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.campaign]

WIDENED = 9


@pytest.fixture(scope="module")
def stage(own_stage: Stage) -> Stage:
    """Not the shared one, for the broker is told to refuse."""
    return own_stage


def people(first: int, count: int, family: str) -> list[Person]:
    return [
        Person(number, f"P{number}", family, "Europe/Vienna", "AT", Attitude.SILENT)
        for number in range(first, first + count)
    ]


@asynccontextmanager
async def administering(stage: Stage) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=stage.stack.bootstrap_servers)
    await admin.start()
    yield admin
    await admin.close()


async def allow(stage: Stage, most_bytes: int, *topics: Topic) -> None:
    """Makes the broker refuse whatever is larger on these topics."""
    most = {"max.message.bytes": str(most_bytes)}
    changes = [
        ConfigResource(ConfigResourceType.TOPIC, topic.name, topic.config | most)
        for topic in topics
    ]
    async with administering(stage) as admin:
        await admin.alter_configs(changes)


async def written_to_once_and_turned_down_again(
    stage: Stage, persons: Sequence[Person]
) -> dict[Person, str]:
    """Brings people's first letters, and has a second one planned; returns their own pages."""
    await reject(stage, *(runner_up(person) for person in persons))
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=5))
    await reject(stage, *(runner_up(person, NURSE) for person in persons))
    await stage.simulated_time.wait_until_idle()
    return {p: link_in((await stage.mail_to(p.email))[0], "c") or "" for p in persons}


async def ids(stage: Stage) -> dict[str, str]:
    rows = await stage.conn.fetch("select recipient_id, state from notifier.recipients")
    return {
        row["state"].split('"emails": ["')[1].split('"')[0]: row["recipient_id"] for row in rows
    }


async def letters(stage: Stage, persons: Sequence[Person]) -> list[int]:
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=6))
    return [len(await stage.mail_to(person.email)) for person in persons]


async def test_a_stop_that_the_broker_refuses_is_honoured(stage: Stage) -> None:
    stopped, other = people(1, 2, "Featherstonehaugh-Cholmondeley-Marjoribanks")
    pages = await written_to_once_and_turned_down_again(stage, [stopped, other])
    await allow(stage, 700, CANDIDATES, RECIPIENTS)
    assert await press(stage.http, pages[stopped], "stop")
    assert await letters(stage, [stopped, other]) == [1, 2]
    theirs = (await ids(stage))[stopped.email]
    assert theirs[:30] in commanded(stage.stack, "notifier", "recipients", "unread")

    await allow(stage, 1_000_000, CANDIDATES, RECIPIENTS)
    commanded(stage.stack, "intake", "outbox", "retry")
    assert await letters(stage, [stopped]) == [1]
    assert "newest state is read" in commanded(stage.stack, "notifier", "recipients", "unread")


async def test_a_stop_on_a_partition_that_was_added_is_honoured_and_the_others_hear_on(
    stage: Stage,
) -> None:
    persons = people(100, 20, "Marsh")
    pages = await written_to_once_and_turned_down_again(stage, persons)
    known = await ids(stage)
    stopped = [p for p in persons if partition_of(known[p.email], WIDENED) >= RECIPIENTS.partitions]
    assert stopped
    async with administering(stage) as admin:
        await admin.create_partitions({RECIPIENTS.name: NewPartitions(WIDENED)})
    await until_heard_of(stage, WIDENED)
    # Only the notifier hears of it, which has the last word.
    await allow(stage, 300, CANDIDATES)
    for person in stopped:
        assert await press(stage.http, pages[person], "stop")
    await stage.simulated_time.wait_until_idle()
    assert {known[person.email] for person in stopped} <= await keys_on_added_partitions(stage)
    expected = [1 if person in stopped else 2 for person in persons]
    assert await letters(stage, persons) == expected


async def until_heard_of(stage: Stage, partitions: int) -> None:
    async with asyncio.timeout(90):
        while partitions > await stage.conn.fetchval("select count(*) from notifier.heartbeats"):
            await asyncio.sleep(0.5)


async def keys_on_added_partitions(stage: Stage) -> set[str]:
    added = [
        TopicPartition(RECIPIENTS.name, number) for number in range(RECIPIENTS.partitions, WIDENED)
    ]
    async with AIOKafkaConsumer(bootstrap_servers=stage.stack.bootstrap_servers) as consumer:
        consumer.assign(added)
        await consumer.seek_to_beginning()
        fetched = await consumer.getmany(timeout_ms=5000)
    return {record.key.decode() for records in fetched.values() for record in records}
