"""A file as numbered lines of text; one bad byte costs its own line."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST = 1_000_000
"""In characters, of a line or a cell: no file, whatever is in it, takes more memory than that."""

NAMES = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\udc80-\udcff]")
_UNDECODABLE = re.compile("[\udc80-\udcff]")
_FEW = 10


class Illegible(Exception):
    """The file cannot be read; the text is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class TextLine:
    number: int
    """In the file, counted from 1."""
    text: str
    """With its end; a line that is too long comes in pieces, all but the last without one."""

    @property
    def ended(self) -> bool:
        return self.text.endswith(("\n", "\r"))

    @property
    def decodable(self) -> bool:
        return not _UNDECODABLE.search(self.text)


def text_lines(path: Path, encoding: str) -> Iterator[TextLine]:
    """Returns the lines of a file, ended by line feed, carriage return or both."""
    number = 1
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        while text := file.readline(LONGEST):
            line = TextLine(number, text)
            yield line
            number += line.ended


def encoding_of(path: Path) -> tuple[str, int]:
    """Returns the encoding that a file is in, and how many lines it has.

    A byte order mark says UTF-8. Without it a file is UTF-8 unless nearly all that is not ASCII
    cannot be: a bad byte in UTF-8 garbles one name, Windows-1252 for UTF-8 garbles every one.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    good = bad = lines = 0
    with path.open("rb") as file:
        start = file.read(100)
        if start.count(0) * _FEW > len(start):
            raise Illegible(f"{path} is no text, or text in UTF-16: save it as UTF-8")
        file.seek(0)
        while chunk := file.read(1 << 20):
            text = decoder.decode(chunk)
            good += len(_BEYOND_ASCII.findall(text))
            bad += len(_UNDECODABLE.findall(text))
            lines += max(text.count("\n"), text.count("\r"))
    bad += len(decoder.decode(b"", final=True))
    marked = start.startswith(codecs.BOM_UTF8)
    is_utf_8 = marked or good * _FEW >= bad
    return "utf-8-sig" if is_utf_8 else "cp1252", max(1, lines)
