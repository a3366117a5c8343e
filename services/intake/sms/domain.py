"""What a text message to us means, and what a provider's report says about one of ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

DeliveryOutcome = Literal["delivered", "bounced", "failed", "opted_out"]

_KEYWORDS = {
    **dict.fromkeys(
        ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), "stop"
    ),
    **dict.fromkeys(("START", "UNSTOP", "YES"), "start"),
    **dict.fromkeys(("HELP", "INFO"), "help"),
}
_OPTED_OUT = "21610"
_DEAD_NUMBER = {"30005", "30006", "21211", "21614"}
"""Twilio's codes for: unknown handset, landline or unreachable carrier, invalid, not mobile."""

_OUTCOMES: dict[str, DeliveryOutcome] = {
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "bounced",
    "failed": "failed",
    "canceled": "failed",
}
"""The final statuses; any other is on the way to one of them."""

LONGEST_REPLY = 1600
"""Twilio's own limit, in characters."""


class Meaning(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A text message that somebody sent us."""

    sid: str
    phone: str
    meaning: Meaning
    text: str

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Reads it as Twilio sends it; its own verdict on opt-outs comes before the words."""
        text = form.get("Body", "").replace("\0", "")[:LONGEST_REPLY]
        verdict = form.get("OptOutType", "").lower()
        meaning = Meaning(verdict) if verdict in set(Meaning) else meaning_of(text)
        return cls(form["MessageSid"], form["From"], meaning, text)


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How one of our text messages ended."""

    message_id: str
    candidate_id: str
    phone: str
    outcome: DeliveryOutcome
    address_is_dead: bool

    @classmethod
    def of(cls, form: Mapping[str, str], query: Mapping[str, str]) -> Self | None:
        """Reads a status callback; None if the message has not ended or is none of ours."""
        outcome = _OUTCOMES.get(form.get("MessageStatus", ""))
        message_id, candidate_id = query.get("message"), query.get("candidate")
        if not (outcome and message_id and candidate_id):
            return None
        code = form.get("ErrorCode", "")
        return cls(
            message_id=message_id,
            candidate_id=candidate_id,
            phone=form.get("To", ""),
            outcome="opted_out" if code == _OPTED_OUT else outcome,
            address_is_dead=code in _DEAD_NUMBER,
        )


def meaning_of(text: str) -> Meaning:
    """Reads the keywords that carriers know, alone in a message, in any case."""
    word = text.strip().strip(".!\"'").strip().upper()
    return Meaning(_KEYWORDS.get(word, "reply"))
