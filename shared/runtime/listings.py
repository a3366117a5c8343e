"""How operators' lists are printed: for people in eighty columns, an object a line for programs."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer

from shared.runtime.terminal import tell

Row = Mapping[str, Any]

Limit = Annotated[
    int, typer.Option(min=1, max=1_000_000, help="How many to show, the oldest first.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON object a line, values whole.")]


def show(
    rows: Sequence[Row],
    told: Callable[[Row], tuple[Iterable[object], Iterable[object]]],
    *,
    as_json: bool,
    limit: int,
    nothing: str,
) -> None:
    """Prints each row; `told` says what goes on its first line, and what indented beneath it.

    Nothing is cut off: what does not fit into a line goes on in the next.
    """
    for row in rows:
        tell(*([_object(row)] if as_json else _lines(*told(row))))
    if not rows and not as_json:
        tell(nothing)
    if rows and len(rows) == limit:
        tell(f"There may be more than these {limit}: see --limit.", to_stderr=True)


def when(instant: datetime) -> str:
    """Returns an instant as people read it, to the second."""
    return f"{instant:%Y-%m-%d %H:%M:%S}Z"


def _lines(first: Iterable[object], beneath: Iterable[object]) -> list[str]:
    return ["  ".join(map(str, first)), *(f"    {line}" for line in beneath)]


def _object(row: Row) -> str:
    """Returns a row as JSON, in which what cannot be shown is escaped, so that it is all there."""
    text = json.dumps({name: _in_json(value) for name, value in row.items()}, ensure_ascii=False)
    return "".join(it if it.isprintable() else json.dumps(it)[1:-1] for it in text)


def _in_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
