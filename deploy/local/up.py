"""`notyet up`: the whole system until Ctrl-C, on the wall clock unless that is moved."""

import asyncio
import signal
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from rich.panel import Panel
from rich.table import Table

from deploy.local.coming import tell_what_comes
from deploy.local.ports import HOST
from deploy.local.postgres import DATABASE
from deploy.local.program import program
from deploy.local.stack import SERVICES, Stack
from shared.runtime.terminal import Terminal, styled


async def run_until_stopped(stack: Stack, console: Terminal) -> None:
    """Starts the stack, says where everything is, and ends it cleanly at SIGINT or SIGTERM."""
    asked_to_end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_end.set)
    ending = asyncio.create_task(asked_to_end.wait())
    starting = asyncio.create_task(_start(stack, console))
    await asyncio.wait({starting, ending}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        starting.result()
        console.print(addresses(stack))
        console.print(_without_waiting(), soft_wrap=True)
        telling = asyncio.create_task(tell_what_comes(stack.database_url, stack.clock, console))
        await ending
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
    with console.status("Stopping"):
        starting.cancel()
        with suppress(asyncio.CancelledError):
            await starting
        await stack.stop()
    console.print("Stopped. The data stays for the next time.")


def _without_waiting() -> str:
    return (
        "Messages leave in their readers' business hours. Not to wait for them, in a second"
        f" terminal: {program()} skip 2d. To begin anew: Ctrl-C, and delete the data."
    )


def addresses(stack: Stack) -> Panel:
    """Says where a person finds what."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    table.add_row("Sent messages", styled((stack.sink_url, "bold")))
    table.add_row(
        "Public door", styled((stack.intake_url, "bold"), ", its API in /v1/openapi.json")
    )
    table.add_row("Kafka", stack.bootstrap_servers)
    table.add_row("PostgreSQL", f"{HOST}:{stack.ports.postgres}/{DATABASE}, passwords in keys.json")
    for service in SERVICES:
        table.add_row(service, f"{stack.processes[service][0].probe_url}/readyz, /metrics")
    table.add_row("Data and logs", str(stack.data_dir))
    table.add_row("Clock", _clock(stack))
    return Panel(table, title="Not Yet is up", subtitle="Ctrl-C ends it", expand=False)


def _clock(stack: Stack) -> str:
    now, real = stack.clock.now(), datetime.now(UTC)
    ahead = "" if abs(now - real) < timedelta(minutes=1) else ", moved by notyet skip"
    return f"{now:%a %d %b %Y %H:%M} UTC{ahead}"


async def _start(stack: Stack, console: Terminal) -> None:
    with console.status("Starting") as status:
        showing = True

        def tell(news: str) -> None:
            if showing:
                status.update(styled(news))
            else:
                console.print(news, style="yellow")

        await stack.start(tell)
        showing = False
