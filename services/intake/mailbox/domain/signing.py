"""Whether nothing stands in a mail but how it is signed: a farewell, a name, a program's line."""

import re

from services.intake.mailbox.domain.sentences import CLOSES, CONTACT, GREETS, written_lines
from services.intake.sms.words import words_of

_WORD = r"[^\W\d_]+(?:[.'-][^\W\d_]+)*\.?"
_NAME = re.compile(f"{_WORD}(?: {_WORD}){{0,2}}")
_MOST_LINES = 8


def is_only_signed(text: str, name: str) -> bool:
    """Tells whether a text says nothing; `name` is that of whoever sent it.

    After a farewell another name is theirs too, as it is where they go by one.
    """
    lines = [line for line in written_lines(text) if words_of(line)]
    theirs, is_ending = set(words_of(name)), False
    for line in (line.strip(" ,.!-–—/*") for line in lines):
        words = words_of(line)
        is_farewell = words in CLOSES or words in GREETS
        is_name = theirs.issuperset(words) or (
            is_ending and line.istitle() and bool(_NAME.fullmatch(line))
        )
        if not (is_farewell or is_name or CONTACT.fullmatch(line)):
            return False
        is_ending = is_farewell
    return len(lines) <= _MOST_LINES
