"""One demonstration: starts the stack, plays the scenario, checks the promises, tells the story."""

import asyncio
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.local.demo.album import Album
from deploy.local.demo.evidence import Evidence, PromiseCheck
from deploy.local.demo.personas import SENIOR_ENGINEER, applications
from deploy.local.demo.promises import check_promises, kinds
from deploy.local.demo.recipients import SinkClient
from deploy.local.demo.scenario import END, FIRST_MORNING, Scenario
from deploy.local.demo.simulated_time import SimulatedTime
from deploy.local.demo.story import Story, kind_name, write_story
from deploy.local.demo.upstream import SOURCE, Upstream
from deploy.local.stack import Stack
from deploy.local.up import addresses
from services.intake.keys import store as keys
from shared.contract.events.purposes import LETTERS, Purpose
from shared.runtime.clock import write_offset
from shared.runtime.terminal import Terminal, styled

News = list[tuple[datetime, str]]


@dataclass(frozen=True)
class Played:
    """What came of a play."""

    story: Story
    promises: Sequence[PromiseCheck]
    numbers: Mapping[str, int]


async def run_demo(console: Terminal, story: Path, *, keep: bool) -> int:
    """Plays it once, and leaves its story; returns 0 when every promise was kept, else 1."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="notyet-demo-") as directory:
        clock_file = Path(directory) / "clock"
        write_offset(clock_file, FIRST_MORNING - datetime.now(UTC))
        stack = Stack(Path(directory), clock_file=clock_file, durable=False)
        with console.status("Starting PostgreSQL, the broker and the four services"):
            await stack.start()
        try:
            played = await _play(stack, clock_file, console)
            console.print(_two_columns("Two years", played.numbers))
            console.print(_table(played.promises))
            console.print(f"Two years in {time.monotonic() - began:.0f} seconds.")
            sink_url = stack.sink_url if keep else None
            write_story(story, played.story, played.promises, played.numbers, sink_url)
            if keep:
                console.print(addresses(stack))
                console.print(_KEPT, soft_wrap=True)
                console.print(str(story), soft_wrap=True)
                await _asked_to_end()
        finally:
            with console.status("Stopping"):
                await stack.stop()
    console.print("All of it, as it looked, in one page:")
    console.print(str(story), soft_wrap=True)
    return 1 if any(check.broken for check in played.promises) else 0


_KEPT = (
    "It is March 2027 there. Candidates' links of the last year still work, and older ones of"
    " whoever has agreed to something. Recruiters' links end after ninety days, and show nobody a"
    " week after their role has closed: the story shows their pages as they looked. Open the newest"
    " messages at the address above, or from the story:"
)


async def _asked_to_end() -> None:
    """Returns at SIGINT or SIGTERM."""
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    await asked.wait()


async def _play(stack: Stack, clock_file: Path, console: Terminal) -> Played:
    async with AsyncExitStack() as opened:
        conn = await asyncpg.connect(stack.database_url)
        opened.push_async_callback(conn.close)
        ends = AIOKafkaConsumer(bootstrap_servers=stack.bootstrap_servers)
        producer = AIOKafkaProducer(bootstrap_servers=stack.bootstrap_servers)
        for client in (ends, producer):
            await client.start()
            opened.push_async_callback(client.stop)
        simulated_time = SimulatedTime(clock_file, conn, ends)
        album, news = Album(simulated_time.now), News()
        key = await _api_key(conn, simulated_time.now())
        browser = await opened.enter_async_context(
            httpx.AsyncClient(timeout=30, event_hooks={"response": [album.keep]})
        )
        bar = opened.enter_context(_progress(console))
        weeks = bar.add_task("March 2025", total=(END - FIRST_MORNING).days)

        def tell(now: datetime, what: str) -> None:
            news.append((now, what))
            bar.update(weeks, completed=(now - FIRST_MORNING).days, description=f"{now:%B %Y}")
            console.print(styled((f"{now:%d %b %Y}", "dim"), f"  {what}"))

        scenario = Scenario(
            Upstream(browser, stack.intake_url, key, producer),
            simulated_time,
            SinkClient(stack.sink_url, browser),
            browser,
            album,
            tell,
            applications(),
        )
        await scenario.run()
        return await _judged(scenario, news, conn)


async def _judged(scenario: Scenario, news: News, conn: asyncpg.Connection) -> Played:
    evidence = Evidence(
        applications=scenario.applications,
        taken_back=scenario.taken_back,
        erased=scenario.erased,
        erased_at=scenario.erased_at,
        ended_at=scenario.simulated_time.now(),
        messages=await scenario.sink.everything(),
        kinds=await kinds(conn),
        album=scenario.album,
    )
    heroine = scenario.audience.talks[SENIOR_ENGINEER.title].person
    return Played(
        Story(evidence, news, heroine),
        await check_promises(evidence, conn),
        _numbers(evidence, scenario.audience.done),
    )


async def _api_key(conn: asyncpg.Connection, now: datetime) -> str:
    """Makes a key for the employer's system, as the operators' command does."""
    async with conn.transaction():
        await conn.execute("set local search_path to intake")
        return await keys.create(conn, SOURCE, now)


def _progress(console: Terminal) -> Progress:
    return Progress(
        TextColumn("{task.description:>14}"), BarColumn(), TimeElapsedColumn(), console=console
    )


def _numbers(evidence: Evidence, done: Counter[str]) -> dict[str, int]:
    channels = Counter(message["channel"] for message in evidence.messages)
    purposes = Counter(evidence.kinds.values())
    asked = purposes[Purpose.INVITATION], purposes[Purpose.CONTINUATION]
    return {
        "people turned down": len(evidence.applications),
        "  told by a letter of ours": sum(purposes[purpose] for purpose in LETTERS),
        "  told by the employer's own system": _told_elsewhere(evidence),
        "  told nothing: taken back in time": 1,
        "messages received": channels.total(),
        "  by text message": channels["sms"],
        **{f"  {kind_name(kind)}": count for kind, count in purposes.most_common()},
        "answers about the hat": done["hat_yes"] + done["hat_no"],
        "  yes": done["hat_yes"],
        "  no": done["hat_no"],
        "agreements renewed": done["renewed"],
        "shortlists read by recruiters": done["shortlists"],
        "past applicants approved": done["approved"],
        "  invited to a new role": asked[0],
        "  asked first, as theirs was open again": asked[1],
        "  whose turn had not come when it was filled": done["approved"] - sum(asked),
        "times somebody said yes to an invitation": done["interested"],
        "times a recruiter heard of somebody": done["heard"],
        "people hired who had been turned down": done["hired"],
    }


def _told_elsewhere(evidence: Evidence) -> int:
    return sum(application.told_elsewhere for application in evidence.applications)


def _two_columns(title: str, rows: Mapping[str, int]) -> Table:
    table = Table(title=title, show_header=False)
    for what, count in rows.items():
        table.add_row(what, str(count))
    return table


def _table(found: Sequence[PromiseCheck]) -> Table:
    table = Table("promise", "cases", "", title="Promises, read from the sinks and the tables")
    for check in found:
        broken = "; ".join(check.broken[:5])
        kept = styled((broken, "red") if broken else ("kept", "green"))
        table.add_row(check.promise, str(check.checked), kept)
    return table
