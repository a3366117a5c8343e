"""What bytes may say: the texts in them, however they were packed.

A record that cannot be read may hold anything: escaped, encoded for a URL or for mail, in Base64,
in UTF-16, compressed, and one of these inside another. All of it is looked into, a few layers deep,
in time that grows with the size and no faster.
"""

import binascii
import re
import zlib
from collections.abc import Iterator
from html.entities import html5
from urllib.parse import unquote_plus

MOST_LAYERS = 4
MOST_TIMES_THE_SIZE = 16
LITTLE = 65_536
"""What is read in all, at most: so many times the size, and a little more."""

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_ENTITY = re.compile(r"&(?:#(?:[xX]([0-9A-Fa-f]{1,6})|([0-9]{1,7}));?|([A-Za-z]{2,31}[0-9]{0,2};))")
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""What stands between letters without being seen."""
_PACKED = re.compile(r"[A-Za-z0-9+/_-]{8,}")
_PACKED_LINE = re.compile(r"[A-Za-z0-9+/_-]+")
_LINES = re.compile(
    r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}"
    r"(?:[^A-Za-z0-9+/_-]{1,8}[A-Za-z0-9+/_-]{16,})*(?:[^A-Za-z0-9+/_-]{1,8}[A-Za-z0-9+/_-]{2,})?"
)
"""Base64 that is broken into lines, of whatever length."""
_BYTES = re.compile(r"(?<!\d)(?:\d{1,3}\s{0,20},\s{0,20}){5,}\d{1,3}(?!\d)")
"""Bytes as numbers, as Node and others write them in JSON."""
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_PRINTABLE = re.compile(r"[\x20-\x7e]{6,}")
_CONTROLS_OF_UTF_16 = 5
_FAULTS_OF_NO_TEXT = 10
"""One control character in so few tells UTF-16; one fault, and any such, no text at all."""
_BLANKS = {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " "}
_URL_SAFE = str.maketrans("-_", "+/")
_COMPRESSED = (b"\x1f\x8b", b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
"""How gzip and zlib begin."""
_EITHER = 47
"""Tells zlib to find out which of the two it is."""
_OF_ONE_BYTE = ("cp1252", "cp1250")


def readings(raw: bytes) -> Iterator[str]:
    """Yields each text that the bytes may be, the plain one first, none twice."""
    left = MOST_TIMES_THE_SIZE * len(raw) + LITTLE
    seen: set[str] = set()
    layer = list(_texts(raw))
    for _ in range(MOST_LAYERS):
        inside: list[str] = []
        for text in layer:
            left -= len(text)
            if left < 0:
                return
            if text and text not in seen:
                seen.add(text)
                yield text
                inside += _unpacked(text)
        layer = inside


def _texts(raw: bytes) -> Iterator[str]:
    """Reads bytes as UTF-8, and as what they are instead where that makes no sense."""
    if raw.startswith(_COMPRESSED):
        raw = _inflated(raw)
    text = raw.decode(errors="replace")
    if _CONTROLS_OF_UTF_16 * len(_CONTROL.findall(text)) > len(text):
        yield max((raw.decode(f"utf-16-{end}", "replace") for end in ("le", "be")), key=_blanks)
    if _FAULTS_OF_NO_TEXT * text.count("\ufffd") > len(text) and _CONTROL.search(text):
        yield "\n".join(_PRINTABLE.findall(raw.decode("latin-1")))
        return
    yield text.replace("\0", "")
    if "\ufffd" in text:
        plain = raw.replace(b"\0", b"")
        yield from (plain.decode(encoding, "replace") for encoding in _OF_ONE_BYTE)


def _blanks(text: str) -> int:
    return text.count(" ")


def _unpacked(text: str) -> Iterator[str]:
    """Takes one layer of packing off a text."""
    plain = text
    if "\\" in plain:
        plain = _ESCAPE.sub(_unescaped, plain)
    if "&" in plain:
        plain = _ENTITY.sub(_character, plain)
    if _PERCENT.search(plain):
        plain = unquote_plus(plain)
    if "=" in plain:
        plain = binascii.a2b_qp(plain.encode(errors="replace")).decode(errors="replace")
    yield _UNSEEN.sub("", plain)
    pieces = _PACKED.findall(text)
    yield "\n".join(text for piece in pieces for text in _texts(_from_base64(piece)))
    for run in _LINES.findall(text):
        yield from _texts(_from_lines(_PACKED_LINE.findall(run)))
    for row in _BYTES.findall(text):
        yield from _texts(bytes(each for each in map(int, row.split(",")) if each < 256))


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return _as_character(int(code, 16))
    return _BLANKS.get(match[3], match[3])


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return html5.get(match[3], match[0])
    return _as_character(int(match[1], 16) if match[1] else int(match[2]))


def _as_character(code: int) -> str:
    is_one = code <= 0x10FFFF and not 0xD800 <= code < 0xE000
    return chr(code) if is_one else "\ufffd"


def _from_base64(piece: str) -> bytes:
    whole = piece[: len(piece) - (len(piece) % 4 == 1)].translate(_URL_SAFE)
    return binascii.a2b_base64(whole + "=" * (-len(whole) % 4))


def _from_lines(lines: list[str]) -> bytes:
    """Reads lines of one width as one text; others stand for themselves."""
    if len({len(line) for line in lines[:-1]}) == 1:
        return _from_base64("".join(lines))
    return b"".join(map(_from_base64, lines))


def _inflated(raw: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=_EITHER).decompress(raw, MOST_TIMES_THE_SIZE * len(raw))
    except zlib.error:
        return raw
