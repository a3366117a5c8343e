"""What each provider of mail is: how its calls are believed, and what they say of our mails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.intake.mail.domain import MailReport


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


class MailProvider(Protocol):
    """One that carries our mails."""

    async def hear(self, call: Call) -> Heard:
        """Returns what a call says of our mails; what says nothing of them is passed over.

        Raises NotBelieved, NotNow, and Unreadable for a genuine call that cannot be read.
        """
