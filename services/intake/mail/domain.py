"""How one of our mails ended; whichever provider says so."""

from dataclasses import dataclass

from services.intake.consent.domain import LinkedMessage
from shared.contract.events.responses import DeliveryOutcome
from shared.contract.mail_answers import says_no_mailbox
from shared.contract.mail_marks import Mark


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


def ends_address(*said: str | None) -> bool:
    """Tells whether what a provider calls final makes the address dead.

    It does, unless what the server answered, as the provider passes it on, says something else.
    """
    return says_no_mailbox(*said) is not False
