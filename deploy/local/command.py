"""The `notyet` command: the local stack, and the commands of every service that is installed.

What only one command needs is imported there: nobody waits for what they did not ask for.
"""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from deploy.local.child import CannotStart
from deploy.local.command_line import (
    DATA_DIR_VARIABLE,
    DEFAULT_DATA_DIR,
    WithServices,
    configuring,
)
from deploy.local.duration import duration
from deploy.local.stack_ports import WELL_KNOWN, Ports
from shared.runtime.command_line import console, errors, faults_as_text
from shared.runtime.topics_admin import Refused
from shared.runtime.topics_commands import topics

app = typer.Typer(
    cls=WithServices,
    help="Not Yet keeps in touch with the people an employer turned down.",
    epilog=(
        "What a service could not process, publish or work on: notyet SERVICE quarantine, outbox"
        " and parked list it and try it again. See notyet intake quarantine --help."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(topics, name="topics", callback=configuring("intake"))

DataDir = Annotated[Path, typer.Option(envvar=DATA_DIR_VARIABLE, help="Where all data is kept.")]
Broker = Annotated[
    str, typer.Option(help="embedded, apache (needs Java and Maven), or the HOST:PORT of one.")
]


@app.command()
def up(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    broker: Broker = "embedded",
    intake_port: int = WELL_KNOWN.intake,
    sink_port: int = WELL_KNOWN.sink,
    smtp_port: int = WELL_KNOWN.smtp,
    postgres_port: int = WELL_KNOWN.postgres,
    kafka_port: int = WELL_KNOWN.kafka,
) -> None:
    """Run the whole system here until Ctrl-C; what it has stored is there the next time."""
    from deploy.local.stack import Stack
    from deploy.local.up import run_until_stopped

    if ":" in broker:
        kafka_port = 0
    ports = Ports(intake_port, sink_port, smtp_port, postgres_port, kafka_port)
    stack = Stack(data_dir, broker=broker, ports=ports, clock_file=data_dir / "clock")
    asyncio.run(run_until_stopped(stack, console))


@app.command("skip")
def skip_time(
    time: Annotated[timedelta, typer.Argument(parser=duration, metavar="TIME")],
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Move the clock of what runs here on, such as 2d; all that is due by then happens in order.

    Nobody reads or answers on the way: to do so yourself, skip from one message to the next.

    Only here: what runs in production goes by the real time.
    """
    from deploy.local.skip import skip

    asyncio.run(skip(data_dir, time, console))


@app.command()
def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave everything running at its end, until Ctrl-C.")
    ] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Play two years through the real services, check their promises, and leave the story.

    The story is a page in the data directory; all else is gone at the end.
    """
    from deploy.local.demo.run import run_demo

    story = data_dir / "demo" / "story.html"
    raise typer.Exit(asyncio.run(run_demo(console, story, keep=keep)))


def main() -> None:
    """Runs a command; what a person can mend is one clear line."""
    logging.getLogger("aiokafka").addHandler(logging.NullHandler())
    with faults_as_text():
        try:
            app(prog_name="notyet")
        except (CannotStart, Refused, PermissionError) as trouble:
            errors.print(str(trouble), style="red", soft_wrap=True)
            raise SystemExit(1) from None
