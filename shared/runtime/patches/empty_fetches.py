"""Asks a broker no more often than is of use, where it answers at once that it has nothing.

Kafka holds such an answer back until there is a record, for half a second at most. The embedded
broker does not, and aiokafka asks again at once: two thousand times a second, which takes a quarter
of a core from each idle service. The longer nothing has come, the longer it waits.
"""

import asyncio
import time
from contextlib import suppress
from typing import Any

from aiokafka.consumer import consumer
from aiokafka.consumer.fetcher import Fetcher

PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 0.2


def pause_after_empty_fetches() -> None:
    """Makes every consumer of this process wait a moment where its broker did not."""
    consumer.Fetcher = _Fetcher


class _Fetcher(Fetcher):  # type: ignore[misc]
    _pause = PAUSE_SECONDS

    async def _proc_fetch_request(self, *request: Any) -> bool:
        began = time.monotonic()
        found: bool = await super()._proc_fetch_request(*request)
        if found:
            self._pause = PAUSE_SECONDS
        elif time.monotonic() - began < self._pause:
            with suppress(asyncio.CancelledError):  # closing awaits a cancelled fetch as it is
                await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 1.5, LONGEST_PAUSE_SECONDS)
        return found
