"""Rows of a table in CSV: a quote that is never closed costs its own line, and no other.

A quoted cell may span lines. It does so only if the lines make one well-formed row together, and
neither a line between nor both the first and the last are rows by themselves; else the line with
the quote is refused and the next line read for itself. Each line is looked at a fixed number of
times, so the work is linear.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from services.intake.imports.text import LONGEST, Illegible, TextLine, text_lines

_DELIMITERS = ",;\t|"
_LINES_ABOVE = 20
_SEPARATOR = re.compile(r'"?sep=([^"\w\r\n])"?\s*', re.IGNORECASE)
_LOOSE = re.compile(r'" +([,;\t|\r\n]|$)')
_QUOTED = re.compile(r'"[^"]*"')

_BAD_BYTE = "it holds a byte of another encoding: save the file as UTF-8"
_TOO_LONG = f"it is longer than {LONGEST:,} characters: shorten it"
_BAD_QUOTES = (
    "its quotes do not match: close each quote that opens a cell, and write one inside a cell twice"
)

CouldBeRow = Callable[[Sequence[str]], bool]
"""Tells whether cells look like a row of the table, and not like text inside a cell."""


@dataclass(frozen=True, slots=True)
class Record:
    number: int
    """Of its first line."""
    cells: Sequence[str] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    columns: list[str]
    delimiter: str
    first: int
    last: int
    """The lines that it stands in."""


def heading(path: Path, encoding: str) -> Heading:
    """Finds the line that names the columns, below a title or `sep=` that stands above it."""
    told = ""
    for first, last, text in _logical_lines(path, encoding):
        if separator := _SEPARATOR.fullmatch(text):
            told = separator[1]
            continue
        bare = _QUOTED.sub("", text)
        delimiter = told or max(_DELIMITERS, key=bare.count)
        columns = [clean(cell) for cell in _cells(text, delimiter) or ()]
        if sum(map(bool, columns)) > 1:
            return Heading(columns, delimiter, first, last)
    raise Illegible(f"{path} has no headings: its first line must name the columns")


def records(
    path: Path, encoding: str, table: Heading, could_be_row: CouldBeRow
) -> Iterator[Record]:
    """Returns what stands below the heading; lines without any content are no rows."""
    lines = _Ahead(line for line in text_lines(path, encoding) if line.number > table.last)
    while line := lines.take():
        if not line.text.strip():
            continue
        if problem := _problem(line):
            lines.skip_rest_of(line)
            yield Record(line.number, problem=problem)
            continue
        cells = _cells(line.text, table.delimiter) or _over_lines(line, lines, table, could_be_row)
        yield Record(line.number, cells) if cells else Record(line.number, problem=_BAD_QUOTES)


def clean(cell: str) -> str:
    """Takes off the blanks around a text, also those that nobody sees."""
    return cell.strip(_BLANKS)


_BLANKS = " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007" + (
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)


class _Ahead:
    """Lines that can be looked at before they are taken, as far as a cell may reach."""

    def __init__(self, lines: Iterator[TextLine]) -> None:
        self._lines = lines
        self._waiting: deque[TextLine] = deque()

    def take(self) -> TextLine | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def through_next_odd(self) -> list[TextLine]:
        """Returns the lines up to the next that closes or opens a quote; none if it is too far."""
        found: list[TextLine] = []
        size = 0
        for line in chain(tuple(self._waiting), self._more()):
            found.append(line)
            size += len(line.text)
            if size > LONGEST:
                return []
            if line.text.count('"') % 2:
                return found
        return []

    def drop(self, count: int) -> None:
        for _ in range(count):
            self._waiting.popleft()

    def skip_rest_of(self, line: TextLine) -> None:
        while not line.ended and (piece := self.take()):
            line = piece

    def _more(self) -> Iterator[TextLine]:
        for line in self._lines:
            self._waiting.append(line)
            yield line


def _over_lines(
    line: TextLine, lines: _Ahead, table: Heading, could_be_row: CouldBeRow
) -> list[str] | None:
    """Returns the cells of a row that goes on in the next lines, and takes those lines."""
    if line.text.count('"') % 2 == 0:
        return None
    further = lines.through_next_odd()
    if any(map(_problem, further)):
        return None
    cells = _cells("".join(each.text for each in (line, *further)), table.delimiter)
    if not further or cells is None or len(cells) > len(table.columns):
        return None
    *between, closing = further
    if any(could_be_row(_cells(it.text, table.delimiter) or ()) for it in between):
        return None
    if all(could_be_row(_alone(it.text, table.delimiter)) for it in (line, closing)):
        return None
    lines.drop(len(further))
    return cells


def _problem(line: TextLine) -> str:
    if len(line.text) >= LONGEST and not line.ended:
        return _TOO_LONG
    return "" if line.decodable else _BAD_BYTE


def _cells(text: str, delimiter: str) -> list[str] | None:
    """Returns the cells of one row; None if its quotes do not match.

    Blanks between a closing quote and what ends its cell are passed over where they are all that is
    wrong.
    """
    cells = _strictly(text, delimiter)
    if cells is None and _LOOSE.search(text):
        return _strictly(_LOOSE.sub(r'"\1', text), delimiter)
    return cells


def _strictly(text: str, delimiter: str) -> list[str] | None:
    csv.field_size_limit(LONGEST)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        skipinitialspace=delimiter != " ",
        strict=True,
    )
    try:
        [cells] = reader
    except (csv.Error, ValueError):
        return None
    return cells


def _alone(text: str, delimiter: str) -> list[str]:
    """Returns what would be the cells of a line with half a pair of quotes."""
    return _cells(text, delimiter) or text.strip().split(delimiter)


def _logical_lines(path: Path, encoding: str) -> Iterator[tuple[int, int, str]]:
    """Returns the first lines that are not blank, those of one quoted cell together."""
    waiting: list[TextLine] = []
    for line in _few(text_lines(path, encoding)):
        if problem := _problem(line):
            raise Illegible(f"Line {line.number} of {path}: {problem}")
        waiting.append(line)
        text = "".join(each.text for each in waiting)
        if text.count('"') % 2 == 0:
            if text.strip():
                yield waiting[0].number, line.number, text.strip("\r\n")
            waiting = []


def _few(lines: Iterable[TextLine]) -> Iterator[TextLine]:
    return (line for line, _ in zip(lines, range(_LINES_ABOVE), strict=False))
