"""Each container is replaced under load, one after the other, as an upgrade does it.

While one is away the others run and events keep coming, people answer, and letters leave.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from time import monotonic, time

import httpx

from deploy.local.demo.recipients import SinkClient
from services.intake.keys import store as keys
from shared.runtime.sealing import Seal
from tests.containers.composed import Composed
from tests.containers.mailbox import Mailbox
from tests.databases import SERVICES
from tests.faults import vendor
from tests.faults.ask import LIAR, SOURCE, VENDORS, Ask
from tests.faults.audience import Audience, Twilio
from tests.faults.facts import Facts
from tests.faults.history import History
from tests.faults.load import Load
from tests.faults.outside import beside, come_to_rest, connected, moving_time, sample
from tests.faults.plan import Plan
from tests.faults.product_clock import MORNING
from tests.journeys.conftest import connected_source

REPLACED: tuple[str, ...] = ("matcher", "notifier", "scheduler", "intake", "kafka", "postgres")
"""Mailpit is a stand-in for somebody else's server, and keeps nothing."""
SEED = 7
EVENTS = 720
BATCH, BATCH_SECONDS = 24, 3
WITHOUT_MAIL = 17
"""Of so many people in a plan one has no address."""
HEAD_START_SECONDS = 3
"""After this much of the load a container is asked to end."""


class Replacement:
    """Plays it all, and writes down what it sees."""

    def __init__(self, composed: Composed, history: History, logs: Path) -> None:
        self._composed = composed
        self._history = history
        self._logs = logs

    async def run(self) -> None:
        self._history.note("options", seed=SEED, events=EVENTS)
        database_url = await asyncio.to_thread(lambda: self._composed.database_url)
        async with AsyncExitStack() as things:
            http = await things.enter_async_context(httpx.AsyncClient(timeout=20))
            mailbox = Mailbox(self._composed.mailbox, http, self._history)
            sources = await self._sources(database_url)
            doors = [self._composed.intake]
            load = Load(self._composed.kafka, doors, sources, self._history, SEED)
            things.push_async_callback(load.stop)
            texts = SinkClient(self._composed.mailbox, http)
            twilio = Twilio(http, self._composed.intake, "")
            audience = Audience(mailbox, texts, http, twilio, self._history)
            async with beside(mailbox.run(), audience.run(), sample(database_url, self._history)):
                await self._replace_each(load)
            await self._conclude(database_url, mailbox)

    async def _sources(self, database_url: str) -> dict[str, str]:
        """Lets everybody in who has something to say; returns the keys of those that need one."""
        now = self._composed.clock.now()
        told = ("exec", "-T", "intake", "cat", "/run/notyet/quarantine_key")
        seal = Seal([(await asyncio.to_thread(self._composed.compose, *told)).strip()])
        async with connected(database_url) as conn:
            await conn.execute("set search_path to intake")
            for name, system in VENDORS.items():
                await connected_source(conn, system, name, vendor.OPTIONS[system], seal, now)
            return {source: await keys.create(conn, source, now) for source in (SOURCE, LIAR)}

    async def _replace_each(self, load: Load) -> None:
        """Goes on with the load until each is replaced, and until all is said.

        No batch waits for the one before it: where one door is shut the others are still used.
        """
        plan = Plan(SEED, MORNING)
        asks = _by_mail(plan.asks(EVENTS))
        batches = deque(asks[at : at + BATCH] for at in range(0, len(asks), BATCH))
        more = (_by_mail(plan.burst("forgotten", number, BATCH)) for number in count())
        async with asyncio.TaskGroup() as said:
            for name in REPLACED:
                # What came on the day before is due now, so letters leave all the while.
                self._composed.clock.next_working_day()
                replacing = said.create_task(self._replace(name))
                while not replacing.done():
                    batch = batches.popleft() if batches else next(more)
                    said.create_task(load.run(batch, BATCH_SECONDS))
                    await asyncio.sleep(BATCH_SECONDS)
            for batch in batches:
                said.create_task(load.run(batch, BATCH_SECONDS))
                await asyncio.sleep(BATCH_SECONDS)

    async def _replace(self, name: str) -> None:
        await asyncio.sleep(HEAD_START_SECONDS)
        began = time()
        await asyncio.to_thread(self._composed.compose, "stop", name)
        down = time()
        code = await asyncio.to_thread(self._composed.exit_code, name)
        if name in SERVICES:
            self._history.note("ended", name=name, code=code, seconds=down - began)
        await self._keep_log(f"{name}-before", name)
        up = time()
        again = ("--no-deps", "--force-recreate", name)
        await asyncio.to_thread(self._composed.start, *again)
        self._history.note(
            "replaced", what=name, code=code, stopping=down - began, starting=time() - up
        )
        self._note_away(name, began, down, up)

    def _note_away(self, name: str, since: float, down: float, up: float) -> None:
        """Notes what explains more than a service that is asked to end."""
        if name == "postgres":
            self._history.note("fault", what="postgres away", since=since, down=down, up=up)
        elif name == "kafka":
            self._history.note("fault", what="broker away", since=since)

    async def _conclude(self, database_url: str, mailbox: Mailbox) -> None:
        """Lets time pass until nothing is due any more, then reads everything."""
        async with moving_time(
            self._composed.clock_file, database_url, self._composed.kafka
        ) as simulated_time:
            await come_to_rest(simulated_time)
        began = monotonic()
        await asyncio.to_thread(self._composed.start, "--no-deps", "--no-recreate", *SERVICES)
        seconds = monotonic() - began
        self._history.note("ready", when="at the end", seconds=seconds, trouble=None)
        await mailbox.look()
        async with connected(database_url) as conn:
            facts = Facts(self._composed.kafka, conn, self._history)
            await facts.write()
        self._history.note("end of run", at_wall=time())
        for service in SERVICES:
            await self._keep_log(service, service)
        facts.write_logs(self._logs)

    async def _keep_log(self, file: str, name: str) -> None:
        said = await asyncio.to_thread(self._composed.compose, "logs", "--no-log-prefix", name)
        (self._logs / f"{file}.log").write_text(said)


def _by_mail(asks: Sequence[Ask]) -> list[Ask]:
    """Leaves out who has a telephone alone: what is for them waits until texts can be sent."""
    return [ask for ask in asks if (ask.person or 1) % WITHOUT_MAIL]
