"""The two stores of the local stack: what is in them when they come back."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.local.broker import EmbeddedBroker
from deploy.local.child import CannotStart
from deploy.local.postgres import Server


async def test_committed_rows_survive_a_crash_of_postgresql(tmp_path: Path) -> None:
    server = Server(tmp_path / "postgres", password="secret")
    server.start()
    try:
        connection = await asyncpg.connect(server.url)
        await connection.execute("create table kept (id int); insert into kept values (1)")
        server.stop(immediate=True)
        server.start()
        connection = await asyncpg.connect(server.url)
        assert await connection.fetchval("select id from kept") == 1
        await connection.close()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(server.url_for("postgres", "guessed"))
    finally:
        server.stop()


def test_postgresql_says_in_a_line_why_it_cannot_start(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("9")
    with pytest.raises(CannotStart, match=r"could not .*postgresql\.conf"):
        Server(tmp_path / "postgres", password="secret").start()


async def test_records_survive_a_restart_of_the_embedded_broker(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path / "broker")
    broker.start()
    try:
        await _produce(broker.bootstrap_servers)
        await asyncio.to_thread(broker.stop)
        broker.start()
        assert await _end(broker.bootstrap_servers) == 3
    finally:
        broker.stop()


async def _produce(bootstrap_servers: str) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap_servers) as producer:
        for number in range(3):
            await producer.send_and_wait("kept", str(number).encode())


async def _end(bootstrap_servers: str) -> int:
    partition = TopicPartition("kept", 0)
    async with AIOKafkaConsumer("kept", bootstrap_servers=bootstrap_servers) as consumer:
        return int((await consumer.end_offsets([partition]))[partition])
