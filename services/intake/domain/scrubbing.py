"""Takes who somebody is out of what they can do.

Always go: e-mail addresses and links, whoever's they are; numbers with an international prefix,
and the person's own in any spelling; their name wherever two parts of it stand together or an
initial or a title stands before one, in any case of letters, with or without accents.

A single part of a name goes only where it is written as a name, with a capital, and is no ordinary
word. Somebody named Baker who works as a baker keeps the job: a word is ordinary if it stands in
a heading of the profile, such as a position or a skill, or in small letters in the same text.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from pydantic_core import to_json

from shared.events.profile import Profile

NAME, ADDRESS, LINK, NUMBER = "[name]", "[address]", "[link]", "[number]"

_WORD = re.compile(r"[^\W\d_]+")
_GIVEN_AWAY_BY = {
    "@": ADDRESS,
    "://": LINK,
    "www.": LINK,
    "linkedin.com/": LINK,
    "xing.com/": LINK,
    "github.com/": LINK,
    "gitlab.com/": LINK,
}
"""What gives an address or link away; the whole word around it goes."""
_ENDS_A_WORD = frozenset(" \t\r\n\u00a0<>()[]{}\"',;|")
_NUMBER = re.compile(r"[+\d][\d \t().\-/–]{5,}\d")
_BETWEEN_PARTS = re.compile(r"[\s,.'’\-]{0,3}|\s[^\W\d_]+[ .]{1,2}")
_BEFORE_A_NAME = re.compile(
    r"\b(?:[^\W\d_]\.|(?:mr|mrs|ms|miss|mx|dr|prof|herrn?|frau|sr|sra|senora?|mme|monsieur|madame)"
    r"\.?)\s$"
)
_LONGEST_BEFORE = 10
_TITLES = frozenset(
    (
        *("dr", "prof", "mr", "mrs", "ms", "miss", "mx", "herr", "frau", "dipl", "ing"),
        *("phd", "msc", "bsc", "mba", "jr", "sr", "ii", "iii", "iv"),
    )
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa"})
_SHORTEST_ALONE = 3
_DIGITS_THAT_TELL = 7


class _Part(NamedTuple):
    """One part of a name."""

    text: str
    alone: bool
    """Whether it may go where no other part of the name stands beside it."""


class _Found(NamedTuple):
    start: int
    end: int
    alone: bool


class Scrubber:
    """Takes one person's names and numbers out of texts."""

    def __init__(self, also_known_as: Iterable[str], ordinary: Collection[str] = ()) -> None:
        """Takes every name, address and number they ever had, and words of their trade."""
        known = list(also_known_as)
        self._numbers = [
            digits[-_DIGITS_THAT_TELL:]
            for digits in map(_digits, known)
            if len(digits) >= _DIGITS_THAT_TELL
        ]
        self._parts = _parts(name for name in known if "@" not in name and not _digits(name))
        self._ordinary = {fold(word) for text in ordinary for word in _WORD.findall(text)}

    def scrub(self, text: str) -> str:
        """Gives the text without the person; all else stays as it is, in Unicode's NFC."""
        text = unicodedata.normalize("NFC", text)
        for sign, replacement in _GIVEN_AWAY_BY.items():
            text = _without_words_around(sign, replacement, text)
        text = _NUMBER.sub(self._number, text)
        return self._without_names(text)

    def _number(self, match: re.Match[str]) -> str:
        digits = _digits(match[0])
        theirs = any(number in digits for number in self._numbers)
        return NUMBER if theirs or match[0].startswith(("+", "00")) else match[0]

    def _without_names(self, text: str) -> str:
        folded = fold(text)
        found = self._find(folded)
        kept, at = [], 0
        for start, end in self._to_go(text, folded, found):
            kept += [text[at:start], NAME]
            at = end
        return "".join([*kept, text[at:]])

    def _find(self, folded: str) -> list[_Found]:
        """Finds every part of the name that stands as a word, none inside another."""
        found: list[_Found] = []
        for part in self._parts:
            at = folded.find(part.text)
            while at >= 0:
                end = at + len(part.text)
                if _is_word(folded, at, end):
                    found.append(_Found(at, end, part.alone))
                at = folded.find(part.text, end)
        found.sort(key=lambda it: (it.start, -it.end))
        return [each for before, each in pairwise([_NOTHING, *found]) if each.start >= before.end]

    def _to_go(self, text: str, folded: str, found: list[_Found]) -> list[tuple[int, int]]:
        ordinary = self._ordinary | {
            folded[each.start : each.end] for each in found if text[each.start].islower()
        }
        spans: list[tuple[int, int]] = []
        for run in _runs(text, found):
            start, end = run[0].start, run[-1].end
            together = len(run) > 1
            announced = _BEFORE_A_NAME.search(folded[max(0, start - _LONGEST_BEFORE) : start])
            if announced:
                start = start - (len(announced[0]))
            alone = run[0].alone and folded[run[0].start : end] not in ordinary
            if together or announced or (alone and not text[start].islower()):
                spans.append((start, end))
        return spans


