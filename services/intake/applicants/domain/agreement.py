"""Whether two names may be one person's.

Two names agree when they are the same words, whatever their case, accents and order, and without
titles. An initial agrees with nothing, and contradicts only another letter.
"""

import re
import unicodedata
from functools import lru_cache

from shared.contract.events.people import PersonName

_WORD = re.compile(r"[^\W_]+")
_TITLES = frozenset(
    ("dr", "prof", "mr", "mrs", "ms", "miss", "mx", "herr", "frau", "dipl", "ing", "phd", "mba")
)
_STROKED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i"})
"""What Unicode does not take apart."""


def name_key(name: PersonName) -> str | None:
    """Returns the words of a name in one order; None where they cannot tell who it is."""
    words = name_words(name.display)
    return " ".join(words) if words and not any(map(_is_initial, words)) else None


def contradict(one: PersonName | None, other: PersonName | None) -> bool:
    """Tells whether no person could have both names: one has to be a part of the other."""
    shorter, longer = sorted((_words_of(one), _words_of(other)), key=len)
    left = list(longer)
    for word in sorted(shorter, key=len, reverse=True):
        match = next((it for it in left if _is_same_word(word, it)), None)
        if match is None:
            return True
        left.remove(match)
    return False


@lru_cache(maxsize=4096)
def name_words(text: str) -> tuple[str, ...]:
    """Returns the words of a name, sorted, in small letters without accents, without titles."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_STROKED))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return tuple(sorted(word for word in _WORD.findall(plain) if word not in _TITLES))


def _words_of(name: PersonName | None) -> tuple[str, ...]:
    return name_words(name.display) if name else ()


def _is_same_word(one: str, other: str) -> bool:
    initial = min(one, other, key=len)
    return one == other or (_is_initial(initial) and one[0] == other[0])


def _is_initial(word: str) -> bool:
    """Tells whether a word is one letter of a script that has capitals."""
    return len(word) == 1 and word.upper() != word.lower()
