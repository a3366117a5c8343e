"""How one of our mails ended; whichever provider says so."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.intake.consent.domain import LinkedMessage
from shared.contract.events.responses import DeliveryOutcome
from shared.contract.mail_marks import Mark

NOT_THE_ADDRESS = ("5.2.2", "5.7.")
"""Enhanced codes (RFC 3463) for a full mailbox and for a policy: neither is the address's end."""


@dataclass(frozen=True, slots=True)
class MailReport:
    """How one of our mails ended."""

    mark: Mark
    outcome: DeliveryOutcome
    address_is_dead: bool = False
    address: str | None = None
    """Where it went: those who were one person then may be two by now."""
    message: LinkedMessage | None = None
    """The same, where the mail came back to its own address."""


def ends_address(statuses: Iterable[str | None]) -> bool:
    """Tells whether what came back for good, with these enhanced codes, makes the address dead."""
    return not any(status and status.startswith(NOT_THE_ADDRESS) for status in statuses)
