"""`python -m tests.bench.capacity run`: what one person takes, of whatever there is little of."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from tests.bench.capacity import a_person, a_pool
from tests.bench.capacity.figures import RESULTS, Capacity, keep, kept
from tests.bench.capacity.table import figures_table, growth_table
from tests.bench.figures import kept as kept_bench

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def run(
    people: Annotated[int, typer.Option(min=100, help="How many are turned down.")] = 2_000,
    pool: Annotated[int, typer.Option(min=1000, help="How many the matcher holds.")] = 100_000,
    file: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS,
) -> None:
    """Measure bytes and processor time, which do not depend on what else the machine does."""
    held = uvloop.run(a_pool.measured(pool))
    keep(Capacity(asyncio.run(a_person.measured(people)), held), file)


@app.command("table")
def show_table() -> None:
    """Print the tables of docs/capacity.md from the results that are kept."""
    found = kept()
    typer.echo(f"{figures_table(found, kept_bench())}\n\n{growth_table(found, kept_bench())}")


if __name__ == "__main__":
    app()
