"""How long the event loop was deaf while something else ran."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

_TICK_SECONDS = 0.001


@dataclass
class Gap:
    milliseconds: float = 0.0
    """The longest time by which a sleeper was woken too late."""


@asynccontextmanager
async def listening() -> AsyncIterator[Gap]:
    """Sleeps a millisecond again and again, and notes the longest delay of its waking."""
    gap = Gap()

    async def tick() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_TICK_SECONDS)
            late = time.perf_counter() - began - _TICK_SECONDS
            gap.milliseconds = max(gap.milliseconds, late * 1000)

    task = asyncio.create_task(tick())
    await asyncio.sleep(0)
    try:
        yield gap
        await asyncio.sleep(0)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
