"""Texts in which nobody sees anything: such a text is an empty one."""

import unicodedata

_SEEN = frozenset("LNPS")
"""The first letters of the categories that are seen: letters, numbers, punctuation and symbols."""
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a symbol that look like blanks."""
_JOINERS = frozenset("\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f") | {
    chr(selector) for selector in range(0xFE00, 0xFE10)
}
"""Marks that nobody sees even where there is something else (Unicode calls them ignorable)."""


def is_blank(text: str) -> bool:
    """Tells whether nothing in a text is seen: blanks, controls, zero-width characters alone."""
    if text[:1].isascii() and text[:1].isalnum():  # as nearly every text begins
        return False
    return not any(
        unicodedata.category(character)[0] in _SEEN and character not in FILLERS
        for character in text
    )


def hides_something(text: str) -> bool:
    """Tells whether any character of a text cannot be seen."""
    return any(
        character in FILLERS or character in _JOINERS or unicodedata.category(character)[0] in "CZ"
        for character in text
    )
