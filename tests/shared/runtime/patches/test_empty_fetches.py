import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.consumer import consumer as consumer_
from aiokafka.consumer.fetcher import Fetcher

from deploy.local.broker import embedded
from shared.contract.topics import CONTACTS
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.patches.empty_fetches import pause_after_empty_fetches
from shared.runtime.topics_admin import apply


async def asked_in_a_second(kafka: str) -> int:
    """Counts the fetches of a consumer that has nothing to read; then it must read what comes."""
    await apply(KafkaSettings(kafka_bootstrap_servers=kafka))
    asked = 0

    async with asyncio.timeout(30):
        consumer = AIOKafkaConsumer(CONTACTS.name, bootstrap_servers=kafka)
        fetch = consumer_.Fetcher._proc_fetch_request

        async def counted(*request: Any) -> Any:
            nonlocal asked
            asked += 1
            return await fetch(*request)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(consumer_.Fetcher, "_proc_fetch_request", counted)
            await consumer.start()
            await asyncio.sleep(1)
        producer = AIOKafkaProducer(bootstrap_servers=kafka)
        await producer.start()
        await producer.send_and_wait(CONTACTS.name, b"news")
        assert (await consumer.getone()).value == b"news"
        await producer.stop()
        await consumer.stop()
    return asked


@pytest.fixture
def kafka(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The embedded broker, and aiokafka as it is."""
    monkeypatch.setattr(consumer_, "Fetcher", Fetcher)
    with embedded(tmp_path) as bootstrap_servers:
        yield bootstrap_servers


async def test_a_broker_that_holds_no_fetch_is_asked_some_times_a_second(kafka: str) -> None:
    pause_after_empty_fetches()
    assert await asked_in_a_second(kafka) < 60


async def test_aiokafka_alone_still_asks_it_without_a_pause(kafka: str) -> None:
    assert await asked_in_a_second(kafka) > 60
