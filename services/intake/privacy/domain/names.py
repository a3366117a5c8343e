"""Finds a person's name in texts, in every spelling, and leaves ordinary words alone.

A name goes wherever two parts of it stand together, or an initial or a title stands beside one, in
any case of letters, with or without accents, apostrophes and hyphens; glued together; and with its
letters spaced. A single part goes only where it is written as a name, with a capital, and is no
ordinary word. Somebody named Baker who works as a baker keeps the job: a word is ordinary if it is
one of their trade, or stands in small letters in the same text.

Each text is taken apart into words once, whatever the number of names.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from services.intake.privacy.domain.folding import fold, words
from services.intake.privacy.domain.spans import Span

_WORD = re.compile(r"[^\W\d_]+")
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][ \t]{1,3}){3,40}[^\W\d_](?!\w)")
_BETWEEN_PARTS = re.compile(r"[\s,.'_\-]{0,3}|\s[^\W\d_]+[ .']{1,2}")
_LONGEST_BETWEEN = 20
_SHORTEST_SPACED = 4
_BEFORE_A_NAME = re.compile(
    r"\b(?:([^\W\d_])\.?|(?:mr|mrs|ms|miss|mx|dr|prof|herrn?|frau|sr|sra|senora?|mme|monsieur)"
    r"\.?)\s?$"
)
_AFTER_A_NAME = re.compile(r",?\s?([^\W\d_])\.(?!\w)")
_LONGEST_BESIDE = 10
_NO_NAMES = frozenset(
    (
        *("dr", "prof", "mr", "mrs", "ms", "miss", "mx", "herr", "frau", "dipl", "ing", "med"),
        *("phd", "msc", "bsc", "mba", "jr", "sr", "ii", "iii", "iv", "esq", "md", "mag", "univ"),
        *("she", "her", "he", "him", "his", "they", "them"),
    )
)
_MONTHS = frozenset(("jan", "april", "may", "june", "august", "avril", "mai", "juni", "abril"))
_DATE = re.compile(r"[ .,]{0,2}\d")
_SHORTEST_ALONE = 3
_SHORTEST_GLUED = 6
_SHORTEST_HANDLE = 5
_MOST_WORDS, _MOST_NAMES = 6, 20
"""Of so many words of so many names, glued spellings are made."""
_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa"}
    | {"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "Ss", "Ø": "Oe", "Å": "Aa"}
)


class _Found(NamedTuple):
    start: int
    end: int
    part: str


class _PlainForms(NamedTuple):
    """All that one person's names may look like, in plain form."""

    parts: dict[str, bool]
    """Each word of a name, also in the genitive, as German writes it; and whether it may go where
    no other part stands beside it."""
    glued: frozenset[str]
    handles: frozenset[str]
    """What people call themselves on the web: an initial and a name."""
    unspaced: tuple[str, ...]
    """Parts in scripts that write without spaces: they stand inside longer words."""
    initials: frozenset[str]


class Names:
    """All names of one person."""

    def __init__(self, names: Iterable[str], ordinary: Iterable[str] = ()) -> None:
        """Takes the names as they are known, and texts whose words are ordinary."""
        self._known = _plain_forms(tuple(names))
        self._ordinary = list(ordinary)

    @property
    def glued(self) -> frozenset[str]:
        """The name as one word, in plain form."""
        return self._known.glued

    @property
    def handles(self) -> frozenset[str]:
        """What in an address on the web may stand for the name, in plain form."""
        return self._known.handles

    @property
    def alone(self) -> list[str]:
        """The parts of the name that tell by themselves, in plain form."""
        return [part for part, alone in self._known.parts.items() if alone]

    def has_part(self, word: str) -> bool:
        """Tells whether a word in plain form is a part of the name that tells by itself."""
        return self._known.parts.get(word, False)

    def spans(self, text: str) -> list[Span]:
        """Returns where the person's name stands in a text, in order."""
        folded = fold(text)
        runs = _runs(text, folded, sorted(self._find(folded)))
        ordinary = {fold(word) for known in self._ordinary for word in words(known)} | {
            run[0].part for run in runs if len(run) == 1 and text[run[0].start].islower()
        }
        spans = [
            Span(match.start(), match.end())
            for match in _SPACED.finditer(folded)
            if self._is_spaced(match[0])
        ]
        told = (self._span(text, folded, run, ordinary) for run in runs)
        return sorted([*spans, *filter(None, told)])

    def may_stand_in(self, folded: str, found: Sequence[str]) -> bool:
        """Tells, in a fraction of the time, whether there is anything to look for.

        It takes the text in plain form and all of its words.
        """
        return (
            not self._known.parts.keys().isdisjoint(found)
            or not self._known.glued.isdisjoint(found)
            or any(part in folded for part in self._known.unspaced)
            or (
                list(map(len, found)).count(1) >= _SHORTEST_SPACED
                and _SPACED.search(folded) is not None
            )
        )

    def _span(
        self, text: str, folded: str, run: Sequence[_Found], ordinary: set[str]
    ) -> Span | None:
        """Returns what goes with the parts that stand together, or None if they are no name."""
        start, end, part = run[0].start, run[-1].end, run[0].part
        named_at, named_to = self._named_from(folded, start), self._named_to(folded, end)
        by_initial = folded[named_at:start].rstrip().endswith(".") or named_to > end
        is_name = len(run) > 1 or part in self._known.glued or by_initial
        by_title = named_at < start - 2 and text[start].isupper()
        alone = self.has_part(part) and not text[start].islower()
        alone = alone and ordinary.isdisjoint((part, part.removesuffix("s")))
        alone = alone and not (part in _MONTHS and _DATE.match(folded, end))
        return Span(named_at, named_to) if is_name or by_title or alone else None

    def _find(self, folded: str) -> Iterator[_Found]:
        """Finds every part of the name that stands as a word, or in a script without spaces."""
        parts, glued = self._known.parts, self._known.glued
        for match in _WORD.finditer(folded):
            if match[0] in parts or match[0] in glued:
                yield _Found(match.start(), match.end(), match[0])
        for part in self._known.unspaced:
            at = folded.find(part)
            while at >= 0:
                yield _Found(at, at + len(part), part)
                at = folded.find(part, at + len(part))

    def _is_spaced(self, letters: str) -> bool:
        """Tells whether the name is written with a blank after each letter."""
        together = "".join(letters.split())
        return any(name in together for name in self._known.glued) or self.has_part(together)

    def _named_from(self, folded: str, start: int) -> int:
        """Returns where the title or initial before a name begins, if there is one."""
        before = _BEFORE_A_NAME.search(folded[max(0, start - _LONGEST_BESIDE) : start])
        if before is None or (before[1] and before[1] not in self._known.initials):
            return start
        return start - len(before[0])

    def _named_to(self, folded: str, end: int) -> int:
        """Returns where the initial behind a name ends, if there is one."""
        after = _AFTER_A_NAME.match(folded[end : end + _LONGEST_BESIDE])
        return end + len(after[0]) if after and after[1] in self._known.initials else end


