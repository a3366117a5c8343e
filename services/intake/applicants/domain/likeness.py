"""What two names have in common of which neither is a part of the other.

Words that name nobody count for nothing: particles, titles, degrees, initials, and what stands in
brackets. Words are compared as they sound, for names from other scripts are spelt in many ways.
"""

import re
import unicodedata
from collections.abc import Sequence

from services.intake.applicants.domain.agreement import (
    SUFFIXES,
    could_be_one,
    is_initial,
    plain_words,
    unshared,
    words_of,
)
from shared.contract.events.people import PersonName

_IN_BRACKETS = re.compile(r"\([^()]*\)")
_LONGEST_DEGREE = 4
"""In letters, as in BEng; of capitals alone one less: longer ones are surnames."""
_SPELLINGS = (
    (re.compile(r"tsch|tch"), "c"),
    (re.compile(r"sch"), "s"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"(?<=[bcdgkprst])h"), ""),
    (re.compile(r"ee"), "i"),
)
_SOUNDS = str.maketrans(
    {"c": "k", "q": "k", "x": "ks", "w": "v", "y": "i", "j": "i", "e": "a", "u": "o"}
    | {"\u0456": "\u0438", "\u0454": "\u0435"}  # Ukrainian letters for Russian ones
)
_REPEATED = re.compile(r"(.)\1+")


def could_name_one(one: PersonName, other: PersonName) -> bool:
    """Tells whether one person may have both names, or had one and then the other.

    They agree, but for a slip of the pen; are spelt, or written together, in two ways; or have one
    surname, of which the other one may be a part. Initials alone are many people's.
    """
    return not _is_of_initials(one, other) and (
        could_be_one(words_of(one), words_of(other))
        or _sound_alike(one, other)
        or _share_surname(one, other)
    )


def are_a_little_alike(one: PersonName, other: PersonName) -> bool:
    """Tells whether two names begin with the same one, or one may be the other's initials."""
    if _is_of_initials(one, other):
        return could_be_one(words_of(one), words_of(other))
    called, others = _called(one), _called(other)
    begin_alike = _sounds("".join(called[:1])) == _sounds("".join(others[:1]))
    return begin_alike and len(called) > 1 < len(others) and _nearly_agree(called[1:], others[1:])


def are_in_one_script(one: PersonName, other: PersonName) -> bool:
    """Tells whether both names have words in Latin letters, or both in others."""
    scripts, others = ({_is_latin(word) for word in words_of(it)} for it in (one, other))
    return not scripts.isdisjoint(others)


def _is_of_initials(*names: PersonName) -> bool:
    """Tells whether any of these names is nothing but initials."""
    return any(all(map(is_initial, words_of(it))) for it in names)


def _sound_alike(one: PersonName, other: PersonName) -> bool:
    left, right = unshared(_sounds(one.display), _sounds(other.display))
    return "".join(left) == "".join(right)


def _share_surname(one: PersonName, other: PersonName) -> bool:
    surname, others = _surname(one), _surname(other)
    if not (surname and others) or not (surname <= others or others <= surname):
        return False
    is_said = one.family_name and other.family_name
    return bool(is_said) or _nearly_agree(_called(one)[:-1], _called(other)[:-1])


def _nearly_agree(parts: Sequence[str], others: Sequence[str]) -> bool:
    """Tells whether of one name no more than one part is not in the other.

    Where more differ, what stands before or behind them is more often a title, a degree or a note.
    """
    left, right = (["".join(_sounds(part)) for part in each] for each in (parts, others))
    return min(map(len, unshared(left, right))) <= 1


def _surname(name: PersonName) -> set[str]:
    """Returns the words of a surname; where nobody says which it is, of the last one."""
    text = name.family_name or " ".join(_called(name)[-1:])
    return {word for word in _sounds(text) if not is_initial(word)}


def _called(name: PersonName) -> list[str]:
    """Returns what somebody is called by; of two words the last is a name, however written."""
    text = _IN_BRACKETS.sub(" ", name.display).replace(",", " ")
    parts = text.split()
    return [
        part
        for place, part in enumerate(parts, 1)
        if not _names_nobody(part, text) or place == len(parts) <= 2
    ]


def _names_nobody(part: str, text: str) -> bool:
    """Tells whether a part of a name is a title, abbreviated, a particle in small letters or so."""
    if not plain_words(part) or "." in part or is_initial(part) or part.casefold() in SUFFIXES:
        return True
    if text.isupper() or text.islower():
        return False
    capitals = sum(map(str.isupper, part))
    return part.islower() or (
        capitals > 1 and part.isalpha() and len(part) <= _LONGEST_DEGREE - part.isupper()
    )


def _sounds(text: str) -> list[str]:
    """Returns the words of a name as they sound, in order."""
    return [_sound(word) for word in plain_words(text)]


def _sound(word: str) -> str:
    for spelling, sound in _SPELLINGS:
        word = spelling.sub(sound, word)
    return _REPEATED.sub(r"\1", word.translate(_SOUNDS))


def _is_latin(word: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in word)
