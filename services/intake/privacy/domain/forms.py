"""What is told by its form, in texts in plain form."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from services.intake.privacy.domain.spans import Finding, Span

LINE = r"(?:^|[\n|•;\x00])[ \t]{0,5}"
REST = r"[ \t]{0,3}[:=][ \t]{0,3}[^\n|•;\x00]{1,120}"
"""A line's beginning, and what stands in it behind a label."""


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


def matching(
    forms: Iterable[Form], folded: str, words: Collection[str], replacement: str
) -> Iterator[Finding]:
    """Yields where one of the forms stands in a text that has these words."""
    for each in forms:
        if not each.signs.isdisjoint(words) or (
            each.endings and [word for word in words if word.endswith(each.endings)]
        ):
            for match in each.pattern.finditer(folded):
                yield Finding(_trimmed(match), replacement)


def _trimmed(match: re.Match[str]) -> Span:
    """Returns the span without the line's end and the separators at either side."""
    text = match[0]
    start = match.start() + len(text) - len(text.lstrip(" \t\n|•;,(\x00"))
    return Span(start, match.end() - (len(text) - len(text.rstrip(" \t\n,;"))))
