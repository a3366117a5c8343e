"""What became of each row: counted, and told line by line where something was refused.

The file of what was refused holds the cells of its rows, so whoever mends them finds them there. It
is as private as the file they came from: only its owner can read it, and no terminal shows a cell.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Self

from rich.table import Table

from services.intake.applicants.domain.outcomes import EventOutcome
from services.intake.imports.files import Line
from shared.contract.events.details import Fault
from shared.runtime.terminal import Terminal, plain

SHOWN = 20

_WORDS = {
    EventOutcome.RECORDED: "new",
    EventOutcome.CHANGED: "changed",
    EventOutcome.KNOWN: "already known",
}
_FORMULA = re.compile(r"(^\s*|[;,|\t\r\n\"])(?=[=+\-@＝＋－＠\t\r])")
"""How a formula begins, at the start of a cell or behind what another country parts cells by."""


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """Something of a row that was not taken, whether the rest of it was or not."""

    line: int
    field: str
    problem: str


class Report:
    """Counts rows; writes each refused one down at once, so that a long report takes no memory."""

    def __init__(self, path: Path) -> None:
        self.taken: Counter[str] = Counter()
        """Rows that were not refused, by what they did to the record."""
        self.refused = 0
        self.letters = 0
        """People whom our letter is to tell."""
        self.eldest: datetime | None = None
        """When the first of what it tells was decided."""
        self.shown: list[RefusedCell] = []
        self.headings: Sequence[str] = ()
        """Of the file that is imported; its rows stand below them in the report too."""
        self._path = path
        self._faults = 0
        self._open = ExitStack()
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def rows(self) -> int:
        return self.taken.total() + self.refused

    def take(
        self,
        line: Line,
        outcome: str,
        left_out: Iterable[Fault] = (),
        *,
        untold_since: datetime | None = None,
    ) -> None:
        """Counts a row, of which some cells may have been left out.

        `untold_since` is when it was decided, where our letter is to tell of that.
        """
        self.taken[outcome] += 1
        if untold_since:
            self.letters += 1
            self.eldest = min(self.eldest or untold_since, untold_since)
        for fault in left_out:
            self._name(line, Fault(fault.field, f"left out: {fault.problem}"))

    def refuse(self, line: Line, faults: Iterable[Fault]) -> None:
        self.refused += 1
        for fault in faults:
            self._name(line, fault)

    def tell(self, console: Terminal, *, dry_run: bool) -> None:
        """Says how many rows there were and what became of them, and shows the first refused."""
        parts = [f"{self.taken[outcome]:,} {word}" for outcome, word in _WORDS.items()]
        if dry_run:
            parts = [f"{self.taken['']:,} could be recorded"]
        parts.append(f"{self.refused:,} refused")
        console.print(f"{self.rows:,} rows: {', '.join(parts)}")
        if self.eldest:
            eldest = f"the eldest about a decision of {self.eldest:%Y-%m-%d}"
            without = "; with --already-told none" if dry_run else ""
            console.print(f"Letters: up to {self.letters:,}, {eldest}{without}")
        if not self._faults:
            return
        table = Table("line", "field", "what to do")
        for each in self.shown:
            table.add_row(str(each.line), each.field, each.problem)
        console.print(table)
        more = self._faults - len(self.shown)
        rest = f", {more:,} more of them," if more else ""
        console.print(f"All of it{rest} is in {self._path}")

    def _name(self, line: Line, fault: Fault) -> None:
        self._faults += 1
        self._write(line.number, fault.field, fault.problem, *line.cells)
        if len(self.shown) < SHOWN:
            self.shown.append(RefusedCell(line.number, plain(fault.field), plain(fault.problem)))

    def _write(self, number: int, *cells: str) -> None:
        if self._writer is None:
            file = self._open.enter_context(_private(self._path))
            self._writer = csv.writer(file)
            self._writer.writerow(("line", "field", "what to do", *map(_safe, self.headings)))
        self._writer.writerow((number, *map(_safe, cells)))


def _private(path: Path) -> IO[str]:
    """Opens a file anew; one that was not there before its owner alone can read."""
    path.touch(mode=0o600)
    return path.open("w", newline="", encoding="utf-8")


def _safe(text: str) -> str:
    """Returns a text that no terminal obeys, and no spreadsheet calculates, whoever wrote it."""
    return _FORMULA.sub(r"\1'", plain(text))
