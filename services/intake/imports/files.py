"""Finds out how a file is to be read, and reads its rows: a table, JSON Lines, or a JSON array."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from services.intake.imports import json_rows, tables
from services.intake.imports.tables import Heading, Record
from services.intake.imports.text import NAMES, Illegible, encoding_of, samples, text_lines

_JSON = (".jsonl", ".ndjson", ".json")
_LOOKED_AT = 1000

Row = Mapping[str, Any]
CouldBeRow = Callable[[Row], bool]


@dataclass(frozen=True, slots=True)
class Line:
    """One row, or what is wrong with it."""

    number: int
    """Of its first line in the file, counted from 1."""
    row: Row | None = None
    problem: str = ""
    cells: Sequence[str] = ()
    """As they stand in the file, below its headings; of what is not JSON or no row, none."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read."""

    path: Path
    encoding: str
    lines: int
    columns: list[str]
    """Of a table; of JSON the names that its first objects have."""
    table: Heading | None = None
    is_array: bool = False

    @property
    def headings(self) -> Sequence[str]:
        """What stands above the cells of a line; JSON has its object in one."""
        return self.table.columns if self.table else ("row",)

    @property
    def described(self) -> str:
        kind = "CSV" if self.table else "a JSON array" if self.is_array else "JSON Lines"
        below = f", headings in line {self.table.first}" if self.table else ""
        return f"{kind} in {NAMES[self.encoding]}, {self.lines:,} lines{below}"

    @property
    def samples(self) -> str:
        """Some words as they are read, where letters could have been taken for others."""
        words = samples(self.path, self.encoding)
        return f"Words in it are read as: {', '.join(words)}" if words else ""

    def rows(self, could_be_row: CouldBeRow) -> Iterator[Line]:
        """Returns the rows one by one; of a table it must be known what a row looks like."""
        if self.table is None:
            return map(_json_line, _elements(self.path, self.encoding, is_array=self.is_array))
        return self._table_rows(self.table, could_be_row)

    def _table_rows(self, table: Heading, could_be_row: CouldBeRow) -> Iterator[Line]:
        def recognised(cells: Sequence[str]) -> bool:
            row, _ = _row(table.columns, cells)
            return could_be_row(row)

        for record in tables.records(self.path, self.encoding, table, recognised):
            if record.problem or any(map(tables.clean, record.cells)):
                yield _table_line(table.columns, record)


def open_file(path: Path, encoding: str = "") -> Source:
    """Finds out how a file is to be read; raises Illegible if it cannot be.

    An encoding that somebody names is not guessed at.
    """
    if not path.is_file():
        raise Illegible(f"There is no file {path}")
    encoding, lines = encoding_of(path, encoding)
    if path.suffix.lower() in _JSON:
        return _open_json(path, encoding, lines)
    table = tables.heading(path, encoding)
    named = [name for name in table.columns if name]
    if doubled := {name for name in named if named.count(name) > 1}:
        raise Illegible(f"Name each column differently; twice there is: {', '.join(doubled)}")
    return Source(path, encoding, lines, named, table)


def _open_json(path: Path, encoding: str, lines: int) -> Source:
    start = next((it.text for it in text_lines(path, encoding) if it.text.strip()), "")
    is_array = start.lstrip("\ufeff \t").startswith("[")
    if path.suffix.lower() == ".json" and not is_array and json_rows.element(1, start).problem:
        raise Illegible(f"Write {path} as a JSON array of objects, or as JSON Lines: one a line")
    first = islice(_elements(path, encoding, is_array=is_array), _LOOKED_AT)
    columns = list(dict.fromkeys(name for it in first for name in it.row or ()))
    return Source(path, encoding, lines, columns, is_array=is_array)


def _elements(path: Path, encoding: str, *, is_array: bool) -> Iterator[json_rows.Element]:
    read = json_rows.from_array if is_array else json_rows.from_lines
    return read(text_lines(path, encoding))


def _json_line(element: json_rows.Element) -> Line:
    cells = () if element.row is None else (json.dumps(element.row, ensure_ascii=False),)
    return Line(element.number, element.row, element.problem, cells)


def _table_line(columns: Sequence[str], record: Record) -> Line:
    if record.problem:
        return Line(record.number, problem=record.problem)
    row, problem = _row(columns, record.cells)
    if problem:
        return Line(record.number, problem=problem, cells=record.cells)
    cells = record.cells[: _without_blank_end(record.cells)]
    return Line(record.number, row, cells=cells)


def _row(columns: Sequence[str], cells: Sequence[str]) -> tuple[Row, str]:
    """Returns the cells by their columns; cells that are not there are empty."""
    filled = _without_blank_end(cells)
    if filled > len(columns):
        remedy = "put quotes around cells with a delimiter"
        return {}, f"it has {filled} cells and not {len(columns)}: {remedy}"
    if any(tables.clean(cell) for name, cell in zip(columns, cells, strict=False) if not name):
        return {}, "a cell stands under no heading: name its column, or remove the cell"
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    return {name: cell for name, cell in zip(columns, padded, strict=False) if name}, ""


def _without_blank_end(cells: Sequence[str]) -> int:
    """Counts cells without the empty ones at the end."""
    count = len(cells)
    while count and not tables.clean(cells[count - 1]):
        count -= 1
    return count
