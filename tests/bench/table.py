"""The results as a table for a terminal."""

from statistics import median

from rich.table import Table

from tests.bench.figures import Line, Unit

_VERDICTS = {True: "[green]met", False: "[red]not met", None: ""}


def table(lines: list[Line]) -> Table:
    made = Table("work", "ours", "against", "its figure", "ratio (spread)", "goal", "")
    for line in lines:
        low, high = line.spread
        made.add_row(
            line.work,
            amount(median(line.ours), line.unit),
            line.against,
            amount(median(line.other), line.unit),
            f"{factor(line.ratio)} ({factor(low)}-{factor(high)})",
            str(line.goal or ""),
            _VERDICTS[line.met],
        )
    return made


def amount(value: float, unit: Unit) -> str:
    return f"{value:,.0f} /s" if unit == "/s" else f"{value:,.1f} ms"


def factor(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
