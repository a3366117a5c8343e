"""Makes the broker's topics what `topics.py` declares; safe to run again at any time."""

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from shared.contract.topics import ALL, Topic
from shared.runtime.kafka_settings import KafkaSettings

_SET_ON_THE_TOPIC = 1
"""Kafka's mark for a setting somebody gave to this topic, as opposed to a default."""

_SHOWN_WITHIN_SECONDS = 15


class Refused(Exception):
    """The broker would not create or widen a topic; the text says which, and its reason."""


async def apply(
    kafka: KafkaSettings,
    topics: Sequence[Topic] = ALL,
    *,
    overrides: Mapping[str, str] = {},
    replication_factor: int = 1,
) -> list[str]:
    """Creates, widens and configures topics as declared; returns in lines what it changed.

    Partitions are only ever added, and settings that the declaration does not mention stay as
    they are. `overrides` go before the declared settings. Raises Refused, or KafkaError when no
    broker answers.
    """
    admin = AIOKafkaAdminClient(**kafka.kafka_client())
    await admin.start()
    try:
        created = await _create(admin, topics, overrides, replication_factor)
        older = [topic for topic in topics if topic.name not in created]
        return [
            *(f"{name}: created" for name in created),
            *await _widen(admin, older),
            *await _configure(admin, older, overrides),
        ]
    finally:
        await admin.close()


async def _create(
    admin: AIOKafkaAdminClient,
    topics: Sequence[Topic],
    overrides: Mapping[str, str],
    replication_factor: int,
) -> list[str]:
    """Creates what is missing; returns when the broker shows every topic."""
    shown = await _partitions(admin)
    missing = [
        NewTopic(
            topic.name,
            topic.partitions,
            replication_factor,
            topic_configs={**topic.config, **overrides},
        )
        for topic in topics
        if topic.name not in shown
    ]
    if not missing:
        return []
    response = await admin.create_topics(missing)
    created = []
    for name, code, message in response.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            raise Refused(f"{name}: {message or for_code(code).description}")
        if code == 0:
            created.append(name)
    await _shown(admin, {topic.name for topic in topics})
    return created


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    return {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}


async def _shown(admin: AIOKafkaAdminClient, names: set[str]) -> None:
    """Waits for what was created: a broker learns of it a little after the controller."""
    async with asyncio.timeout(_SHOWN_WITHIN_SECONDS):
        while names - (await _partitions(admin)).keys():
            await asyncio.sleep(0.05)


async def _widen(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> list[str]:
    partitions = await _partitions(admin) if topics else {}
    lines = []
    for topic in topics:
        have = partitions[topic.name]
        if have < topic.partitions:
            try:
                await admin.create_partitions({topic.name: NewPartitions(topic.partitions)})
            except KafkaError as error:
                raise Refused(str(error)) from error
            lines.append(f"{topic.name}: widened from {have} to {topic.partitions} partitions")
        elif have > topic.partitions:
            lines.append(f"{topic.name}: keeps {have} partitions, {topic.partitions} are declared")
    return lines


async def _configure(
    admin: AIOKafkaAdminClient, topics: Sequence[Topic], overrides: Mapping[str, str]
) -> list[str]:
    if not topics:
        return []
    try:
        settings = await _settings(admin, [topic.name for topic in topics])
    except KafkaError:
        return ["settings: this broker does not tell them; compare them by hand"]
    lines = []
    for topic in topics:
        wanted = {**topic.config, **overrides}
        known, own = settings[topic.name]
        differing = {name: value for name, value in wanted.items() if known.get(name) != value}
        if differing:
            done = await _alter(admin, topic.name, {**own, **wanted})
            verb = "set" if done else "this broker does not take"
            lines.append(f"{topic.name}: {verb} {', '.join(map('='.join, differing.items()))}")
    return lines


async def _settings(
    admin: AIOKafkaAdminClient, names: Sequence[str]
) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """Returns all settings of each topic, and those of them that were set on the topic itself."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    (response,) = await admin.describe_configs(resources)
    settings = {}
    for described in response.to_object()["resources"]:
        if described["error_code"]:
            raise for_code(described["error_code"])(described["error_message"])
        entries = described["config_entries"]
        settings[described["resource_name"]] = (
            {entry["config_names"]: entry["config_value"] for entry in entries},
            {
                entry["config_names"]: entry["config_value"]
                for entry in entries
                if entry.get("config_source") == _SET_ON_THE_TOPIC
            },
        )
    return settings


async def _alter(admin: AIOKafkaAdminClient, name: str, settings: Mapping[str, str]) -> bool:
    """Replaces all settings of a topic; the protocol's version in use knows no smaller change."""
    resource = ConfigResource(ConfigResourceType.TOPIC, name, dict(settings))
    try:
        responses = await admin.alter_configs([resource])
    except KafkaError:
        return False
    errors = [code for response in responses for code, *_ in response.resources]
    return not any(errors)
