"""Reads the rows of a file, whatever wrote it: CSV in its usual encodings, or JSON Lines."""

import codecs
import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DELIMITERS = ",;\t|"
_LONGEST_CELL = 1_000_000
_ENCODINGS = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}


class Illegible(Exception):
    """The file cannot be read; the text is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row, or what is wrong with it."""

    number: int
    """Of its first line in the file, counted from 1."""
    digest: str
    """The same for the same content."""
    row: dict[str, Any] | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read."""

    path: Path
    encoding: str
    lines: int
    columns: list[str] | None = None
    """None in JSON Lines, where each line has its own."""
    delimiter: str = ","

    @property
    def described(self) -> str:
        kind = "JSON Lines" if self.columns is None else "CSV"
        return f"{kind} in {_ENCODINGS[self.encoding]}, {self.lines:,} lines"

    def rows(self) -> Iterator[Line]:
        """Yields the rows one by one."""
        return self._json_rows() if self.columns is None else self._csv_rows(self.columns)

    def _csv_rows(self, columns: list[str]) -> Iterator[Line]:
        csv.field_size_limit(_LONGEST_CELL)
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            next(reader, None)
            while True:
                number = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Line(number, str(number), problem=f"it is not CSV: {error}")
                    continue
                if any(cell.strip() for cell in cells):
                    yield _csv_line(number, columns, cells)

    def _json_rows(self) -> Iterator[Line]:
        with self.path.open(encoding=self.encoding) as file:
            for number, text in enumerate(file, 1):
                if text.strip():
                    yield _json_line(number, text)


def open_file(path: Path) -> Source:
    """Finds out how a file is to be read; raises Illegible if it cannot be."""
    if not path.is_file():
        raise Illegible(f"There is no file {path}")
    encoding, lines = _encoding(path)
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return Source(path, encoding, lines)
    with path.open(encoding=encoding, newline="") as file:
        header = file.readline()
        delimiter = max(_DELIMITERS, key=header.count)
        file.seek(0)
        columns = [name.strip() for name in next(csv.reader(file, delimiter=delimiter), [])]
    if not any(columns):
        raise Illegible(f"{path} is empty: its first line must name the columns")
    if doubled := {name for name in columns if columns.count(name) > 1}:
        raise Illegible(f"Name each column differently; twice there is: {', '.join(doubled)}")
    return Source(path, encoding, lines, columns, delimiter)


def _encoding(path: Path) -> tuple[str, int]:
    """Returns the encoding that fits the whole file, and counts its lines."""
    for encoding in _ENCODINGS:
        try:
            lines = _lines(path, encoding)
        except UnicodeError:
            continue
        return encoding, max(1, lines)
    raise Illegible(f"{path} is neither UTF-8 nor Windows-1252: save it as UTF-8")


def _lines(path: Path, encoding: str) -> int:
    """Counts the lines of a file; raises UnicodeError if it is in another encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    with path.open("rb") as file:
        if b"\x00" in file.read(100):
            raise UnicodeError("no text, or text in UTF-16")
        file.seek(0)
        while chunk := file.read(1 << 20):
            lines += decoder.decode(chunk).count("\n")
        decoder.decode(b"", final=True)
    return lines


def _csv_line(number: int, columns: list[str], cells: list[str]) -> Line:
    digest = _digest("\t".join(cells))
    if len(cells) != len(columns):
        count = f"it has {len(cells)} cells and not {len(columns)}"
        return Line(number, digest, problem=f"{count}: put quotes around cells with a delimiter")
    return Line(number, digest, dict(zip(columns, cells, strict=True)))


def _json_line(number: int, text: str) -> Line:
    digest = _digest(text.strip())
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return Line(number, digest, problem="it is not JSON")
    if not isinstance(row, dict):
        return Line(number, digest, problem="it is not a JSON object")
    return Line(number, digest, row)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
