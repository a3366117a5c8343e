"""One campaign: real processes under load, faults all the while, then peace, then the facts."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from time import time as wall

import asyncpg
import httpx

from deploy.local.child import CannotStart
from deploy.local.demo.recipients import SinkClient
from deploy.local.demo.simulated_time import SimulatedTime
from deploy.local.ports import free_port
from deploy.local.stack import SERVICES, Stack
from deploy.local.supervised_process import SupervisedProcess
from tests.faults import vendor
from tests.faults.ask import LIAR, SOURCE, VENDORS, Ask
from tests.faults.audience import Audience, Twilio
from tests.faults.compaction import compact
from tests.faults.facts import Facts
from tests.faults.gauges import write_gauges
from tests.faults.history import History
from tests.faults.injector import Injector
from tests.faults.load import Load
from tests.faults.mail_server import MailServer
from tests.faults.outside import beside, come_to_rest, connected, moving_time, sample
from tests.faults.peace import Doorbell
from tests.faults.plan import Batch, Plan
from tests.faults.product_clock import MORNING, ProductClock
from tests.faults.promises.messages import PATIENCE_SECONDS
from tests.faults.promises.pace import MESSAGES_PER_SECOND, REPLICAS
from tests.faults.restoring import Restoration
from tests.faults.sabotage import Sabotage
from tests.journeys.conftest import api_key, connect_source

_PATIENT = {
    "NOTYET_SMTP_ANSWER_SECONDS": str(PATIENCE_SECONDS),
    "NOTYET_SMTP_ENVELOPE_SECONDS": "5",
    "NOTYET_LEASE_SECONDS": "12",
    "NOTYET_RETRY_SECONDS": "2",
    "NOTYET_MESSAGES_PER_SECOND": str(MESSAGES_PER_SECOND),
}
"""What would take minutes to run out takes seconds here; the rules are the same."""
FORGOTTEN = 60
"""Rejections whose letters leave between a backup and its restoration."""


@dataclass(frozen=True)
class Options:
    seed: int
    kills: int
    events: int
    seconds: float
    history: Path
    burst: int = 400
    bursts: int = 1
    """How often the throughput is measured: before the faults, after them, and started anew."""


@dataclass
class Stage:
    """A running stack, and what plays on it."""

    options: Options
    stack: Stack
    clock: ProductClock
    history: History
    mail: MailServer
    load: Load
    http: httpx.AsyncClient
    plan: Plan

    @property
    def sink(self) -> SinkClient:
        return SinkClient(self.stack.sink_url, self.http)

    @property
    def twilio(self) -> Twilio:
        return Twilio(self.http, self.stack.intake_url, self.stack.keys.twilio_auth_token)


async def run(options: Options) -> None:
    """Plays the whole campaign and leaves its history behind."""
    async with _stage(options) as stage:
        await _measure(stage, "before")
        await _disturb(stage)
        stack = stage.stack
        async with moving_time(
            stack.data_dir / "clock", stack.database_url, stack.bootstrap_servers
        ) as simulated_time:
            await _restore(stage, simulated_time)
            await come_to_rest(simulated_time)
            await _measure(stage, "after")
            await _start_anew(stage)
            await _measure(stage, "anew")
            await _conclude(stage, simulated_time)
        await _end(stage)


@asynccontextmanager
async def _stage(options: Options) -> AsyncIterator[Stage]:
    """Sets everything up; the directory of a run that breaks off stays, with its logs."""
    directory = Path(tempfile.mkdtemp(prefix="notyet-faults-"))
    clock = ProductClock(directory / "clock")
    history = History(options.history, clock)
    history.note("options", seed=options.seed, kills=options.kills, events=options.events)
    mail = MailServer(history, clock)
    async with AsyncExitStack() as things:
        things.callback(history.close)
        await mail.start(port := free_port())
        things.push_async_callback(mail.stop)
        stack = Stack(
            directory,
            broker="apache",
            clock_file=directory / "clock",
            replicas=dict.fromkeys(SERVICES, REPLICAS),
            env={**_PATIENT, "NOTYET_SMTP_PORT": str(port)},
        )
        await stack.start()
        things.push_async_callback(stack.stop)
        http = await things.enter_async_context(httpx.AsyncClient(timeout=20))
        doors = [_door(stack, number) for number in range(2)]
        api_keys = {source: await api_key(stack, source) for source in (SOURCE, LIAR)}
        for name, system in VENDORS.items():
            await connect_source(stack, system, name, vendor.OPTIONS[system])
        load = Load(stack.bootstrap_servers, doors, api_keys, history, options.seed)
        things.push_async_callback(load.stop)
        plan = Plan(options.seed, MORNING)
        yield Stage(options, stack, clock, history, mail, load, http, plan)
    shutil.rmtree(directory, ignore_errors=True)


def _door(stack: Stack, number: int) -> str:
    port = stack.processes["intake"][number].child.env["NOTYET_HTTP_PORT"]
    return f"http://127.0.0.1:{port}"


async def _measure(stage: Stage, name: Batch) -> None:
    """Times bursts of rejections through Kafka until all of them are in the record."""
    for number in range(stage.options.bursts):
        asks = stage.plan.burst(name, number, stage.options.burst)
        async with connected(stage.stack.database_url) as conn:
            began = monotonic()
            await stage.load.run(asks, 0.001)
            while await _recorded(conn, asks) < len(asks) and monotonic() < began + 60:
                await asyncio.sleep(0.02)
            seconds = monotonic() - began
        stage.history.note("burst", name=name, events=len(asks), seconds=seconds)


async def _recorded(conn: asyncpg.Connection, asks: Sequence[Ask]) -> int:
    count: int = await conn.fetchval(
        "select count(*) from intake.inbox where source = $1 and event_id = any($2::text[])",
        SOURCE,
        [ask.event_id for ask in asks],
    )
    return count


async def _disturb(stage: Stage) -> None:
    """Runs everything at once: events, answers, faults."""
    stage.clock.next_working_day()
    asks = stage.plan.asks(stage.options.events)
    injector = Injector(stage.stack, stage.mail, stage.clock, stage.history, stage.options.seed)
    audience = Audience(stage.mail, stage.sink, stage.http, stage.twilio, stage.history)
    sabotage = Sabotage(stage.stack.database_url, stage.history)
    await sabotage.lay_trap()
    async with beside(
        audience.run(),
        sample(stage.stack.database_url, stage.history),
        sabotage.run(stage.options.seconds / 2),
    ):
        await asyncio.gather(
            stage.load.run(asks, stage.options.seconds),
            injector.run(stage.options.kills, stage.options.seconds),
        )
        await _get_ready(stage, "after the last fault")


async def _get_ready(stage: Stage, when: str) -> None:
    """Notes how long it takes until every process says that it is ready."""
    began, trouble = monotonic(), None
    try:
        await stage.stack.ready(60)
    except CannotStart as error:
        trouble = str(error)
    seconds = monotonic() - began
    stage.history.note("ready", when=when, seconds=seconds, trouble=trouble)


async def _start_anew(stage: Stage) -> None:
    """Lets processes that lived through no fault take over all that the others have recorded."""
    await asyncio.gather(
        *(member.restart() for group in SERVICES for member in stage.stack.processes[group])
    )


async def _restore(stage: Stage, simulated_time: SimulatedTime) -> None:
    """Restores the notifier's database to before a day on which letters left."""
    async with connected(stage.stack.database_url) as conn:
        restoration = Restoration(stage.stack, stage.mail, stage.history, conn)
        # What ends between a backup and its restoration ends once more: nothing is to by chance.
        with suppress(CannotStart):
            await simulated_time.wait_until_idle()
        await restoration.back_up()
        await stage.load.run(stage.plan.burst("forgotten", 0, FORGOTTEN), 1)
        with suppress(CannotStart):
            await simulated_time.advance_to(stage.clock.noon_of_next_working_day())
        await restoration.put_back()


async def _conclude(stage: Stage, simulated_time: SimulatedTime) -> None:
    """Knocks at the doors of a system at rest, then reads everything."""
    stack = stage.stack
    async with connected(stack.database_url) as conn:
        facts = Facts(stack.bootstrap_servers, conn, stage.history)
        doorbell = Doorbell(
            stage.load, stage.twilio, stage.http, stage.history, facts, simulated_time
        )
        await doorbell.ring(stage.mail.accepted, stage.plan)
        texts = [m for m in await stage.sink.everything() if m["channel"] == "sms"]
        facts.write_texts(texts)
        await facts.write()
        await write_gauges(stack, stage.history)
        facts.write_logs(stack.data_dir / "logs")
        stage.history.note("end of run", at_wall=wall())
        await compact(stack, stage.history, await facts.gone())
    await _get_ready(stage, "at the end")


async def _end(stage: Stage) -> None:
    """Asks every process to end, all at once."""

    async def ended(member: SupervisedProcess) -> None:
        began = monotonic()
        code = await member.stop()
        stage.history.note("ended", name=member.name, code=code, seconds=monotonic() - began)

    await asyncio.gather(
        *(ended(member) for group in SERVICES for member in stage.stack.processes[group])
    )
