"""A received message as its reader sees it."""

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import lru_cache
from typing import Any

from deploy.local.sink.mailbox import Received

_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """What can be read of a message; an SMS has a text alone."""

    subject: str = ""
    written_by: str = ""
    text: str = ""
    html: str | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)


@lru_cache(maxsize=50_000)
def parse(message: Received) -> ParsedMessage:
    """Parses a message; whatever it is made of, it never raises."""
    if message.channel == "sms":
        asked = [("StatusCallback", message.callback)] if message.callback else []
        return ParsedMessage(written_by=message.sender, text=message.raw, headers=asked)
    mail = message_from_bytes(message.raw.encode(errors="surrogateescape"), policy=default)
    written = [(name, _decoded(mail, name, value)) for name, value in mail.raw_items()]
    headers = {name.lower(): value for name, value in reversed(written)}
    return ParsedMessage(
        subject=headers.get("subject", ""),
        written_by=headers.get("from") or message.sender,
        text=_body(mail, "plain") or "",
        html=_body(mail, "html"),
        headers=written,
    )


def as_json(message: Received) -> dict[str, Any]:
    """Returns what programs read: who, when, and the parsed message."""
    parsed = parse(message)
    return {
        "id": message.id,
        "channel": message.channel,
        "from": message.sender,
        "to": message.recipient,
        "received_at": message.received_at,
        "wall_at": message.wall_at,
        "subject": parsed.subject,
        "text": parsed.text,
        "html": parsed.html,
        "headers": parsed.headers,
    }


def in_new_tabs(html: str) -> str:
    """Makes the links of a framed mail open outside its frame."""
    return _HEAD.sub(r'\g<0><base target="_blank">', html, count=1)


def _decoded(mail: EmailMessage, name: str, value: str) -> str:
    try:
        return str(mail.policy.header_fetch_parse(name, value))
    except (ValueError, IndexError, AttributeError):
        return value


def _body(mail: EmailMessage, kind: str) -> str | None:
    try:
        part = mail.get_body((kind,))
        return part.get_content().replace("\r\n", "\n") if part else None
    except (LookupError, KeyError, ValueError, AttributeError):
        return None
