"""`python -m tests.faults run` plays a campaign; `check` judges the history of one again."""

import asyncio
import logging
import time
from pathlib import Path
from typing import Annotated

import typer

from tests.faults import campaign
from tests.faults.history import Story
from tests.faults.promises import judge
from tests.faults.table import show

BURSTS, BURST_EVENTS = 3, 4000

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.command()
def run(
    seed: Annotated[int | None, typer.Option(help="Repeats what a run did.")] = None,
    kills: Annotated[int, typer.Option(min=1)] = 100,
    events: Annotated[int, typer.Option(min=100)] = 20_000,
    seconds: Annotated[float | None, typer.Option(help="How long events keep coming.")] = None,
    history: Annotated[Path, typer.Option()] = Path(".notyet/faults.jsonl"),
) -> None:
    """Break everything under load, then count."""
    chosen = int(time.time()) if seed is None else seed
    lasting = max(60.0, kills * 5.0) if seconds is None else seconds
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    options = campaign.Options(
        chosen, kills, events, lasting, history, burst=BURST_EVENTS, bursts=BURSTS
    )
    asyncio.run(campaign.run(options))
    check(history)


@app.command()
def check(history: Annotated[Path, typer.Argument(exists=True)]) -> None:
    """Judge what a run has written down."""
    story = Story.read(history)
    verdicts = judge(story)
    show(story, verdicts)
    raise typer.Exit(any(verdict.broken for verdict in verdicts))


if __name__ == "__main__":
    app()
