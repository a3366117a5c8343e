"""Finds a person's name in texts, in every spelling, and leaves ordinary words alone.

A name goes wherever two parts of it stand together, or an initial or a title stands before one,
in any case of letters, with or without accents. A single part goes only where it is written as a
name, with a capital, and is no ordinary word. Somebody named Baker who works as a baker keeps the
job: a word is ordinary if it is one of their trade, or stands in small letters in the same text.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN_PARTS = re.compile(r"[\s,.'’\-]{0,3}|\s[^\W\d_]+[ .]{1,2}")
_LONGEST_BETWEEN = 20
_BEFORE_A_NAME = re.compile(
    r"\b(?:([^\W\d_])\.|(?:mr|mrs|ms|miss|mx|dr|prof|herrn?|frau|sr|sra|senora?|mme|monsieur)"
    r"\.?)\s?$"
)
_LONGEST_BEFORE = 10
_TITLES = frozenset(
    (
        *("dr", "prof", "mr", "mrs", "ms", "miss", "mx", "herr", "frau", "dipl", "ing"),
        *("phd", "msc", "bsc", "mba", "jr", "sr", "ii", "iii", "iv"),
    )
)
_SHORTEST_ALONE = 3
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa"})
_STROKED = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i"}
"""What Unicode does not take apart."""


class Span(NamedTuple):
    start: int
    end: int


class _Part(NamedTuple):
    """One part of a name."""

    text: str
    alone: bool
    """Whether it may go where no other part of the name stands beside it."""


class _Found(NamedTuple):
    start: int
    end: int
    part: _Part


_NOTHING = _Found(0, 0, _Part("", alone=False))


class Names:
    """All names of one person."""

    def __init__(self, names: Iterable[str], ordinary: Iterable[str] = ()) -> None:
        """Takes the names as they are known, and texts whose words are ordinary."""
        self._parts = _parts(tuple(names))
        self._initials = {part.text[0] for part in self._parts}
        self._ordinary = list(ordinary)

    def mentioned(self, text: str) -> bool:
        """Tells whether any part of the name stands in a text, ordinary word or not."""
        return bool(self._find(fold(text)))

    def spans(self, text: str) -> list[Span]:
        """Yields where the person's name stands in a text that is in NFC."""
        folded = fold(text)
        found = self._find(folded)
        if not found:
            return []
        ordinary = {fold(word) for known in self._ordinary for word in words(known)} | {
            folded[each.start : each.end] for each in found if text[each.start].islower()
        }
        spans = []
        for run in _runs(text, found):
            start, end = run[0].start, run[-1].end
            alone = run[0].part.alone and not text[start].islower()
            named_at = self._announced_at(folded, start)
            if len(run) > 1 or named_at < start or (alone and folded[start:end] not in ordinary):
                spans.append(Span(named_at, end))
        return spans

    def _find(self, folded: str) -> list[_Found]:
        """Finds every part of the name that stands as a word, none inside another."""
        found: list[_Found] = []
        for part in self._parts:
            at = folded.find(part.text)
            while at >= 0:
                end = at + len(part.text)
                if _is_word(folded, at, end):
                    found.append(_Found(at, end, part))
                at = folded.find(part.text, end)
        found.sort(key=lambda it: (it.start, -it.end))
        return [each for before, each in pairwise([_NOTHING, *found]) if each.start >= before.end]

    def _announced_at(self, folded: str, start: int) -> int:
        """Returns where the title or initial before a name begins, if there is one."""
        before = _BEFORE_A_NAME.search(folded[max(0, start - _LONGEST_BEFORE) : start])
        if before is None or (before[1] and before[1] not in self._initials):
            return start
        return start - len(before[0])


def fold(text: str) -> str:
    """Returns a text in small letters without accents, each character in its old place."""
    lowered = text.replace("İ", "I").lower()
    return _BEYOND_ASCII.sub(lambda match: _bare(match[0]), lowered)


def words(text: str) -> list[str]:
    """Returns the words of a text, without digits and punctuation."""
    return _WORD.findall(text)


@lru_cache(maxsize=1000)
def _parts(names: tuple[str, ...]) -> list[_Part]:
    parts: dict[str, bool] = {}
    for name in names:
        for word in _words_of(name):
            if fold(word) in _TITLES or (len(word) < 2 and _has_case(word)):
                continue
            particle = word[0].islower() and not name.islower()
            alone = not particle and len(word) >= (_SHORTEST_ALONE if _has_case(word) else 2)
            for spelling in _spellings(word):
                parts[spelling] = parts.get(spelling, False) or alone
    return [_Part(text, alone) for text, alone in parts.items()]


def _words_of(name: str) -> set[str]:
    whole = re.split(r"[\s,.]+", unicodedata.normalize("NFC", name))
    halves = [half for word in whole for half in word.split("-")]
    return {word for word in (*whole, *halves) if word}


def _spellings(word: str) -> set[str]:
    """A name may stand as Müller, Muller or Mueller, whichever of them is known."""
    bare = fold(word)
    spelt_out = fold(word.lower().translate(_SPELT_OUT))
    return {bare, spelt_out, bare.replace("ae", "a").replace("oe", "o").replace("ue", "u")}


def _runs(text: str, found: Collection[_Found]) -> list[list[_Found]]:
    """Puts parts together that make one name, at most one further name between two of them."""
    runs: list[list[_Found]] = []
    for each in found:
        if runs and _belongs(each, runs[-1], text):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _belongs(each: _Found, run: list[_Found], text: str) -> bool:
    between = text[run[-1].end : each.start]
    return (
        each.part not in {known.part for known in run}
        and len(between) <= _LONGEST_BETWEEN
        and _BETWEEN_PARTS.fullmatch(between) is not None
        and all(word[0].isupper() for word in words(between))
    )


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether no letter touches it; scripts without capitals often write without spaces."""
    if not _has_case(text[start]):
        return True
    return not (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha())


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()


@lru_cache(maxsize=4096)
def _bare(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[0]
    return _STROKED.get(character) or (base if base.isalpha() else character)
