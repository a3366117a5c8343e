"""The addresses at which a mail of ours is answered, returned and unsubscribed from.

Each carries the mail's own token, so that what comes there tells which mail it is about, whatever
it says of itself (a variable envelope return path).
"""

from enum import StrEnum
from typing import NamedTuple


class MailRole(StrEnum):
    """What an address is for, which it begins with."""

    BOUNCE = "bounce"
    """The envelope's sender: mail servers say there what became of a mail."""
    REPLY = "reply"
    UNSUBSCRIBE = "unsubscribe"
    COMPLAINTS = "complaints"
    """Where providers report complaints; it stands in no mail and has no token."""


class MailAddress(NamedTuple):
    """An address of the domain whose mail reaches us."""

    role: MailRole
    token: str

    def at(self, domain: str) -> str:
        """Writes the address."""
        return f"{self.role}+{self.token}@{domain}"


def read_mail_address(address: str, domain: str) -> MailAddress | None:
    """Reads an address in either case; None for one that is none of ours."""
    local, _, host = address.lower().rpartition("@")
    name, _, token = local.partition("+")
    if host != domain or name not in set(MailRole) or bool(token) is (name == MailRole.COMPLAINTS):
        return None
    return MailAddress(MailRole(name), token)
