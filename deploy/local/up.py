"""`notyet up`: the whole system, on the wall clock, until Ctrl-C."""

import asyncio
import signal
from contextlib import suppress

from rich.panel import Panel
from rich.table import Table

from deploy.local.ports import HOST
from deploy.local.postgres import DATABASE
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
        await ending
    with console.status("Stopping"):
        starting.cancel()
        with suppress(asyncio.CancelledError):
            await starting
        await stack.stop()
    console.print("Stopped. The data stays for the next time.")


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
    return Panel(table, title="Not Yet is up", subtitle="Ctrl-C ends it", expand=False)


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
