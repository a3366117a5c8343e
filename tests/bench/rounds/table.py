"""The rounds as a table, for a terminal or for a page."""

from collections.abc import Sequence
from statistics import median

from rich.table import Table

from tests.bench.rounds.measured import GOAL, Measured

_VERDICTS = {True: "[green]met", False: "[red]not met", None: ""}


def table(found: Sequence[Measured]) -> Table:
    made = Table(*_columns(found), "")
    for each in found:
        made.add_row(*_cells(each), _VERDICTS[each.met])
    return made


def markdown(found: Sequence[Measured]) -> str:
    """Returns the same as a page shows it."""
    columns = _columns(found)
    rows = [columns, ("---",) * len(columns), *map(_cells, found)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _columns(found: Sequence[Measured]) -> tuple[str, ...]:
    sizes = [f"{people:,} people" for people in sorted(found[0].took)] if found else []
    return ("service", "round", *sizes, "ratio", "goal", "longest gap")


def _cells(one: Measured) -> tuple[str, ...]:
    return (
        one.service,
        one.name,
        *(f"{median(one.took[people]):,.1f} ms" for people in sorted(one.took)),
        f"{one.ratio:.2f}",
        "" if one.grows else f"<= {GOAL:g}x",
        f"{max(one.gaps[max(one.gaps)]):,.1f} ms",
    )