_NOTHING = _Found(0, 0, alone=False)


def scrub_note(note: str, also_known_as: Iterable[str], vacancy_title: str) -> str:
    """Takes the person out of what a decider wrote."""
    return Scrubber(also_known_as, [vacancy_title]).scrub(note)


def scrub_profile(profile: Profile, also_known_as: Iterable[str]) -> str:
    """Gives the JSON of a profile with the person taken out of every text in it."""
    headings = [
        *(job.position for job in profile.work),
        *(skill.name for skill in profile.skills),
        *(keyword for skill in profile.skills for keyword in skill.keywords),
        *(study.area for study in profile.education),
        *(certificate.name for certificate in profile.certificates),
    ]
    scrubber = Scrubber(also_known_as, [heading for heading in headings if heading])
    scrubbed = _each_text(
        profile.model_dump(mode="json", by_alias=True, exclude_defaults=True), scrubber
    )
    return to_json(scrubbed).decode()


def fold(text: str) -> str:
    """Gives a text in small letters without accents, each character in its old place."""
    lowered = text.replace("İ", "I").lower()
    return _BEYOND_ASCII.sub(lambda match: _bare(match[0]), lowered)


def _without_words_around(sign: str, replacement: str, text: str) -> str:
    kept, at = [], 0
    while (hit := text.find(sign, at)) >= 0:
        start, end = hit, hit + len(sign)
        while start > at and text[start - 1] not in _ENDS_A_WORD:
            start -= 1
        while end < len(text) and text[end] not in _ENDS_A_WORD:
            end += 1
        is_more = end - start > len(sign)
        kept += [text[at:start], replacement if is_more else sign]
        at = end
    return "".join([*kept, text[at:]]) if kept else text


def _each_text(value: Any, scrubber: Scrubber) -> Any:
    if isinstance(value, str):
        return scrubber.scrub(value)
    if isinstance(value, list):
        return [_each_text(item, scrubber) for item in value]
    if isinstance(value, dict):
        return {key: _each_text(item, scrubber) for key, item in value.items()}
    return value


def _parts(names: Iterable[str]) -> list[_Part]:
    parts: dict[str, bool] = {}
    for name in names:
        for word in _words(name):
            if fold(word) in _TITLES or (len(word) < 2 and _has_case(word)):
                continue
            particle = word[0].islower() and not name.islower()
            alone = not particle and len(word) >= (_SHORTEST_ALONE if _has_case(word) else 2)
            for spelling in _spellings(word):
                parts[spelling] = parts.get(spelling, False) or alone
    return [_Part(text, alone) for text, alone in parts.items()]


def _words(name: str) -> set[str]:
    whole = re.split(r"[\s,.]+", unicodedata.normalize("NFC", name))
    halves = [half for word in whole for half in word.split("-")]
    return {word for word in (*whole, *halves) if word}


def _spellings(word: str) -> set[str]:
    """A name may stand as Müller, Muller or Mueller, whichever of them is known."""
    bare = fold(word)
    spelt_out = fold(word.lower().translate(_SPELT_OUT))
    return {bare, spelt_out, bare.replace("ae", "a").replace("oe", "o").replace("ue", "u")}


def _runs(text: str, found: list[_Found]) -> list[list[_Found]]:
    """Puts parts together that make one name, at most one further name between two of them."""
    runs: list[list[_Found]] = []
    for each in found:
        if runs and _are_one(text[runs[-1][-1].end : each.start]):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _are_one(between: str) -> bool:
    if len(between) > 20 or not _BETWEEN_PARTS.fullmatch(between):
        return False
    return all(word[0].isupper() for word in _WORD.findall(between))


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether no letter touches it; scripts without capitals often write without spaces."""
    if not _has_case(text[start]):
        return True
    return not (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha())


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


@lru_cache(maxsize=4096)
def _bare(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base.isalpha() else character
