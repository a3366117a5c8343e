"""`python -m tests.bench run`: how far the product is from the limit, and from its peers."""

import json
import os
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, cast

import typer
import uvloop
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from rich.console import Console

from shared.runtime.garbage import collect_seldom
from shared.runtime.tracing import set_up_tracing
from tests.bench.figures import RESULTS, Line, kept
from tests.bench.pace import FULL, QUICK, Pace
from tests.bench.plot import plot
from tests.bench.rounds import measured
from tests.bench.rounds import table as rounds
from tests.bench.stand import Stand, stand
from tests.bench.table import markdown, table
from tests.bench.works.answering import answering
from tests.bench.works.hooks import hooks
from tests.bench.works.ingesting import ingesting
from tests.bench.works.planning import due_among_many, scheduling
from tests.bench.works.recording import recording
from tests.bench.works.relay import relay
from tests.bench.works.sending import sending

Work = Callable[[Stand, Pace], Coroutine[Any, Any, list[Line]]]

WORKS: dict[str, Work] = {
    "recording": recording,
    "ingesting": ingesting,
    "hooks": hooks,
    "relay": relay,
    "scheduling": scheduling,
    "due": due_among_many,
    "sending": sending,
    "answering": answering,
}

console = Console()
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command("table")
def show_table() -> None:
    """Print the results that are kept here as docs/measured.md shows them."""
    typer.echo(f"{markdown(kept())}\n\n{rounds.markdown(measured.kept())}")


@app.command("run")
def bench(
    only: Annotated[list[str] | None, typer.Option(help=", ".join(WORKS))] = None,
    quick: Annotated[bool, typer.Option(help="A hasty look: one round, fewer events.")] = False,
    directory: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS.parent,
) -> None:
    """Measure each work beside its limit and its peers, in turns, on real servers."""
    lines: list[Line] = []
    directory.mkdir(parents=True, exist_ok=True)
    collect_seldom()
    with stand() as there, _tracing(there):
        for name in only or WORKS:
            measured = _measured(name, there, QUICK if quick else FULL)
            console.print(table(measured))
            lines += measured
            results = [line.as_json() for line in lines]
            (directory / RESULTS.name).write_text(json.dumps(results, indent=2) + "\n")
            (directory / "bench.svg").write_text(plot(lines))
    console.print(table(lines))
    raise typer.Exit(0 if lines else 1)


def _measured(name: str, there: Stand, pace: Pace) -> list[Line]:
    """Measures one work; one that fails says so and leaves the others their turn."""
    began = time.monotonic()
    try:
        with console.status(name):
            lines = uvloop.run(WORKS[name](there, pace))
    except Exception as error:  # noqa: BLE001 - an overloaded machine may time out anywhere
        console.print(f"{name} could not be measured: {type(error).__name__}: {error}")
        return []
    console.print(f"{name}: measured in {time.monotonic() - began:.0f} s")
    return lines


@contextmanager
def _tracing(there: Stand) -> Iterator[None]:
    """Exports traces of what runs in this process, as the product's processes do."""
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = there.traces_url
    set_up_tracing("bench")
    try:
        yield
    finally:
        cast("TracerProvider", trace.get_tracer_provider()).shutdown()


if __name__ == "__main__":
    app()
