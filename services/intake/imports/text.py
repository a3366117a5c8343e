"""A file as numbered lines of text; one bad byte costs its own line."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST = 1_000_000
"""In characters, of a line or a cell: no file, whatever is in it, takes more memory than that."""

_USUAL = "utf-8-sig"
NAMES = {
    _USUAL: "UTF-8",
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

    It is UTF-8, as a byte order mark says too, unless nearly all that is not ASCII cannot be: then
    it is refused, for nothing tells which of many encodings it is in, and what is read in a wrong
    one garbles names. So is UTF-8 that is said to be something else: no other text looks like it.
    """
    if named and named.lower() not in _BY_NAME:
        raise Illegible(f"There is no encoding {named}; choose from: {', '.join(_BY_NAME)}")
    decoder = codecs.getincrementaldecoder(_USUAL)("surrogateescape")
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
    encoding = _BY_NAME.get(named.lower(), _USUAL)
    if encoding != _USUAL:
        if good > bad:
            raise Illegible(f"{path} is UTF-8: leave --encoding out")
        return encoding, max(1, lines)
    if not named and not start.startswith(codecs.BOM_UTF8) and good * _FEW < bad:
        raise Illegible(_which_encoding(path))
    return _USUAL, max(1, lines)


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


def _which_encoding(path: Path) -> str:
    """Says what to do about a file that is not UTF-8, with its words as Western Europe has them."""
    words = ", ".join(samples(path, "cp1252"))
    western = f"; in windows-1252, Excel's in Western Europe, it holds the words {words}"
    return (
        f'{path} is not UTF-8: save the file as UTF-8 (in Excel "CSV UTF-8"), or say what it is in '
        f"by --encoding, with one of {', '.join(_BY_NAME)}{western if words else ''}"
    )
