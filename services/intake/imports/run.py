"""One import from beginning to end: read, map, send, report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.intake.imports.files import Line, Source
from services.intake.imports.mapping import Mapped
from shared.contract.events.cloudevents import Fault
from shared.contract.events.payload import stable_id

AT_A_TIME = 250

Send = Callable[[Sequence[dict[str, Any]]], list[list[Fault]]]
"""Sends rejections; returns what was refused of each."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    line: int
    field: str
    problem: str


@dataclass(slots=True)
class Report:
    recorded: int = 0
    refused: list[RefusedLine] = field(default_factory=list)

    @property
    def refused_lines(self) -> int:
        return len({each.line for each in self.refused})


def run(
    source: Source, mapped: Mapped | None, name: str, send: Send, told: Callable[[int], None]
) -> Report:
    """Sends every line of a file; `told` is called with how many lines further it is."""
    report = Report()
    for batch in _batches(source.rows()):
        ready = []
        for line in batch:
            item, faults = _item(line, mapped, name)
            _refuse(report, line, faults, mapped)
            if item is not None and not faults:
                ready.append((line, item))
        refused = send([item for _, item in ready]) if ready else []
        for (line, _), faults in zip(ready, refused, strict=True):
            _refuse(report, line, faults, mapped)
            report.recorded += not faults
        told(batch[-1].number)
    return report


def _item(
    line: Line, mapped: Mapped | None, name: str
) -> tuple[dict[str, Any] | None, Sequence[Fault]]:
    """Returns a line as a rejection with an id that the same line always has."""
    if line.row is None:
        return None, [Fault("line", line.problem)]
    item, faults = mapped.rejection(line.row) if mapped else (dict(line.row), [])
    item.setdefault("id", stable_id(name, line.digest))
    return item, faults


def _refuse(report: Report, line: Line, faults: Iterable[Fault], mapped: Mapped | None) -> None:
    for fault in faults:
        column = mapped.column(fault.field) if mapped else fault.field
        report.refused.append(RefusedLine(line.number, column, fault.problem))


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == AT_A_TIME:
            yield batch
            batch = []
    if batch:
        yield batch
