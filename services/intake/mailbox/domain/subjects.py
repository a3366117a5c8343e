"""What stands in a mail's subject, and whether whoever wrote the mail has put it there."""

import re
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from services.intake.mailbox.domain.leaving import wants_no_more

LONGEST = 200
"""In characters; nobody writes more into one."""
_TAGS = re.compile(r"(?:\[[^\]]{1,30}\]\s*)+")
"""What gateways put before it."""
_ANSWERS = re.compile(
    r"(?:(?:re|aw|antw|antwort|sv|vs|r|ref|res|odp|rif|rép|rep)\s*(?:[\[(]\d+[\])])?\s*:\s*)+",
    re.IGNORECASE,
)
_FORWARDS = re.compile(r"(?:fwd?|wg|wtr|tr|rv|enc|i|vb|doorst|pd)\s*:", re.IGNORECASE)


def subject_of(message: Message) -> str:
    """Returns the subject as its reader sees it, on one line."""
    raw = next((value for name, value in message.raw_items() if name.lower() == "subject"), "")
    given = str(raw).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    with suppress(HeaderParseError, LookupError, ValueError):
        given = str(make_header(decode_header(given)))
    return " ".join("".join(it if it.isprintable() else " " for it in given).split())


def own_subject(message: Message) -> str:
    """Returns the subject where it is in their own words; empty where it is passed on, or ours.

    Whoever answers has ours, which asks for no stop: who answers with one has put it there.
    """
    given = _TAGS.sub("", subject_of(message), count=1)[:LONGEST]
    said = _ANSWERS.sub("", given, count=1)
    if _FORWARDS.match(said) or (said != given and not wants_no_more(said)):
        return ""
    return said
