"""The broker's topics become what is declared, and a second run finds nothing to do."""

import dataclasses
from collections.abc import AsyncIterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from shared.contract.topics import CANDIDATES, CONTACTS, Topic
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.topics_admin import Refused, apply
from tests.conftest import MakeTopic


@pytest.fixture
async def admin(kafka: str) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await client.start()
    yield client
    await client.close()


def at(kafka: str) -> KafkaSettings:
    return KafkaSettings(kafka_bootstrap_servers=kafka)


async def settings_of(admin: AIOKafkaAdminClient, topic: Topic) -> dict[str, str]:
    resource = ConfigResource(ConfigResourceType.TOPIC, topic.name)
    (response,) = await admin.describe_configs([resource])
    entries = response.to_object()["resources"][0]["config_entries"]
    return {entry["config_names"]: entry["config_value"] for entry in entries}


async def partitions_of(admin: AIOKafkaAdminClient, topic: Topic) -> int:
    shown = {each["topic"]: each["partitions"] for each in await admin.describe_topics()}
    return len(shown[topic.name])


@pytest.mark.parametrize("like", [CANDIDATES, CONTACTS], ids=["state", "facts"])
async def test_topic_is_created_as_declared(
    admin: AIOKafkaAdminClient, topic: MakeTopic, like: Topic
) -> None:
    made = await topic(like, partitions=4)
    assert await partitions_of(admin, made) == 4
    settings = await settings_of(admin, made)
    assert {name: settings[name] for name in made.config} == made.config


async def test_second_run_finds_nothing_to_do(kafka: str, topic: MakeTopic) -> None:
    assert await apply(at(kafka), [await topic(CANDIDATES)]) == []


async def test_topic_with_too_few_partitions_is_widened(
    kafka: str, admin: AIOKafkaAdminClient, topic: MakeTopic
) -> None:
    made = await topic(CONTACTS, partitions=2)
    lines = await apply(at(kafka), [dataclasses.replace(made, partitions=5)])
    assert lines == [f"{made.name}: widened from 2 to 5 partitions"]
    assert await partitions_of(admin, made) == 5


async def test_partitions_are_never_taken_away(
    kafka: str, admin: AIOKafkaAdminClient, topic: MakeTopic
) -> None:
    made = await topic(CONTACTS, partitions=3)
    lines = await apply(at(kafka), [dataclasses.replace(made, partitions=2)])
    assert lines == [f"{made.name}: keeps 3 partitions, 2 are declared"]
    assert await partitions_of(admin, made) == 3


async def test_changed_setting_is_set_and_a_stranger_is_left_alone(
    kafka: str, admin: AIOKafkaAdminClient, topic: MakeTopic
) -> None:
    made = await topic(CANDIDATES, **{"segment.ms": "60000", "max.message.bytes": "900000"})
    lines = await apply(at(kafka), [made])
    assert lines == [f"{made.name}: set segment.ms={made.config['segment.ms']}"]
    settings = await settings_of(admin, made)
    assert settings["segment.ms"] == made.config["segment.ms"]
    assert settings["max.message.bytes"] == "900000"


async def test_refused_topic_is_named_with_the_brokers_reason(kafka: str) -> None:
    wrong = dataclasses.replace(CONTACTS, name="not a name")
    with pytest.raises(Refused, match="not a name"):
        await apply(at(kafka), [wrong])