@lru_cache(maxsize=1000)
def _plain_forms(names: tuple[str, ...]) -> _PlainForms:
    parts: dict[str, bool] = {}
    glued: set[str] = set()
    handles: set[str] = set()
    initials: set[str] = set()
    before_apostrophes: set[str] = set()
    for number, name in enumerate(names):
        composed = unicodedata.normalize("NFC", name)
        for spelt in dict.fromkeys(_spellings(composed)):
            found = [match for match in _WORD.finditer(fold(spelt)) if match[0] not in _NO_NAMES]
            initials |= {match[0][0] for match in found}
            before_apostrophes |= {match[0] for match in found if spelt[match.end() :][:1] in "'’"}
            for match in found:
                written = composed if spelt is composed else spelt
                alone = _tells_alone(written[match.start() : match.end()], composed)
                parts[match[0]] = parts.get(match[0], False) or alone
            if number < _MOST_NAMES:
                glued |= _glued([match[0] for match in found])
                handles |= _handles([match[0] for match in found])
    for part in list(parts):
        bare = part.replace("ae", "a").replace("oe", "o").replace("ue", "u")
        parts.setdefault(bare, parts[part])
    for part in list(parts):
        if len(part) < 2 and _has_case(part) and part not in before_apostrophes:
            del parts[part]
    for part in list(parts):
        if _has_case(part) and len(part) >= _SHORTEST_ALONE:
            parts.setdefault(f"{part}s", parts[part])
    unspaced = tuple(part for part in (*parts, *glued) if not _has_case(part) and len(part) > 1)
    return _PlainForms(parts, frozenset(glued), frozenset(handles), unspaced, frozenset(initials))


def _spellings(name: str) -> tuple[str, ...]:
    """A name may stand as Groß, Gross or GROSS, and Müller as Muller or Mueller."""
    spelt_out = name.translate(_SPELT_OUT)
    return (name,) if spelt_out == name else (name, name.replace("ß", "ss"), spelt_out)


def _tells_alone(word: str, name: str) -> bool:
    """Particles do not, nor do very short words."""
    if not _has_case(word):
        return len(word) > 1
    particle = word[0].islower() and any(each.isupper() for each in name)
    return not particle and len(word) >= _SHORTEST_ALONE


def _glued(parts: Sequence[str]) -> set[str]:
    """Returns the words of a name written as one: all of them, and any two beside another."""
    few = parts[:_MOST_WORDS]
    together = {"".join(few), *(one + other for one, other in permutations(few, 2))}
    return {
        each for each in together if len(each) >= (_SHORTEST_GLUED if _has_case(each) else 2)
    } - set(parts)


def _handles(parts: Sequence[str]) -> set[str]:
    pairs = permutations(parts[:_MOST_WORDS], 2)
    made = {each for one, other in pairs for each in (one[0] + other, other + one[0])}
    return {each for each in made if len(each) >= _SHORTEST_HANDLE}


def _runs(text: str, folded: str, found: Sequence[_Found]) -> list[list[_Found]]:
    """Puts parts together that make one name, at most one further name between two of them."""
    runs: list[list[_Found]] = []
    taken: set[str] = set()
    for each in found:
        if runs and each.start < runs[-1][-1].end:
            continue
        if runs and each.part not in taken and _belongs(each, runs[-1][-1], text, folded):
            runs[-1].append(each)
            taken.add(each.part)
        else:
            runs.append([each])
            taken = {each.part}
    return runs


def _belongs(each: _Found, last: _Found, text: str, folded: str) -> bool:
    between = folded[last.end : each.start]
    return (
        len(between) <= _LONGEST_BETWEEN
        and _BETWEEN_PARTS.fullmatch(between) is not None
        and all(word[0].isupper() for word in words(text[last.end : each.start]))
    )


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()
