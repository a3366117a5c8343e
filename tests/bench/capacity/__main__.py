"""`python -m tests.bench.capacity`: what one replica carries, and what one person takes."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from tests.bench.capacity import a_person, a_pool
from tests.bench.capacity.figures import RESULTS, Capacity, keep, kept
from tests.bench.capacity.table import figures_table, growth_table
from tests.bench.figures import kept as kept_bench
from tests.bench.stand import stand
from tests.bench.works.sending import poured

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def run(
    people: Annotated[int, typer.Option(min=100, help="How many are turned down.")] = 2_000,
    pool: Annotated[int, typer.Option(min=1000, help="How many the matcher holds.")] = 100_000,
    letters: Annotated[int, typer.Option(min=100, help="How many the notifier sends.")] = 3_000,
    file: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS,
) -> None:
    """Measure on real servers; rates are those of a machine that does nothing else."""
    person = asyncio.run(a_person.measured(people))
    with stand() as there:
        held = uvloop.run(a_pool.measured(there, pool))
        rate = uvloop.run(poured(there, letters))
    keep(Capacity(person, held, round(rate, 1)), file)
    show_table()


@app.command("table")
def show_table() -> None:
    """Print the tables of docs/capacity.md from the results that are kept."""
    found = kept()
    typer.echo(f"{figures_table(found, kept_bench())}\n\n{growth_table(found, kept_bench())}")


if __name__ == "__main__":
    app()
