"""What each provider of text messages is: how its calls are believed, read and answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from fastapi import Response

from services.intake.applicants.domain.identity import normal_phone
from services.intake.sms.domain import InboundMessage, StatusReport
from services.intake.sms.meaning import Meaning, meaning_of
from shared.contract.events.cloudevents import Unreadable

LONGEST_TEXT = 1600
"""The most that one text message carries, in characters; it is Twilio's limit too."""
LONGEST_FIELD = 255
"""Far above any id or number."""

_ABROAD = re.compile(r"^00(?=[1-9])")
"""How a number that begins with a country is dialled in most of them."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, as it came."""

    url: str
    """As it is known in public, whatever a proxy made of it."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class SmsProvider(Protocol):
    """One that carries our text messages."""

    def believes(self, call: Call) -> bool:
        """Tells whether a call comes from the provider; nothing of any other is read."""
        ...

    def read(self, call: Call) -> InboundMessage | StatusReport | None:
        """Returns what a genuine call says, or None where it is no news; else raises Unreadable.

        Where an answer cannot carry words, whoever asks for help is read as one who replies: then
        a human answers.
        """
        ...

    def answer(self, words: str | None) -> Response:
        """Returns how a text message is answered; `words`, if any, are for whoever sent it."""
        ...


def text_message(
    provider: str, message_id: str, phone: str, words: str, verdict: Meaning | None = None
) -> InboundMessage:
    """Reads a text message; the provider's own verdict on opt-outs comes before the words."""
    text = words.replace("\0", "")[:LONGEST_TEXT]
    return InboundMessage(provider, message_id, phone, verdict or meaning_of(text), text)


def normal_number(dialled: str, name: str, country: str) -> str:
    """Returns a number as the record has it; without a country it is dialled in `country`."""
    number = normal_phone(_ABROAD.sub("+", dialled), country)
    if number is None:
        raise Unreadable(
            "unreadable_number", f"send {name} as a telephone number, such as +49 1512 3456789"
        )
    return number


def needed(fields: Mapping[str, str], name: str) -> str:
    """Returns a field that has to be there, and to be fit for a name of something."""
    value = fields.get(name, "")
    if not (value.isprintable() and 1 <= len(value) <= LONGEST_FIELD):
        raise Unreadable(
            "unusable_field", f"send {name} in up to {LONGEST_FIELD} printable characters"
        )
    return value
