"""Elements of JSON, from lines or out of an array; a bad one costs itself alone."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

from services.intake.imports.text import LONGEST, TextLine

_MARK = re.compile(r'\\.|["{}\[\],]')


@dataclass(frozen=True, slots=True)
class Element:
    number: int
    """Of the line in which it begins."""
    row: dict[str, Any] | None = None
    problem: str = ""


def element(number: int, text: str) -> Element:
    """Reads one object."""
    if not TextLine(number, text).decodable:
        return Element(number, problem="it holds a byte that is not UTF-8: save the file as UTF-8")
    try:
        row = json.loads(text, parse_constant=_nothing, parse_float=_finite)
    except (ValueError, RecursionError):
        return Element(number, problem="it is not JSON")
    if not isinstance(row, dict):
        return Element(number, problem="it is not a JSON object")
    return Element(number, row)


def _nothing(_: str) -> None:
    """Reads NaN and Infinity, which JSON does not have: so Python writes a cell that is missing."""


def _finite(text: str) -> float | None:
    number = float(text)
    return number if isfinite(number) else None


def from_lines(lines: Iterable[TextLine]) -> Iterator[Element]:
    """Reads JSON Lines: one object a line."""
    too_long = 0
    for line in lines:
        if line.number == too_long or not line.text.strip("\ufeff \t\r\n"):
            continue
        if len(line.text) >= LONGEST and not line.ended:
            too_long = line.number
            yield Element(line.number, problem=f"it is longer than {LONGEST:,} characters")
        else:
            yield element(line.number, line.text)


def from_array(lines: Iterable[TextLine]) -> Iterator[Element]:
    """Reads the elements of one array, however it is laid out, as they come."""
    scan = _Scan()
    for line in lines:
        yield from scan.read(line)
    yield from scan.end()


class _Scan:
    """Finds where the elements of an array begin and end: strings and brackets tell."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._parts: list[str] = []
        self._size = 0
        self._number = 0
        self._last = 1

    def read(self, line: TextLine) -> Iterator[Element]:
        self._last = line.number
        start = 0
        for mark in _MARK.finditer(line.text):
            if self._opens_array(mark[0]):
                self._number, self._depth, start = 0, 1, mark.end()
            elif self._closes(mark[0]):
                self._keep(line, line.text[start : mark.start()])
                yield from self._taken()
                start = mark.end()
        self._keep(line, line.text[start:])
        if line.ended:
            # A string ends in its line: what is wrong with one costs no other element.
            self._in_string = False

    def end(self) -> Iterator[Element]:
        if self._depth > 0:
            # What was being read may have been cut as well.
            problem = "the array is not closed: the file was cut off, so fetch it again"
            yield Element(self._number or self._last, problem=problem)
        elif self._number:
            yield Element(self._number, problem="it stands behind the end of the array: remove it")

    def _opens_array(self, mark: str) -> bool:
        return mark == "[" and self._depth == 0 and not self._in_string

    def _closes(self, mark: str) -> bool:
        """Follows a mark; tells whether an element of the array ends with it."""
        if self._in_string:
            self._in_string = mark != '"'
            return False
        if mark == '"':
            self._in_string = True
        elif mark in "{[":
            self._depth += 1
        elif mark in "}]":
            self._depth = max(0, self._depth - 1)
            return self._depth == 0
        return mark == "," and self._depth == 1

    def _keep(self, line: TextLine, text: str) -> None:
        if not self._number and text.strip("\ufeff \t\r\n"):
            self._number = line.number
        if self._number and self._size <= LONGEST:
            self._parts.append(text)
            self._size += len(text)

    def _taken(self) -> Iterator[Element]:
        if self._number and self._size > LONGEST:
            yield Element(self._number, problem=f"it is longer than {LONGEST:,} characters")
        elif self._number:
            yield element(self._number, "".join(self._parts))
        self._number, self._size, self._parts = 0, 0, []
