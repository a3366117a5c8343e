"""An answer's sentences, and the part that it is signed with."""

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from services.intake.sms.words import Phrases, begins, words_of
from services.intake.understanding.phrases import Table, as_written, phrases

_LONGEST_FORMULA = 6
"""In words: a greeting or a closing with the name beside it."""
_WRAPPED = 50
"""In characters: a line as long goes on in the next; mail programs break no shorter ones."""
_ENDS = re.compile(r"[.!\n;:]|(?<=\?)")
_LABELS = "|".join(map(re.escape, as_written(Table.OPTOUTS, "labels")))
CONTACT = re.compile(
    rf"(?:(?:{_LABELS})[.:\s]*+)?"
    r"(?:\+?\d[\d ()/.-]{5,}|[^\s@]++@[^\s@]+|(?:https?:|www\.)\S+)",
    re.IGNORECASE,
)
"""A line of a signature that tells where somebody is reached.

Nothing that a label took is given back: where it might, a long line would take quadratic time.
"""


said_of = partial(phrases, Table.OPTOUTS)
"""Returns what people write of a kind, in every language."""
GREETS, CLOSES = said_of("greets"), said_of("closes")
_BY_PROGRAM, _LEADS = said_of("by_program"), said_of("leads")


def written_lines(text: str) -> list[str]:
    """Returns the lines of a text that no mail program wrote."""
    return [line for line in text.splitlines() if not begins(_BY_PROGRAM, words_of(line))]


def signed(lines: Sequence[str]) -> tuple[str, str]:
    """Parts a text from what it is signed with, which is read without numbers and addresses."""
    closing = max((at for at, line in enumerate(lines, 1) if _closes(line)), default=len(lines))
    below = (line for line in lines[closing:] if not CONTACT.fullmatch(line.strip()))
    return "\n".join(lines[:closing]), "\n".join(below)


def is_formula(phrases: Phrases, sentence: str) -> bool:
    """Tells whether a sentence is a greeting or a closing, maybe with a name beside it."""
    words = words_of(sentence)
    return len(words) <= _LONGEST_FORMULA and begins(phrases, words)


def sentences_of(text: str) -> list[str]:
    """Parts a text at what ends a sentence, which a line break alone may not."""
    return [one for one in _ENDS.split(_unwrapped(text)) if words_of(one)]


def _closes(line: str) -> bool:
    last = next((one for one in reversed(_ENDS.split(line)) if one.strip()), "")
    return is_formula(CLOSES, last)


def _unwrapped(text: str) -> str:
    """Joins the lines that a mail program or its user broke within a sentence."""
    lines = [line.strip() for line in text.splitlines()]
    said = [line for line, after in pairwise([*lines, ""]) if line or not after[:1].islower()]
    return "".join(
        line + (" " if runs_on(line, after) else "\n") for line, after in pairwise([*said, ""])
    )


def runs_on(line: str, after: str) -> bool:
    """Tells whether a line may have been broken within a sentence, which the next goes on with."""
    if not (line and after) or is_formula(GREETS, line) or is_formula(CLOSES, after):
        return False
    return len(line) >= _WRAPPED or after[:1].islower() or words_of(line)[-1:] in _LEADS
