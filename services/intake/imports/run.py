"""One import from beginning to end: read, map, send, report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.applicants.domain.outcomes import EventOutcome
from services.intake.imports.files import Line, Source
from services.intake.imports.mapping import Mapped
from services.intake.imports.report import Report
from shared.contract.events.details import Fault
from shared.contract.events.instants import moment_of

AT_A_TIME = 250


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one rejection that was sent."""

    outcome: str = ""
    """What it did to the record, in the API's word; empty if nothing was sent."""
    faults: Sequence[Fault] = ()
    """Why it was refused, if it was."""
    left_out: Sequence[Fault] = ()
    """What of it was left out, so that the rest could count."""


class NotAccepted(Exception):
    """Nothing can be sent; the text is one line that says what to do."""


Send = Callable[[Sequence[dict[str, Any]]], list[RowOutcome]]


def run(
    source: Source,
    mapped: Mapped | None,
    send: Send,
    report: Report,
    told: Callable[[int], None],
    *,
    already_told: bool = False,
) -> None:
    """Sends every row of a file and reports each; `told` hears how many lines further it is.

    With `already_told` all whom it is about have heard, whatever their rows say.
    """
    could_be_row = mapped.could_be_row if mapped else bool
    report.headings = source.headings
    for batch in _batches(source.rows(could_be_row)):
        items = [_item(line, mapped, already_told=already_told) for line in batch]
        ready = [item for item, faults in items if not faults]
        answers = iter(send(ready) if ready else ())
        for line, (item, faults) in zip(batch, items, strict=True):
            answer = RowOutcome(faults=faults) if faults else next(answers)
            if answer.faults:
                located = map(mapped.located, answer.faults) if mapped else answer.faults
                report.refuse(line, faults or located)
            else:
                left_out, since = _left_out(line, answer, mapped), _untold_since(item, answer)
                report.take(line, answer.outcome, left_out, untold_since=since)
        told(batch[-1].number)


def _left_out(line: Line, answer: RowOutcome, mapped: Mapped | None) -> Sequence[Fault]:
    if mapped is None:
        return answer.left_out
    return [*mapped.empty(line), *map(mapped.located, answer.left_out)]


def _untold_since(item: dict[str, Any], answer: RowOutcome) -> datetime | None:
    """Returns when it was decided, if our letter may tell of it: it may by what is said anew."""
    is_news = answer.outcome != EventOutcome.KNOWN
    return moment_of(item["decidedAt"]) if is_news and not item.get("alreadyTold") else None


def _item(
    line: Line, mapped: Mapped | None, *, already_told: bool
) -> tuple[dict[str, Any], Sequence[Fault]]:
    """Returns a row as a rejection, or why it is none."""
    if line.row is None:
        return {}, [Fault("line", line.problem)]
    item, faults = mapped.rejection(line) if mapped else (dict(line.row), ())
    return (item | {"alreadyTold": True} if already_told else item), faults


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == AT_A_TIME:
            yield batch
            batch = []
    if batch:
        yield batch
