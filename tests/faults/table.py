"""Shows what was tried, and what was kept."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.faults.history import Story
from tests.faults.promises import Verdict
from tests.faults.promises.recovery import throughput

SHOWN = 5
"""How many of the cases that broke a promise are shown."""


def show(story: Story, verdicts: Sequence[Verdict], console: Console | None = None) -> None:
    out = console or Console()
    out.print(_tried(story))
    out.print(_promises(verdicts))
    for verdict in verdicts:
        for fault in verdict.broken[:SHOWN]:
            out.print(f"[red]{verdict.promise}[/]: {fault}", markup=True, highlight=False)
    if story.of("burst"):
        before, after, anew = (
            median(throughput(story, name)) for name in ("before", "after", "anew")
        )
        out.print(
            f"Throughput of Kafka to record: {after:.0f} a second after the faults, "
            f"{anew:.0f} started anew ({after / anew:.0%}); {before:.0f} before, with nobody known."
        )


def _tried(story: Story) -> Table:
    options = story.one("options")
    table = Table("tried", "times", title=f"seed {options['seed']}")
    rows = Counter(f"asked over {ask['door']}: {ask['result']}" for ask in story.of("asked"))
    rows.update(f"answered: {line['did']}" for line in story.of("answered"))
    rows.update(f"fault: {_fault(line)}" for line in story.of("fault"))
    rows.update(f"mail: {line['end']}" for line in story.of("mail"))
    rows.update(f"message: {row['state']}" for row in story.rows("messages"))
    for name, count in sorted(rows.items()):
        table.add_row(name, f"{count:,}")
    return table


def _fault(line: dict[str, str]) -> str:
    return f"{line['what']} {line['target'].split('-')[0]}" if "target" in line else line["what"]


def _promises(verdicts: Sequence[Verdict]) -> Table:
    table = Table("promise", "cases", "")
    for verdict in verdicts:
        table.add_row(verdict.promise, f"{verdict.cases:,}", _result(verdict))
    return table


def _result(verdict: Verdict) -> str:
    if verdict.broken:
        return f"[red]broken {len(verdict.broken):,} times[/]"
    return "kept" if verdict.cases else "no case"
