"""Breaks things: each service in turn is killed, and between the kills whatever else can go wrong.

All of it follows from the seed, except for how long things take to come back.
"""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from itertools import cycle
from time import time

import asyncpg

from deploy.local.child import CannotStart
from deploy.local.stack import SERVICES, Stack
from tests.faults.history import History
from tests.faults.mail_server import PHASES, REFUSALS, MailServer
from tests.faults.product_clock import ProductClock

KILLS_BETWEEN = 4
"""How many kills lie between two other faults; fewer in a short run, so that each is tried."""
KILLS_A_DAY = 3
"""After how many kills the next working day begins, on which letters leave."""

PATIENCE = 4
"""How often the usual time for starting is waited for a server that was killed."""

Fault = Callable[[], Awaitable[None]]


class Injector:
    def __init__(
        self, stack: Stack, mail: MailServer, clock: ProductClock, history: History, seed: int
    ) -> None:
        self._stack = stack
        self._mail = mail
        self._clock = clock
        self._history = history
        self._chance = random.Random(seed)
        self._frozen: set[asyncio.Task[None]] = set()
        self._others: list[Fault] = [
            self.lose_mail,
            self.restart_postgres,
            self.freeze,
            self.restart_broker,
            self.cut_connections,
            self.jump_back,
        ]

    async def run(self, kills: int, seconds: float) -> None:
        """Spreads the faults over that time, more if they take longer."""
        pause = seconds / (kills + 1)
        between = max(1, min(KILLS_BETWEEN, kills // len(self._others)))
        others = cycle(self._others)
        for number in range(1, kills + 1):
            await asyncio.sleep(pause * self._chance.uniform(0.2, 1.8))
            self.kill(SERVICES[number % len(SERVICES)])
            if number % KILLS_A_DAY == 0:
                await self.jump_days()
            if number % between == 0:
                await next(others)()
        if self._frozen:
            await asyncio.wait(self._frozen)
        self._mail.mood = lambda: None

    def kill(self, service: str) -> None:
        member = self._chance.choice(self._stack.processes[service])
        member.kill()
        self._history.note("fault", what="kill", target=member.name)

    async def freeze(self) -> None:
        """Stops a process for 20 seconds, longer than any lease; it wakes as if nothing was."""
        member = self._chance.choice(
            [each for name in SERVICES for each in self._stack.processes[name]]
        )
        began, pid = time(), member.child.pid
        member.kill(signal.SIGSTOP)

        async def thaw() -> None:
            await asyncio.sleep(20)
            if member.child.pid == pid:
                member.kill(signal.SIGCONT)
            self._note_span("freeze", began, target=member.name)

        task = asyncio.create_task(thaw())
        self._frozen.add(task)
        task.add_done_callback(self._frozen.discard)

    async def restart_broker(self) -> None:
        """Kills the broker, leaves it away for a while, and starts it again."""
        broker = self._stack.broker
        if broker is None:
            return
        began = time()
        broker.kill()
        await asyncio.sleep(self._chance.uniform(2, 5))
        broker.spawn()
        await _back(broker.wait_ready)
        self._note_span("broker away", began)

    async def restart_postgres(self) -> None:
        """Ends PostgreSQL without a checkpoint; it recovers from its log."""
        began = time()
        self._stack.postgres.stop(immediate=True)
        down = time()
        await asyncio.sleep(self._chance.uniform(2, 5))
        up = time()
        self._stack.postgres.spawn()
        await _back(self._stack.postgres.wait_ready)
        self._note_span("postgres away", began, down=down, up=up)

    async def cut_connections(self) -> None:
        """Cuts every connection of the services in the middle of whatever they do."""
        conn = await asyncpg.connect(self._stack.database_url)
        cut = await conn.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity "
            "where application_name like 'notyet-%'"
        )
        await conn.close()
        self._history.note("fault", what="connections cut", count=cut)

    async def lose_mail(self) -> None:
        """Makes the mail server fail in every way it can, in a fifth of its conversations."""
        ways = [*PHASES, *REFUSALS]

        def mood() -> str | None:
            return self._chance.choice(ways) if self._chance.random() < 0.2 else None

        self._mail.mood = mood
        self._history.note("fault", what="mail server in a bad mood")

    async def jump_days(self) -> None:
        self._clock.next_working_day()
        self._history.note("fault", what="clock forward")

    async def jump_back(self) -> None:
        """Sets the clock back by two hours, and right again soon afterwards."""
        self._clock.move(timedelta(hours=-2))
        self._history.note("fault", what="clock back")
        await asyncio.sleep(8)
        self._clock.move(timedelta(hours=2))

    def _note_span(self, what: str, began: float, **facts: object) -> None:
        self._history.note("fault", what=what, since=began, **facts)


async def _back(wait_ready: Callable[[], None]) -> None:
    """Waits for a server longer than usual: the machine is busy with all that misses it."""
    for _ in range(PATIENCE - 1):
        with suppress(CannotStart):
            await asyncio.to_thread(wait_ready)
            return
    await asyncio.to_thread(wait_ready)
