"""The results as a table, for a terminal or for a page."""

from statistics import median

from rich.table import Table

from tests.bench.figures import Line, Unit

_COLUMNS = ("work", "ours", "against", "its figure", "ratio (spread)", "goal")
_VERDICTS = {True: "[green]met", False: "[red]not met", None: ""}


def table(lines: list[Line]) -> Table:
    made = Table(*_COLUMNS, "")
    for line in lines:
        made.add_row(*_cells(line), _VERDICTS[line.met])
    return made


def markdown(lines: list[Line]) -> str:
    """Returns the same as a page shows it."""
    rows = [_COLUMNS, ("---",) * len(_COLUMNS), *map(_cells, lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def headline(lines: list[Line]) -> str:
    """Returns what the README says of all this, in one line."""
    goals = [line for line in lines if line.goal]
    met = sum(line.met is True for line in goals)
    rate = amount(median(lines[0].ours), lines[0].unit)
    what = f"{rate} from Kafka to the committed record on two shared cores"
    return f"{what}; {met} of {len(goals)} goals are met."


def _cells(line: Line) -> tuple[str, ...]:
    low, high = line.spread
    return (
        line.work,
        amount(median(line.ours), line.unit),
        line.against,
        amount(median(line.other), line.unit),
        f"{factor(line.ratio)} ({factor(low)}-{factor(high)})",
        str(line.goal or ""),
    )


def amount(value: float, unit: Unit) -> str:
    return f"{value:,.0f} /s" if unit == "/s" else f"{value:,.1f} ms"


def factor(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
