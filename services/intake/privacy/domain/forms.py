"""What is told by its form, in texts in plain form."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from services.intake.privacy.domain.spans import Finding, Span

LINE = r"(?:^|[\n|•;\t\x00]|(?<=  ))[ \t]{0,5}"
CELL = r"\b(?<![^\n|•;\t\x00( ])(?<![^\n|•;*\t -] )"
"""A line's or a cell's beginning, as a place …"""
PHRASE = r"\b(?<![^\n|•;\t\x00( ])(?<![^\n|•;:,.*\t -] )"
"""… and that of what a comma or a full stop goes before."""
VALUE = r"(?:(?!  )[^\n|•;\t\x00]){1,120}"
"""A cell, or what is left of it."""
GAP = r"(?:[ \t]{0,60}(?:[:=|;→\n]|\.{3,120}|…)|[ \t]-|\t| [ \t])[ \t|]{0,60}(?:\n[ \t|]{0,20})?"
"""What stands between a label and its value: a colon, a dash, a bar, dots, room, a line's end."""
END = r"(?=[ \t]{0,5}(?:$|[\n,;.!()|•\t\x00]|  | -))"
"""A phrase's end."""
GOES_ON = (
    r"(?= (?:and|und|et|y|e|en|with|mit|avec|con|since|seit|depuis|desde)\b"
    r"(?! (?:over|above|older|up|mehr|alter)\b))"
)
"""A sentence that goes on."""
REST = rf"{GAP}[^\n|•;\x00]{{1,120}}"
"""What stands in a line or cell behind a label."""


class Form(NamedTuple):
    """One way in which something is written."""

    signs: frozenset[str]
    """One of these words stands in every text in which it may be found …"""
    endings: tuple[str, ...]
    """… or one that ends like this."""
    pattern: re.Pattern[str]


def form(signs: str, pattern: re.Pattern[str], *, endings: str = "") -> Form:
    """Makes a form; signs and endings are words with blanks between them."""
    return Form(frozenset(signs.split()), tuple(endings.split()), pattern)


class Forms:
    """Forms that are looked for together."""

    def __init__(self, *forms: Form) -> None:
        self._forms = forms
        self._signs = frozenset().union(*(each.signs for each in forms))
        self._last_letters = frozenset(it[-2:] for each in forms for it in each.endings)

    def matching(self, folded: str, words: AbstractSet[str], replacement: str) -> Iterator[Finding]:
        """Yields where one of them stands in a text that has these words."""
        signs = self._signs & words
        ended = [word for word in words if word[-2:] in self._last_letters]
        for each in self._forms if signs or ended else ():
            if not each.signs.isdisjoint(signs) or (
                each.endings and [word for word in ended if word.endswith(each.endings)]
            ):
                for match in each.pattern.finditer(folded):
                    yield Finding(_trimmed(match), replacement)


def _trimmed(match: re.Match[str]) -> Span:
    """Returns the span without the line's end and the separators at either side."""
    text = match[0]
    start = match.start() + len(text) - len(text.lstrip(" \t\n|•;,(\x00"))
    return Span(start, match.end() - (len(text) - len(text.rstrip(" \t\n,;"))))
