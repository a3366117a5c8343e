"""Places in a text, and what is put there instead."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    start: int
    end: int


class Finding(NamedTuple):
    """A place that gives somebody away."""

    span: Span
    replacement: str


_LONGEST_WORD = 60

BETWEEN_TEXTS = "\x00"
"""Stands between texts that are looked at as one; it stays wherever it is."""


def replaced(text: str, findings: Iterable[Finding]) -> str:
    """Returns a text with each place replaced; of places that overlap, the first and longest."""
    kept: list[str] = []
    at = 0
    for (start, end), replacement in _apart(findings):
        separators = text.count(BETWEEN_TEXTS, start, end)
        kept += [text[at:start], replacement, BETWEEN_TEXTS * separators]
        at = end
    return "".join([*kept, text[at:]])


def within(text: str, most: int) -> str:
    """Returns a text of so many characters at most: one that is cut ends with "…", at a word."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    whole_words = cut.rpartition(" ")[0]
    return (whole_words if len(cut) - len(whole_words) <= _LONGEST_WORD else cut) + "…"


def _apart(findings: Iterable[Finding]) -> list[Finding]:
    """Joins places that overlap, and puts all in order."""
    apart: list[Finding] = []
    for each in sorted(findings, key=lambda it: (it.span.start, -it.span.end)):
        last = apart[-1] if apart else None
        if last is None or each.span.start >= last.span.end:
            apart.append(each)
        elif each.span.end > last.span.end:
            apart[-1] = Finding(Span(last.span.start, each.span.end), last.replacement)
    return apart
