"""Texts in one plain form, each character in its old place, so that spellings can be compared."""

import re
import unicodedata
from functools import lru_cache

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_STROKED = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ς": "σ"}
"""What Unicode does not take apart."""
_APOSTROPHES = frozenset("’‘ʼʹ′´＇ꞌ‛")
_DASHES = frozenset("‐‑‒–—―−﹣－")
_JOINS_LETTERS = "ـ"
"""Stands for marks that belong to a letter; it is one itself, so that words stay whole."""
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN_WORDS = {code: " " for code in range(128) if not chr(code).isalpha()}
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)


def visible(text: str) -> str:
    """Returns a text in Unicode's NFC without characters that nobody sees, line ends excepted."""
    return text if text.isascii() else _UNSEEN.sub(_seen, unicodedata.normalize("NFC", text))


def fold(text: str) -> str:
    """Returns a text in small letters without accents, each character in its old place.

    Apostrophes, dashes, blanks and digits of all scripts become those of ASCII.
    """
    lowered = text.replace("İ", "I").replace("`", "'").lower()
    return lowered if lowered.isascii() else _BEYOND_ASCII.sub(_folded, lowered)


def words(text: str) -> list[str]:
    """Returns the words of a text, without digits and punctuation."""
    return text.translate(_BETWEEN_WORDS).split() if text.isascii() else _WORD.findall(text)


def _seen(match: re.Match[str]) -> str:
    return "\n" if match[0] in "\u2028\u2029" else ""


def _folded(match: re.Match[str]) -> str:
    return _bare(match[0])


@lru_cache(maxsize=4096)
def _bare(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    if character in _DASHES:
        return "-"
    if character.isspace():
        return "\n" if character in "\x85\u2028\u2029" else " "
    if character.isdecimal():
        return str(unicodedata.digit(character))
    if unicodedata.category(character)[0] == "M" or character in "\u200c\u200d":
        return _JOINS_LETTERS
    base = unicodedata.normalize("NFKD", character)[0].lower()
    return _STROKED.get(character) or (base if base.isalpha() or base == "@" else character)
