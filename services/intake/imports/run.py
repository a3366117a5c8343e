"""One import from beginning to end: read, map, send, report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.intake.imports.files import Line, Source
from services.intake.imports.mapping import Mapped
from services.intake.imports.report import Report
from shared.contract.events.details import Fault

AT_A_TIME = 250


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one rejection that was sent."""

    outcome: str = ""
    """What it did to the record, in the API's word; empty if nothing was sent."""
    faults: Sequence[Fault] = ()
    """Why it was refused, if it was."""
    left_out: Sequence[Fault] = ()
    """What of it was left out, so that the rest could count."""


class NotAccepted(Exception):
    """Nothing can be sent; the text is one line that says what to do."""


Send = Callable[[Sequence[dict[str, Any]]], list[Answer]]


def run(
    source: Source, mapped: Mapped | None, send: Send, report: Report, told: Callable[[int], None]
) -> None:
    """Sends every row of a file and reports each; `told` hears how many lines further it is."""
    could_be_row = mapped.could_be_row if mapped else bool
    report.headings = source.headings
    for batch in _batches(source.rows(could_be_row)):
        items = [_item(line, mapped) for line in batch]
        ready = [item for item, faults in items if not faults]
        answers = iter(send(ready) if ready else ())
        for line, (_, faults) in zip(batch, items, strict=True):
            answer = Answer(faults=faults) if faults else next(answers)
            if answer.faults:
                located = map(mapped.located, answer.faults) if mapped else answer.faults
                report.refuse(line, faults or located)
            else:
                report.take(line, answer.outcome, _left_out(line, answer, mapped))
        told(batch[-1].number)


def _left_out(line: Line, answer: Answer, mapped: Mapped | None) -> Sequence[Fault]:
    if mapped is None:
        return answer.left_out
    return [*mapped.empty(line), *map(mapped.located, answer.left_out)]


def _item(line: Line, mapped: Mapped | None) -> tuple[dict[str, Any], Sequence[Fault]]:
    """Returns a row as a rejection, or why it is none."""
    if line.row is None:
        return {}, [Fault("line", line.problem)]
    return mapped.rejection(line) if mapped else (dict(line.row), [])


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == AT_A_TIME:
            yield batch
            batch = []
    if batch:
        yield batch
