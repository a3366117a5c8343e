"""What each provider of mail is: how its calls are believed, and what they say of our mails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.intake.mail.domain import MailReport
from shared.contract.events.responses import DeliveryOutcome
from shared.contract.mail_marks import Mark

Ending = tuple[DeliveryOutcome, bool]
"""How a mail ended, and whether that makes its address dead."""


class NotBelieved(Exception):
    """A call that does not come from where it says."""


class NotNow(Exception):
    """A call of which nobody can tell at the moment whether it is genuine."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, as it came."""

    body: bytes
    headers: Mapping[str, str]
    at: datetime
    """By the machine's clock."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a genuine call says."""

    reports: Sequence[MailReport]
    token: str | None = None
    """What is to be taken once only, where what the call says is not signed."""


def reports_of(
    mark: Mark | None, ending: Ending | None, address: str | None
) -> tuple[MailReport, ...]:
    """Returns how one mail ended; nothing of one that is not ours, or is on its way still."""
    return (MailReport(mark, *ending, address),) if mark and ending else ()


class MailProvider(Protocol):
    """One that carries our mails."""

    async def hear(self, call: Call) -> Heard:
        """Returns what a call says of our mails; what says nothing of them is passed over.

        Raises NotBelieved, NotNow, and Unreadable for a genuine call that cannot be read.
        """
