"""What a text message to us means, and how one of ours ended; whichever provider says so."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contract.events.responses import DeliveryOutcome

_KEYWORDS = {
    **dict.fromkeys(
        ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), "stop"
    ),
    **dict.fromkeys(("START", "UNSTOP", "YES"), "start"),
    **dict.fromkeys(("HELP", "INFO"), "help"),
}


class Meaning(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A text message that somebody sent us."""

    provider: str
    message_id: str
    """The provider's own, by which the message has one effect however often it is told of."""
    phone: str
    meaning: Meaning
    text: str


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How one of our text messages ended."""

    message_id: str
    candidate_id: str
    phone: str
    outcome: DeliveryOutcome
    address_is_dead: bool


def meaning_of(text: str) -> Meaning:
    """Reads the keywords that carriers know, alone in a message, in any case."""
    word = text.strip().strip(".!\"'").strip().upper()
    return Meaning(_KEYWORDS.get(word, "reply"))
