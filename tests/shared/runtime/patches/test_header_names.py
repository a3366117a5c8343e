import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.consumer import fetcher
from aiokafka.producer import message_accumulator
from aiokafka.producer import producer as producer_
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from aiokafka.record.memory_records import MemoryRecords

from shared.contract.events.cloudevents import Event
from shared.contract.topics import CONTACTS
from shared.runtime.patches.header_names import accept_any_header_name
from tests.conftest import MakeTopic
from tests.databases import Databases
from tests.shared.runtime.streams import consumer_of, consuming, fact, send, until


class Malformed(str):
    """A header's name whose bytes are not UTF-8."""

    def encode(self, *_: Any) -> bytes:
        return b"ce_\xff\xfe"


async def produce(kafka: str, topic: str, compression: str | None) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka, linger_ms=200, compression_type=compression
    )
    await producer.start()
    sent = [
        await producer.send(topic, b"before", key=b"1", headers=[("ce_id", b"1")]),
        await producer.send(topic, b"bad", headers=[(Malformed("x"), b"2"), ("empty", None)]),
        await producer.send(topic, None, key=b"3", headers=[("ce_id", b"3")]),
    ]
    await asyncio.gather(*sent)
    await producer.send_and_wait(topic, b"after")
    await producer.stop()


async def consume(kafka: str, topic: str) -> list[Any]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(20):
            return [await consumer.getone() for _ in range(4)]
    finally:
        await consumer.stop()


@pytest.fixture
def malformed(monkeypatch: pytest.MonkeyPatch) -> None:
    """aiokafka's compiled writer would not write such a name."""
    for writing in (message_accumulator, producer_):
        monkeypatch.setattr(writing, "DefaultRecordBatchBuilder", _DefaultRecordBatchBuilderPy)
    monkeypatch.setattr(fetcher, "MemoryRecords", fetcher.MemoryRecords)


@pytest.mark.parametrize("compression", [None, "gzip"])
async def test_a_malformed_header_name_stops_nothing(
    kafka: str, topic: MakeTopic, malformed: None, compression: str | None
) -> None:
    contacts = await topic(CONTACTS, partitions=1)
    await produce(kafka, contacts.name, compression)
    accept_any_header_name()
    records = await consume(kafka, contacts.name)
    assert [record.value for record in records] == [b"before", b"bad", None, b"after"]
    assert records[0].headers == (("ce_id", b"1"),)
    assert records[1].headers == (("ce_\ufffd\ufffd", b"2"), ("empty", None))


async def test_a_record_with_such_a_name_is_set_aside_and_its_neighbours_are_handled(
    kafka: str, topic: MakeTopic, databases: Databases, malformed: None
) -> None:
    contacts = await topic(CONTACTS, partitions=1)
    await produce(kafka, contacts.name, None)
    await send(kafka, contacts, [fact("a")])
    handled: list[str] = []

    async def handle(_: Any, events: Sequence[Event], now: datetime) -> None:
        handled.extend(event.key for event in events)

    async with consuming(kafka, consumer_of(contacts, handle, await databases("scheduler"))):
        await until(lambda: handled == ["a"])


async def test_aiokafka_alone_still_stops_there(
    kafka: str, topic: MakeTopic, malformed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetcher, "MemoryRecords", MemoryRecords)
    contacts = await topic(CONTACTS, partitions=1)
    await produce(kafka, contacts.name, None)
    with pytest.raises(UnicodeDecodeError):
        await consume(kafka, contacts.name)
