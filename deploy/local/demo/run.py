"""One demonstration: starts the stack, plays the scenario, and checks the promises."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.local.child import CannotStart
from deploy.local.demo.promises import Evidence, PromiseCheck, check_promises
from deploy.local.demo.recipients import SinkClient
from deploy.local.demo.scenario import END, FIRST_MORNING, Scenario
from deploy.local.demo.simulated_time import SimulatedTime
from deploy.local.demo.upstream import SOURCE, Upstream
from deploy.local.environment import read_environment
from deploy.local.stack import Stack
from deploy.local.up import addresses
from shared.runtime.clock import write_offset
from shared.runtime.sql import Queries
from shared.runtime.terminal import Terminal, styled

_queries = Queries(Path(__file__).with_name("run.sql"))


async def run_demo(console: Terminal, *, keep: bool) -> int:
    """Plays the story once; returns 0 when every promise was kept, else 1."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="notyet-demo-") as directory:
        clock_file = Path(directory) / "clock"
        write_offset(clock_file, FIRST_MORNING - datetime.now(UTC))
        stack = Stack(Path(directory), clock_file=clock_file, durable=False)
        with console.status("Starting PostgreSQL, the broker and the four services"):
            await stack.start()
        try:
            found = await _play(stack, clock_file, console)
            console.print(_table(found))
            console.print(f"Two years in {time.monotonic() - began:.0f} seconds.")
            if keep:
                console.print(addresses(stack))
                await _asked_to_end()
        finally:
            with console.status("Stopping"):
                await stack.stop()
    return 1 if any(check.broken for check in found) else 0


async def _asked_to_end() -> None:
    """Returns at SIGINT or SIGTERM."""
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    await asked.wait()


async def _play(stack: Stack, clock_file: Path, console: Terminal) -> list[PromiseCheck]:
    async with AsyncExitStack() as opened:
        conn = await asyncpg.connect(stack.database_url)
        opened.push_async_callback(conn.close)
        ends = AIOKafkaConsumer(bootstrap_servers=stack.bootstrap_servers)
        producer = AIOKafkaProducer(bootstrap_servers=stack.bootstrap_servers)
        for client in (ends, producer):
            await client.start()
            opened.push_async_callback(client.stop)
        http = await opened.enter_async_context(httpx.AsyncClient(timeout=30))
        bar = opened.enter_context(_progress(console))
        weeks = bar.add_task("March 2025", total=(END - FIRST_MORNING).days)

        def tell(now: datetime, news: str) -> None:
            bar.update(weeks, completed=(now - FIRST_MORNING).days, description=f"{now:%B %Y}")
            console.print(styled((f"{now:%d %b %Y}", "dim"), f"  {news}"))

        sink = SinkClient(stack.sink_url, http)
        scenario = Scenario(
            Upstream(http, stack.intake_url, _api_key(stack), producer),
            SimulatedTime(clock_file, conn, ends),
            sink,
            http,
            tell,
        )
        await scenario.run()
        evidence = Evidence(
            scenario.applications,
            scenario.taken_back,
            scenario.erased,
            scenario.erased_at,
            await sink.everything(),
        )
        purposes = await _queries.purposes(conn)
        console.print(
            _numbers(scenario, evidence, {row["purpose"]: row["count"] for row in purposes})
        )
        return await check_promises(evidence, conn)


def _api_key(stack: Stack) -> str:
    """Makes a key for the employer's system with the operators' command."""
    command = [sys.executable, "-m", "services.intake", "keys", "create", "--source", SOURCE]
    made = subprocess.run(
        command,
        env={**os.environ, **read_environment(stack.data_dir, "intake")},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise CannotStart(f"No API key was made: {made.stderr.strip()}")
    return made.stdout.split()[-1]


def _progress(console: Terminal) -> Progress:
    return Progress(
        TextColumn("{task.description:>14}"), BarColumn(), TimeElapsedColumn(), console=console
    )


def _numbers(scenario: Scenario, evidence: Evidence, purposes: dict[str, int]) -> Table:
    channels = Counter(message["channel"] for message in evidence.messages)
    table = Table(title="Two years", show_header=False)
    for what, count in (
        ("people turned down", len(scenario.applications)),
        ("e-mails received", channels["email"]),
        ("SMS received", channels["sms"]),
        *((f"  {purpose.replace('_', ' ')}", count) for purpose, count in purposes.items()),
        ("answers about the hat", scenario.done["hat"]),
        ("shortlists read by recruiters", scenario.done["shortlists"]),
        ("invitations approved", scenario.done["approved"]),
        ("times somebody said they are interested", scenario.done["interested"]),
    ):
        table.add_row(what, str(count))
    return table


def _table(found: list[PromiseCheck]) -> Table:
    table = Table("promise", "cases", "", title="Promises, read from the sinks and the tables")
    for check in found:
        broken = "; ".join(check.broken[:5])
        kept = styled((broken, "red") if broken else ("kept", "green"))
        table.add_row(check.promise, str(check.checked), kept)
    return table
