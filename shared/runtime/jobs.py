"""Work that a service does again and again of its own accord."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from shared.runtime.clock import Clock
from shared.runtime.streak import Streak
from shared.runtime.telemetry import Metrics

_log = structlog.get_logger()

Run = Callable[[datetime], Awaitable[bool]]
"""Does one round of the work at this instant of the product's; True if there is more at once."""

FIRST_PAUSE_SECONDS = 0.2
MAX_PAUSE_SECONDS = 5.0
LONGEST_GATHERING_SECONDS = 5.0


class Job:
    """Runs one piece of work until told to finish.

    A failed round is tried again, ever later; `failing` tells of a job that keeps failing. A row
    that makes rounds fail is a matter for `parking`.
    """

    def __init__(
        self,
        name: str,
        every: float,
        run: Run,
        clock: Clock,
        metrics: Metrics,
        *,
        machine_time: bool = False,
        gathering: float = 0.0,
    ) -> None:
        """What wakes it gathers until nobody poked it for so many seconds, five at the longest.

        So one round does together what came together, and whoever goes on poking has the process
        to themselves meanwhile. Then all that has gathered is worked off; after a round during
        which somebody poked, they have it to themselves for as long as that round took.
        """
        self.name = name
        self.failing = Streak()
        self._every = every
        self._run = run
        self._clock = clock
        self._machine_time = machine_time
        self._gathering = gathering
        self._sleep = asyncio.sleep if machine_time else clock.sleep
        self._metrics = metrics
        metrics.job_failing.labels(name).set_function(lambda: self.failing.seconds)
        self._poked = asyncio.Event()
        self._finishing = False

    def finish(self) -> None:
        """Ends the loop after the round that is running."""
        self._finishing = True
        self._poked.set()

    def poke(self) -> None:
        """Lets the next round begin early."""
        self._poked.set()

    async def loop(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._finishing:
            self._poked.clear()
            began, started = self._clock.now(), time.monotonic()
            try:
                more = await self._run(began)
            except Exception as error:  # noqa: BLE001 - a job goes on whatever a round met
                _log.warning("job.failed", job=self.name, error=type(error).__name__)
                self._metrics.job_failures.labels(self.name).inc()
                self.failing.failed(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, MAX_PAUSE_SECONDS)
                continue
            self.failing.succeeded()
            pause = FIRST_PAUSE_SECONDS
            if more and self._gathering and self._poked.is_set() and not self._finishing:
                took = time.monotonic() - started
                await asyncio.sleep(min(took, LONGEST_GATHERING_SECONDS))
            elif not more and not self._finishing:
                await self._rest(self._moved_since(began, started))
                await self._gather()

    def _moved_since(self, began: datetime, started: float) -> float:
        """Returns by how many seconds the clock was moved on while a round ran.

        What fell due by that is for the next round, which must not rest as long as ever first.
        """
        if self._machine_time:
            return 0.0
        took = (self._clock.now() - began).total_seconds()
        return max(0.0, took - (time.monotonic() - started))

    async def _gather(self) -> None:
        until = time.monotonic() + LONGEST_GATHERING_SECONDS
        while self._gathering and self._poked.is_set() and not self._finishing:
            self._poked.clear()
            await asyncio.sleep(self._gathering)
            if time.monotonic() >= until:
                break

    async def _rest(self, moved: float) -> None:
        poked = asyncio.ensure_future(self._poked.wait())
        slept = asyncio.ensure_future(self._sleep(self._every - moved))
        try:
            await asyncio.wait((poked, slept), return_when=asyncio.FIRST_COMPLETED)
        finally:
            poked.cancel()
            slept.cancel()
