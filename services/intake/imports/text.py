"""A file as numbered lines of text; one bad byte costs its own line."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.intake.imports.western import foreign

LONGEST = 1_000_000
"""In characters, of a line or a cell: no file, whatever is in it, takes more memory than that."""

NAMES = {
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "cp850": "IBM850",
    "mac_roman": "Macintosh",
}
_BY_NAME = {name.lower(): encoding for encoding, name in NAMES.items()}

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\udc80-\udcff]")
_UNDECODABLE = re.compile("[\udc80-\udcff]")
_FEW = 10
_BETWEEN_WORDS = re.compile(r'[\s,;|"]+')
_SAMPLES = 8


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


def encoding_of(path: Path, named: str = "") -> tuple[str, int]:
    """Returns the encoding that a file is in, unless it is named, and how many lines it has.

    A byte order mark says UTF-8. Without it a file is UTF-8 unless nearly all that is not ASCII
    cannot be: a bad byte in UTF-8 garbles one name, Windows-1252 for UTF-8 garbles every one. What
    is neither is refused, for nothing tells which of many encodings it is in.
    """
    if named and named.lower() not in _BY_NAME:
        raise Illegible(f"There is no encoding {named}; choose from: {', '.join(_BY_NAME)}")
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
    encoding = _BY_NAME[named.lower()] if named else "utf-8-sig" if is_utf_8 else "cp1252"
    if not named and not is_utf_8:
        _require_western(path)
    return encoding, max(1, lines)


def samples(path: Path, encoding: str) -> list[str]:
    """Returns some words beyond ASCII, by which a human sees whether a file is read rightly."""
    found: dict[str, None] = {}
    for line in text_lines(path, encoding):
        if not line.text.isascii() and line.decodable:
            words = _BETWEEN_WORDS.split(line.text.strip("\ufeff"))
            found |= dict.fromkeys(word for word in words if not word.isascii())
        if len(found) >= _SAMPLES:
            break
    return list(found)[:_SAMPLES]


def _require_western(path: Path) -> None:
    """Raises Illegible where a file in an unknown encoding cannot be Windows-1252 either."""
    for line in text_lines(path, "cp1252"):
        if not line.text.isascii() and foreign(line.text):
            names = ", ".join(_BY_NAME)
            raise Illegible(
                f"{path} is not UTF-8, and in Windows-1252 its line {line.number} would hold no "
                f'words: save the file as UTF-8 (in Excel "CSV UTF-8"), or add --encoding with '
                f"the one that it is in, of {names}"
            )
