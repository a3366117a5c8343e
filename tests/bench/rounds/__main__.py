"""`python -m tests.bench.rounds`: what each service does regularly, among more and more people."""

import time
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from shared.runtime.garbage import collect_seldom
from shared.runtime.kafka_settings import KafkaSettings
from shared.runtime.topics_admin import apply
from tests.bench.rounds.measured import RESULTS, Measured, keep
from tests.bench.rounds.measuring import PARTS, Ground, measured
from tests.bench.rounds.table import table
from tests.bench.stand import Stand, stand

console = Console()


def main(
    only: Annotated[list[str] | None, typer.Option(help=", ".join(PARTS))] = None,
    people: Annotated[str, typer.Option(help="Sizes of the pool, ascending.")] = (
        "10000,100000,1000000"
    ),
    times: Annotated[int, typer.Option(min=1, help="How often each round is measured.")] = 7,
    directory: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS.parent,
) -> None:
    """Measure each round in pools of several sizes, in turns, on real servers."""
    sizes = [int(size) for size in people.split(",")]
    lines: list[Measured] = []
    directory.mkdir(parents=True, exist_ok=True)
    collect_seldom()
    with stand() as there:
        for name in only or PARTS:
            began = time.monotonic()
            with console.status(name):
                lines += uvloop.run(_measured(name, there, sizes, times))
            console.print(table(lines))
            console.print(f"{name}: measured in {time.monotonic() - began:.0f} s")
            keep(lines, directory / RESULTS.name)


async def _measured(name: str, there: Stand, sizes: list[int], times: int) -> list[Measured]:
    await apply(KafkaSettings(kafka_bootstrap_servers=there.kafka))
    ground = Ground(there.template, there.kafka, there.directory)
    return [line async for line in measured(name, ground, sizes, times)]


if __name__ == "__main__":
    typer.run(main)
