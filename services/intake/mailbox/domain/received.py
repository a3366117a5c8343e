"""What a mail to one of our addresses is."""

from dataclasses import dataclass
from email.message import Message

from services.intake.mailbox.domain.automatic import is_automatic
from services.intake.mailbox.domain.parsing import headers_of, parsed
from services.intake.mailbox.domain.reports import Complaint, Returned, complaint, returned
from services.intake.mailbox.domain.writing import Written, written
from shared.contract.mail_addresses import MailRole


@dataclass(frozen=True, slots=True)
class Leaving:
    """The wish to hear no more by mail, as a mail program sends it for whoever pressed a button."""


@dataclass(frozen=True, slots=True)
class Automatic:
    """Written by a machine: an absence, a receipt, a delay. It is never an answer."""


What = Returned | Complaint | Leaving | Automatic | Written


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail as it came, and between whom."""

    sender: str
    """Empty for a notice that nobody is to be told of in turn (RFC 5321, section 4.5.5)."""
    role: MailRole
    """What the address is for that it came to."""
    content: bytes


def read(mail: Envelope) -> tuple[str | None, What]:
    """Returns a mail's own id, if it has one, and what the mail is.

    One that breaks the library's reader would break it at every try: its headers are read alone.
    """
    try:
        message, is_cut = parsed(mail.content)
        what = _what(mail, message, is_cut=is_cut)
    except Exception:  # noqa: BLE001 - many kinds, as the library's reader has many faults
        message = headers_of(mail.content)
        what = _what(mail, message, is_cut=True)
    return own_id(message), what


def own_id(message: Message) -> str | None:
    """Returns by what its sender knows a mail."""
    given = str(message.get("message-id", "")).strip()
    return given if given.isascii() and given.isprintable() and 3 <= len(given) <= 250 else None


def _what(mail: Envelope, message: Message, *, is_cut: bool) -> What:
    if mail.role is MailRole.COMPLAINTS:
        return complaint(message) or Automatic()
    found = complaint(message) or returned(
        message,
        mail.content,
        by_machine=not mail.sender,
        to_bounce=mail.role is MailRole.BOUNCE,
    )
    if found:
        return found
    if mail.role is MailRole.UNSUBSCRIBE and mail.sender:
        return Leaving()
    if is_automatic(message, mail.sender):
        return Automatic()
    return written(message, is_cut=is_cut)
