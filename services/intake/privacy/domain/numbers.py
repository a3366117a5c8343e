"""Finds telephone numbers: the person's own in any spelling, and others that can be nothing else.

Texts are given in plain form: digits, blanks and dashes are those of ASCII.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from services.intake.privacy.domain.spans import Span

DIGITS_THAT_TELL = 7
_FEWEST_NATIONAL, _MOST_NATIONAL = 9, 12
_MOST_DIGITS = 15

_BETWEEN = r"().\-/·‧∙⋅•'_"
_RUN = re.compile(rf"\d[\d\s{_BETWEEN}]{{5,}}\d")
_ONE = re.compile(rf"(?<!\w)(?:\+|\(\+?)?\d(?:[ \t{_BETWEEN}]{{0,3}}\d){{6,}}")
_DATE = re.compile(r"\b\d{1,2}([/.])\d{1,2}\1\d{2,4}\b")
_TRUNK = re.compile(r"\(0\)")
_GROUP = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOGETHER: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "123456789"), "0"),
    **dict.fromkeys(map(ord, " \t\n\r\v\f().-/·‧∙⋅•'_")),
}
_ZEROS = DIGITS_THAT_TELL * "0"
_LABEL = re.compile(
    r"\b(?:tel(?:efon[eo]?|ephone)?|phone|mobile?|cell(?:ular)?|handy|fax|movil|portable|whatsapp"
    r"|signal|contact|call|ph|mob)\.?\s?(?:number|nummer|no|nr)?[.:\s]{0,3}$"
)
_LONGEST_LABEL = 24
_GROUPS_OF_NORTH_AMERICA = ([3, 3, 4], [1, 3, 3, 4])


class Numbers:
    """All telephone numbers of one person."""

    def __init__(self, numbers: Iterable[str]) -> None:
        """Takes their digits, with and without the prefix of a country."""
        self._own: dict[str, set[str]] = defaultdict(set)
        """By the last digits of each number, what may stand before them."""
        for digits in numbers:
            if len(digits) >= DIGITS_THAT_TELL:
                self._own[digits[-DIGITS_THAT_TELL:]].add(digits[:-DIGITS_THAT_TELL])

    def spans(self, folded: str) -> Iterator[Span]:
        """Yields where a telephone number stands in a text in plain form."""
        together = folded.translate(_TOGETHER)
        if _ZEROS not in together:
            return
        for match in _RUN.finditer(folded) if self._own else ():
            places = _places_of_digits(match)
            if len(places) >= DIGITS_THAT_TELL:
                yield from self._own_in(folded, places)
        for match in _ONE.finditer(folded):
            if _tells_by_itself(folded, match):
                yield Span(match.start(), match.end())

    def _own_in(self, folded: str, places: Sequence[int]) -> Iterator[Span]:
        """Finds numbers by their last digits, and takes what is known of those before along."""
        digits = "".join(folded[place] for place in places)
        for at in range(len(digits) - DIGITS_THAT_TELL + 1):
            for head in self._own.get(digits[at : at + DIGITS_THAT_TELL], ()):
                first = _first(digits, at, head)
                before = folded[max(0, places[first] - 2) : places[first]]
                start = places[first] - len(before) + len(before.rstrip("+("))
                yield Span(start, places[at + DIGITS_THAT_TELL - 1] + 1)


def _first(digits: str, at: int, head: str) -> int:
    """Returns where a number begins whose last digits stand there: zeros may be before it."""
    first = at
    while at - first < len(head) and digits[first - 1 : first] == head[first - at - 1]:
        first -= 1
    for _ in "00":
        first -= digits[first - 1 : first] == "0"
    return first


def _places_of_digits(match: re.Match[str]) -> list[int]:
    """Returns where the digits stand, without a zero that is not dialled from abroad."""
    run = _TRUNK.sub("   ", match[0])
    return [match.start() + at for at, each in enumerate(run) if each.isdigit()]


def _tells_by_itself(folded: str, match: re.Match[str]) -> bool:
    """Tells a number by a country's prefix, by a label before it, or by its form."""
    groups = _GROUP.findall(match[0])
    count = sum(map(len, groups))
    if not DIGITS_THAT_TELL <= count <= _MOST_DIGITS:
        return False
    if match[0].startswith(("+", "(+", "00")) and count > DIGITS_THAT_TELL:
        return True
    if _DATE.search(match[0]) or any(_YEAR.fullmatch(group) for group in groups):
        return False
    before = folded[max(0, match.start() - _LONGEST_LABEL) : match.start()]
    return _LABEL.search(before) is not None or _is_national(groups, count)


def _is_national(groups: Sequence[str], count: int) -> bool:
    lengths = [len(group) for group in groups]
    if lengths in _GROUPS_OF_NORTH_AMERICA:
        return True
    within = _FEWEST_NATIONAL <= count <= _MOST_NATIONAL
    return within and groups[0].startswith("0") and min(lengths) > 1
