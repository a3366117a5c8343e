"""Journeys run the four services as real processes, on a clock that the test moves."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import holidays
import httpx
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.broker import apache_kafka_missing
from deploy.local.demo.recipients import SinkClient
from deploy.local.demo.simulated_time import SimulatedTime
from deploy.local.environment import read_environment
from deploy.local.stack import Stack
from services.intake.keys import store as keys
from services.intake.sources import store as sources
from shared.contract.events.cloudevents import Event, encode
from shared.contract.topics import ServiceName, Topic
from shared.runtime.clock import write_offset
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.sealing import Seal
from tests.otlp import Received, otlp_receiver
from tests.scratch import scratch
from tests.services.intake.deliveries.calling import connect

MONDAY = datetime(2025, 3, 3, 7, tzinfo=UTC)
WEEK = timedelta(weeks=1)
HOLIDAYS = [holidays.country_holidays(country) for country in ("AT", "DE")]
LONG_AGO_DAYS = 1000
DESK = "recruiting@employer.example"
"""Where it is heard of vacancies that name no recruiter."""
MOMENTS = timedelta(minutes=5)
"""What a stack may take to start, on a clock that goes on."""


@dataclass
class Stage:
    """A running stack, and everything a journey does with it from outside."""

    stack: Stack
    simulated_time: SimulatedTime
    sink: SinkClient
    http: httpx.AsyncClient
    conn: asyncpg.Connection
    producer: AIOKafkaProducer
    key: str

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        """Posts to the public door with the upstream system's key."""
        given = {"Authorization": f"Bearer {self.key}", **headers}
        return await self.http.post(f"{self.stack.intake_url}{path}", json=body, headers=given)

    async def publish(self, topic: Topic, event: Event) -> None:
        headers, value = encode(event)
        await self.producer.send_and_wait(
            topic.name, value, key=event.key.encode(), headers=headers
        )

    async def mail_to(self, address: str) -> list[dict[str, Any]]:
        return [m for m in await self.sink.everything() if m["to"] == address]

    async def until_mailed(self, address: str, mails: int) -> list[dict[str, Any]]:
        """Lets days pass, feasts and weekends too, until somebody has so many; returns them."""
        for _ in range(12):
            if len(await self.mail_to(address)) >= mails:
                break
            await self.simulated_time.advance_to(self.simulated_time.now() + timedelta(days=1))
        return await self.mail_to(address)


def next_monday(now: datetime) -> datetime:
    """Returns the next Monday morning on which people work wherever these stories play."""
    monday = now + WEEK - (now - MONDAY) % WEEK
    while any(monday.date() in theirs for theirs in HOLIDAYS):
        monday += WEEK
    return monday


@pytest.fixture(scope="package")
def received() -> Iterator[Received]:
    """What a receiver of traces gets of all that happens on the shared stage."""
    with otlp_receiver() as receiver:
        yield receiver


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def shared_stage(received: Received) -> AsyncIterator[Stage]:
    """One process of each service on a fresh broker and database, for all who need no other.

    Every way of having FastAPI export traces by itself is on as well.
    """
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": received.url,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
    }
    desk = {"NOTYET_RECRUITING_EMAIL": DESK}
    with scratch("stage") as directory:
        async with running(directory, env=env, own_env={"intake": desk}) as opened:
            yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def stage(shared_stage: Stage) -> Stage:
    """The shared stage on a Monday morning.

    Whatever was played before has happened there: each module has people, vacancies and recruiters
    of its own.
    """
    time = shared_stage.simulated_time
    if time.now() > MONDAY + MOMENTS:
        await time.advance_to(next_monday(time.now()))
    return shared_stage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def own_stage() -> AsyncIterator[Stage]:
    """A stage for one module alone, which spoils it for others or counts what is on it."""
    with scratch("own-stage") as directory:
        async with running(directory) as opened:
            yield opened


@asynccontextmanager
async def running(directory: Path, **options: Any) -> AsyncIterator[Stage]:
    clock_file = directory / "clock"
    write_offset(clock_file, MONDAY - datetime.now(UTC))
    usual: Any = {
        "broker": "embedded" if apache_kafka_missing() else "apache",
        "durable": False,
        "static_members": True,
    }
    stack = Stack(directory, clock_file=clock_file, **{**usual, **options})
    async with AsyncExitStack() as open_things:
        await stack.start()
        open_things.push_async_callback(stack.stop)
        conn = await asyncpg.connect(stack.database_url)
        open_things.push_async_callback(conn.close)
        kafka = KafkaSettings(kafka_bootstrap_servers=stack.bootstrap_servers).kafka_client()
        ends, producer = AIOKafkaConsumer(**kafka), AIOKafkaProducer(**kafka)
        for client in (ends, producer):
            await client.start()
            open_things.push_async_callback(client.stop)
        http = await open_things.enter_async_context(httpx.AsyncClient(timeout=30))
        yield Stage(
            stack,
            SimulatedTime(clock_file, conn, ends),
            SinkClient(stack.sink_url, http),
            http,
            conn,
            producer,
            await api_key(stack),
        )


async def api_key(stack: Stack, source: str = "/upstream") -> str:
    """Makes a key for an upstream system."""
    async with record_of(stack) as conn:
        return await keys.create(conn, source, datetime.now(UTC))


async def connect_source(stack: Stack, system: str, name: str, options: Mapping[str, Any]) -> None:
    """Connects a system whose hooks count from now on, however late, and that leaves noes to us."""
    seal = Seal([stack.keys.quarantine_keys["intake"]])
    async with record_of(stack) as conn:
        await connected_source(conn, system, name, options, seal, stack.clock.now())


async def connected_source(
    conn: asyncpg.Connection,
    system: str,
    name: str,
    options: Mapping[str, Any],
    seal: Seal,
    now: datetime,
) -> None:
    """Does the same in whatever record it is."""
    async with conn.transaction():
        await connect(conn, name, system, seal, now)
        await sources.set_options(conn, name, options)
        await sources.start(conn, name, LONG_AGO_DAYS, LONG_AGO_DAYS, now)


@asynccontextmanager
async def record_of(stack: Stack) -> AsyncIterator[asyncpg.Connection]:
    """Lends intake's own tables."""
    conn = await asyncpg.connect(stack.database_url, server_settings={"search_path": "intake"})
    try:
        yield conn
    finally:
        await conn.close()


def commanded(stack: Stack, service: ServiceName, *words: str) -> str:
    """Runs one of a service's commands as an operator does; gives what it printed."""
    return subprocess.run(
        [sys.executable, "-m", f"services.{service}", *words],
        env={**os.environ, **read_environment(stack.data_dir, service)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
