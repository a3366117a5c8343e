"""A text message to us, and how one of ours ended; whichever provider says so."""

from dataclasses import dataclass

from services.intake.sms.meaning import Meaning
from shared.contract.events.responses import DeliveryOutcome


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
