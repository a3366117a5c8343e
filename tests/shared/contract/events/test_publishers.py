"""What other programs publish arrives as the same event, whatever they publish with."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from cloudevents.core.bindings import kafka as sdk
from cloudevents.core.formats.json import JSONFormat
from confluent_kafka import Producer

from shared.contract.events.decoding import decode
from shared.contract.topics import APPLICATIONS
from tests.conftest import MakeTopic
from tests.shared.contract.events.records import Record, binary, structured
from tests.shared.contract.events.test_cloudevents import EXPECTED, from_sdk, sdk_event


async def with_aiokafka(kafka: str, topic: str, record: Record) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    await producer.send_and_wait(topic, record.value, key=record.key, headers=record.headers)
    await producer.stop()


async def with_confluent(kafka: str, topic: str, record: Record) -> None:
    producer = Producer({"bootstrap.servers": kafka})
    producer.produce(topic, record.value, key=record.key, headers=record.headers)
    await asyncio.to_thread(producer.flush, 10)


async def one_record(kafka: str, topic: str) -> Any:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(20):
            return await consumer.getone()
    finally:
        await consumer.stop()


clients = pytest.mark.parametrize("publish", [with_aiokafka, with_confluent])
modes = pytest.mark.parametrize(
    "record",
    [
        pytest.param(binary(), id="binary"),
        pytest.param(structured(), id="structured"),
        pytest.param(from_sdk(sdk.to_binary(sdk_event(), JSONFormat())), id="sdk_binary"),
        pytest.param(from_sdk(sdk.to_structured(sdk_event(), JSONFormat())), id="sdk_structured"),
    ],
)


@clients
@modes
async def test_any_publisher_is_understood(
    kafka: str, topic: MakeTopic, publish: Callable[..., Any], record: Record
) -> None:
    applications = await topic(APPLICATIONS, partitions=1)
    await publish(kafka, applications.name, record)
    assert decode(await one_record(kafka, applications.name), applications) == EXPECTED


async def test_headers_without_a_value_harm_nobody(kafka: str, topic: MakeTopic) -> None:
    applications = await topic(APPLICATIONS, partitions=1)
    record = binary()
    record.headers = [("empty", None), ("bytes", b"\xff\xfe"), *record.headers]
    await with_confluent(kafka, applications.name, record)
    assert decode(await one_record(kafka, applications.name), applications) == EXPECTED
