"""How a running system is watched from outside, and let live on until nothing is due any more."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer

from deploy.local.child import CannotStart
from deploy.local.demo.simulated_time import SimulatedTime
from shared.runtime.postgres import UNAVAILABLE
from tests.faults.facts import offsets_now
from tests.faults.history import History

REST_WITHIN_SECONDS = 420
LIVED_ON = timedelta(days=18)
"""After the last fault: by then whatever was due has left, or is past its expiry."""
NIGHT = time(22, tzinfo=UTC)
"""When a run ends: what is turned down now is nobody's business before the morning."""


@asynccontextmanager
async def connected(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(database_url)
    try:
        yield conn
    finally:
        conn.terminate()


@asynccontextmanager
async def moving_time(
    clock_file: Path, database_url: str, kafka: str
) -> AsyncIterator[SimulatedTime]:
    """Lends what lets time pass for everybody who goes by that clock."""
    ends = AIOKafkaConsumer(bootstrap_servers=kafka)
    await ends.start()
    try:
        async with connected(database_url) as conn:
            yield SimulatedTime(clock_file, conn, ends)
    finally:
        await ends.stop()


@asynccontextmanager
async def beside(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Lets these go on for as long as it lasts, and raises what one of them failed of."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for ended in ends:
        if isinstance(ended, Exception):
            raise ended


async def come_to_rest(simulated_time: SimulatedTime) -> None:
    """Advances the time until nothing is due any more; what does not come to rest is judged so."""
    deadline = monotonic() + REST_WITHIN_SECONDS
    until = datetime.combine(simulated_time.now() + LIVED_ON, NIGHT)
    while simulated_time.now() < until and monotonic() < deadline:
        with suppress(CannotStart):
            await simulated_time.advance_to(until)


async def sample(database_url: str, history: History) -> None:
    """Notes every second how far each service is, as long as PostgreSQL answers."""
    while True:
        with suppress(*UNAVAILABLE):
            async with asyncio.timeout(5), connected(database_url) as conn:
                while True:
                    history.note("sample", offsets=await offsets_now(conn))
                    await asyncio.sleep(1)
        await asyncio.sleep(1)
