"""On a broker that asks who one is and allows nothing by itself, the declared rights suffice."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError
from faststream.kafka import KafkaBroker
from faststream.kafka import TopicPartition as Partition
from typer.testing import CliRunner

from deploy.local.broker import apache_kafka_missing
from deploy.local.demo.personas import SENIOR_ENGINEER, Attitude, Person
from deploy.local.demo.recipients import link_in
from deploy.local.demo.upstream import SOURCE, Upstream
from shared.contract.topics import ALL, NOTIFICATIONS, RECIPIENTS, VACANCIES, ServiceName, Topic
from shared.runtime.acls import Role
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.topics_commands import topics
from tests.databases import SERVICES
from tests.journeys.acts import runner_up, say_yes
from tests.journeys.conftest import Stage, api_key, running
from tests.secured_broker import ADMIN, SecuredBroker, secured_broker

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        apache_kafka_missing() is not None,
        reason=f"needs an Apache Kafka with users and rights: {apache_kafka_missing()}",
    ),
]

ADA = Person(1, "Ada", "Moreno", "Europe/Vienna", "AT", Attitude.EAGER)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredBroker]:
    with secured_broker(tmp_path_factory.mktemp("secured")) as broker:
        topics_command(broker.by_scram(ADMIN), "acls", "--apply")
        yield broker


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(
    secured: SecuredBroker, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """Everybody logs in as themselves; the topics are made by the operator."""
    logins = {service: secured.by_scram(f"notyet-{service}") for service in SERVICES}
    with pytest.MonkeyPatch.context() as patched:
        for name, value in secured.by_scram("notyet-operator").items():
            patched.setenv(name, value)
        directory = tmp_path_factory.mktemp("stage")
        async with running(directory, broker=secured.scram, own_env=logins) as opened:
            yield opened


def topics_command(env: dict[str, str], *words: str) -> str:
    done = CliRunner().invoke(topics, words, env=env, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def settings(env: dict[str, str]) -> KafkaSettings:
    with pytest.MonkeyPatch.context() as patched:
        for name in [name for name in os.environ if name.startswith("NOTYET_KAFKA_")]:
            patched.delenv(name)
        for name, value in env.items():
            patched.setenv(name, value)
        return KafkaSettings()


def client_of(secured: SecuredBroker, role: Role) -> dict[str, Any]:
    return settings(secured.by_scram(f"notyet-{role}")).kafka_client()


async def test_a_rejection_becomes_a_letter_a_yes_and_a_shortlist(
    stage: Stage, secured: SecuredBroker
) -> None:
    async with AIOKafkaProducer(**client_of(secured, "upstream")) as producer:
        key = await api_key(stage.stack, SOURCE)
        upstream = Upstream(stage.http, stage.stack.intake_url, key, producer)
        await upstream.reject([runner_up(ADA)], stage.simulated_time.now())
        await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=7))
        await say_yes(stage, ADA)
        await upstream.reopen(SENIOR_ENGINEER, stage.simulated_time.now())
        await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(hours=2))
    (shortlist,) = await stage.mail_to(SENIOR_ENGINEER.recruiter_email)
    assert ADA.family in (await stage.http.get(link_in(shortlist, "s") or "")).text


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_is_refused_all_that_it_is_not_declared_to_read(
    stage: Stage, secured: SecuredBroker, service: ServiceName
) -> None:
    foreign = [topic for topic in ALL if service not in topic.consumers]
    assert (RECIPIENTS in foreign) == (service != "notifier")
    for topic in foreign:
        with pytest.raises(TopicAuthorizationFailedError):
            await read(client_of(secured, service), topic)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_is_refused_all_that_it_is_not_declared_to_write(
    stage: Stage, secured: SecuredBroker, service: ServiceName
) -> None:
    async with AIOKafkaProducer(**client_of(secured, service)) as producer:
        for topic in ALL:
            if service not in topic.producers:
                with pytest.raises(TopicAuthorizationFailedError):
                    await producer.send_and_wait(topic.name, b"{}", partition=0)


async def test_a_service_cannot_take_the_place_of_another_in_its_group(
    stage: Stage, secured: SecuredBroker
) -> None:
    consumer = AIOKafkaConsumer(group_id=VACANCIES.group("intake"), **client_of(secured, "matcher"))
    await consumer.start()
    consumer.assign([TopicPartition(VACANCIES.name, 0)])
    try:
        with pytest.raises(GroupAuthorizationFailedError):
            await consumer.commit({TopicPartition(VACANCIES.name, 0): 0})
    finally:
        await consumer.stop()


async def test_rights_once_given_are_found_and_one_that_is_not_declared_is_named(
    stage: Stage, secured: SecuredBroker
) -> None:
    admin = secured.by_scram(ADMIN)
    told = await asyncio.to_thread(topics_command, admin, "acls", "--apply")
    assert told == "All rights are as declared.\n"
    other = ("--principal", "scheduler=User:notyet-matcher")
    told = await asyncio.to_thread(topics_command, admin, "acls", "--apply", *other)
    assert "User:notyet-matcher: Read Topic notyet.profiles.v1" not in told
    told = await asyncio.to_thread(topics_command, admin, "acls", "--apply")
    assert "User:notyet-matcher: Write Topic notyet.contacts.v1: not declared, take it away" in told


@pytest.mark.parametrize("way", ["by_password_over_tls", "by_token", "by_certificate"])
async def test_every_way_of_logging_in_lets_our_clients_in_as_that_principal(
    stage: Stage, secured: SecuredBroker, way: str
) -> None:
    kafka = settings(getattr(secured, way)("notyet-notifier"))
    async with AIOKafkaProducer(**kafka.kafka_client()) as producer:
        await producer.send_and_wait(NOTIFICATIONS.name, b"{}", partition=0)
        with pytest.raises(TopicAuthorizationFailedError):
            await producer.send_and_wait(RECIPIENTS.name, b"{}", partition=0)
    broker = KafkaBroker(**kafka.kafka_broker(), consumer_only=True, logger=None)
    heard = asyncio.Event()

    @broker.subscriber(partitions=[Partition(NOTIFICATIONS.name, 0)], auto_offset_reset="earliest")
    async def hear(_: Any) -> None:
        heard.set()

    async with asyncio.timeout(20), broker:
        await broker.start()
        await heard.wait()


async def read(client: dict[str, Any], topic: Topic) -> None:
    """Reads one record; who may not even see the topic is refused before that."""
    async with AIOKafkaProducer(**client) as producer:
        await producer.partitions_for(topic.name)
    consumer = AIOKafkaConsumer(auto_offset_reset="earliest", **client)
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic.name, 0)])
        async with asyncio.timeout(10):
            await consumer.getone()
    finally:
        await consumer.stop()
