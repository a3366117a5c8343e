"""Texts in which nobody sees anything: such a text is an empty one."""

import unicodedata

_SEEN = frozenset("LNPS")
"""The first letters of the categories that are seen: letters, numbers, punctuation and symbols."""
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a symbol that look like blanks."""


def is_blank(text: str) -> bool:
    """Tells whether nothing in a text is seen: blanks, controls, zero-width characters alone."""
    return not any(
        unicodedata.category(character)[0] in _SEEN and character not in _FILLERS
        for character in text
    )
