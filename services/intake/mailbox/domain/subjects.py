"""What stands in a mail's subject, and whether whoever wrote the mail has put it there."""

import re
from email.message import Message

from services.intake.mailbox.domain.leaving import wants_no_more
from services.intake.mailbox.domain.parsing import shown
from services.intake.understanding.phrases import Table, as_written

LONGEST = 200
"""In characters; nobody writes more into one."""
_TAGS = re.compile(r"(?:\[[^\]]{1,30}\]\s*)+")
"""What gateways put before it."""
_ANSWER, _FORWARD = (
    "|".join(map(re.escape, as_written(Table.PREFIXES, kind))) for kind in ("answers", "forwards")
)
_ANSWERS = re.compile(
    rf"(?:(?:{_ANSWER})\s*+(?:[\[(]\d+[\])]\s*+)?:\s*+)+",
    re.IGNORECASE,
)
_FORWARDS = re.compile(rf"(?:{_FORWARD})\s*:", re.IGNORECASE)


def own_subject(message: Message) -> str:
    """Returns the subject where it is in their own words; empty where it is passed on, or ours.

    Whoever answers has ours, which asks for no stop: who answers with one has put it there.
    """
    given = _TAGS.sub("", shown(message, "subject"), count=1)[:LONGEST]
    said = _ANSWERS.sub("", given, count=1)
    if _FORWARDS.match(said) or (said != given and not wants_no_more(said)):
        return ""
    return said
