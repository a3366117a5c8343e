"""Whether two names may be one person's.

Two names agree when they are the same two words or more, whatever their case, accents and order,
and without titles: a surname alone is a family's. Umlauts that are spelt out (Schaefer for Schäfer)
are the same letters. An initial agrees with nothing, and contradicts only another letter.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from shared.contract.events.people import PersonName

_WORD = re.compile(r"[^\W_]+")
_TITLES = frozenset(
    ("dr", "prof", "mr", "mrs", "ms", "miss", "mx", "herr", "frau", "dipl", "ing", "phd", "mba")
)
SUFFIXES = frozenset(
    ("jr", "sr", "ii", "iii", "iv", "esq", "phd", "ph.d", "md", "mba", "msc", "bsc")
)
"""What stands behind a name, and is none."""
_SHORTEST_MISSPELT = 4
"""In letters: shorter ones that differ by a letter are more often two names."""
_STROKED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "a", "œ": "o"})
"""What Unicode does not take apart."""
_SPELT_OUT = re.compile(r"(?<=[ao])e(?=\w)|(?<=[^aeq]u)e(?=\w)|(?<=a)a")
"""The second letter of an umlaut, or of å, that is spelt out with two."""


def name_key(name: PersonName) -> str | None:
    """Returns the words of a name in one order; None where they cannot tell who it is."""
    words = name_words(name.display)
    return " ".join(words) if len(words) > 1 and not any(map(is_initial, words)) else None


def contradict(one: PersonName | None, other: PersonName | None) -> bool:
    """Tells whether no person could have both names: one has to be a part of the other."""
    return words_contradict(words_of(one), words_of(other))


def words_contradict(words: Sequence[str], others: Sequence[str]) -> bool:
    """Tells whether no person could have names of both these words."""
    shorter, left = sorted(unshared(words, others), key=len)
    for word in shorter:
        match = next((it for it in left if _is_initial_of(word, it)), None)
        if match is None:
            return True
        left.remove(match)
    return False


def could_be_one(words: Sequence[str], others: Sequence[str]) -> bool:
    """Tells whether one person could have names of these words, but for a slip of the pen."""
    return not words_contradict(words, others) or is_slip_of(words, others)


def is_slip_of(words: Sequence[str], others: Sequence[str]) -> bool:
    """Tells whether two names differ by one slip of the pen, behind the first letter of a word.

    Many pairs of names do: it counts only where all else says that it is one person.
    """
    left, right = unshared(words, others)
    return len(left) == len(right) == 1 and _is_misspelt(left[0], right[0])


@lru_cache(maxsize=4096)
def name_words(text: str) -> tuple[str, ...]:
    """Returns the words of a name, sorted, in small letters without accents, without titles."""
    return tuple(sorted(plain_words(text)))


def plain_words(text: str) -> list[str]:
    """Returns the same words as they stand."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_STROKED))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    plain = _SPELT_OUT.sub("", plain)
    return [word for word in _WORD.findall(plain) if word not in _TITLES]


def words_of(name: PersonName | None) -> tuple[str, ...]:
    """Returns the words of a name as they are compared; none of nobody's."""
    return name_words(name.display) if name else ()


def unshared(words: Sequence[str], others: Sequence[str]) -> tuple[list[str], list[str]]:
    """Returns the words that only one of two names has."""
    one, other = Counter(words), Counter(others)
    return list((one - other).elements()), list((other - one).elements())


def _is_misspelt(one: str, other: str) -> bool:
    """Tells whether one letter too many or wrong, or two turned round, make them differ."""
    if one[0] != other[0] or min(len(one), len(other)) < _SHORTEST_MISSPELT:
        return False
    begun = _in_common(one, other)
    one, other = one[begun:][::-1], other[begun:][::-1]
    ended = _in_common(one, other)
    one, other = one[ended:], other[ended:]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


def _in_common(one: str, other: str) -> int:
    """Counts the letters with which both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _is_initial_of(one: str, other: str) -> bool:
    """Tells whether one of the two is the other's first letter."""
    return one[0] == other[0] and any(map(is_initial, (one, other)))


def is_initial(word: str) -> bool:
    """Tells whether a word is one letter of a script that has capitals."""
    return len(word) == 1 and word.upper() != word.lower()
