"""What is reported of a mail: by RFC 3464, by RFC 5965, or in a mail server's own words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from itertools import islice
from typing import NamedTuple

from flufl.bounce import all_failures

from services.intake.mailbox.domain.parsing import READ, header, named, parsed
from shared.contract.events.responses import DeliveryOutcome
from shared.contract.mail_answers import says_no_mailbox

_TOKEN = re.compile(r"\b(?:bounce|reply|unsubscribe)\+([a-z2-7]{48})@")
_MOST_LINES = 2000
"""So many lines of a mail the detectors are given, each of which goes over all of them."""
_MOST_BLOCKS = 1000
"""So many recipients of a report are read."""
_AN_ANSWER = "auto-replied"
"""What RFC 3834 has whoever is away call their mails: those did arrive."""
_FAILED = "x-failed-recipients"
"""What Exim names those in whom a mail did not reach, also where it calls that an answer."""
_ENCODINGS = ("base64", "quoted-printable")
_ON_ITS_WAY = ("delayed", "relayed", "expanded")
"""What a report says of a mail of which nobody knows yet how it ends."""
_CODE = re.compile(
    rb"(?<![\w.])(?<!version )(?<!release )([45])\.[0-7]\.(?:1?[0-9]|2[0-4]|[0-9]{3})(?!\.?\w)",
    re.IGNORECASE,
)
"""An enhanced status code (RFC 3463); 5.1.26 is a day, on which somebody may be back."""
_NO_COMPLAINT = ("not-spam", "auth-failure", "dmarc")


@dataclass(frozen=True, slots=True)
class Returned:
    """How a mail ended; it came back, or a server says that it arrived."""

    outcome: DeliveryOutcome
    address_is_dead: bool = False


class _Recipient(NamedTuple):
    """What a report says of one recipient: us, or one to whom they have their mail sent on."""

    action: str
    is_gone: bool
    was_for: str
    """The address that the mail was sent to; empty where that is not said."""
    went_to: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """Somebody called a mail spam, and their provider passes that on."""


def complaint(message: Message) -> Complaint | None:
    """Reads a feedback report (RFC 5965)."""
    if not _is_report(message, "feedback-report"):
        return None
    blocks = _blocks(message, "message/feedback-report")
    kinds = {header(block, "feedback-type") for block in blocks}
    return Complaint() if kinds.difference(_NO_COMPLAINT) else None


def token_within(content: bytes) -> str:
    """Returns the token of our mail that a complaint brings with it; empty where there is none."""
    found = _TOKEN.search(content[:READ].decode("latin-1").lower())
    return found[1] if found else ""


def returned(
    message: Message, content: bytes, *, by_machine: bool, to_bounce: bool = False
) -> Returned | None:
    """Reads a delivery status notification (RFC 3464); else what a server says in its own way.

    Such words tell that a mail came back, but not surely why: they end no address by themselves.
    Where one writes of whom nobody is to be told, to where mails come back, its code is enough.
    """
    is_report = _is_report(message, "delivery-status")
    if is_report and (recipients := _recipients(message)):
        return _end(recipients, _sent_to(message))
    is_answer = header(message, "auto-submitted").startswith(_AN_ANSWER)
    if not (is_report or by_machine) or (is_answer and not message.get(_FAILED)):
        return None
    failed = _says_it_failed(content) or (by_machine and to_bounce and _gives_a_code(message))
    return Returned(DeliveryOutcome.BOUNCED) if failed else None


def _gives_a_code(message: Message) -> bool:
    """Tells whether a text, in whatever language, has a code for good, and none for now."""
    texts = (part for part in message.walk() if part.get_content_maintype() == "text")
    said = b"\n".join(
        it for text in texts if isinstance(it := text.get_payload(decode=True), bytes)
    )
    return {code[1] for code in _CODE.finditer(said)} == {b"5"}


def _says_it_failed(content: bytes) -> bool:
    """Asks the detectors for what servers write, which are not ready for everything."""
    first = b"\n".join(content.split(b"\n", _MOST_LINES)[:_MOST_LINES])
    try:
        _, permanent = all_failures(parsed(first)[0])
    except Exception:  # noqa: BLE001 - a mail that breaks one of them says nothing that is known
        return False
    return bool(permanent)


def _is_report(message: Message, kind: str) -> bool:
    if message.get_content_type() != "multipart/report":
        return False
    said = message.get_param("report-type")
    return isinstance(said, str) and said.lower() == kind


def _blocks(message: Message, type: str) -> Iterator[Message]:
    """Yields the groups of fields of a report's machine-readable part."""
    for part in message.walk():
        if part.get_content_type() == type and part.is_multipart():
            yield from _decoded(part, type) or _groups(part)


def _groups(part: Message) -> list[Message]:
    return [it for it in islice(part.get_payload(), _MOST_BLOCKS) if isinstance(it, Message)]


def _decoded(part: Message, type: str) -> list[Message]:
    """Reads a report that is encoded, which no standard allows; nothing of one that is not.

    The parser took it for fields as it stood: it is written down again, decoded, and read anew.
    """
    encoding = header(part, "content-transfer-encoding")
    if encoding not in _ENCODINGS:
        return []
    whole = Message()
    whole["Content-Transfer-Encoding"] = encoding
    whole.set_payload("\n\n".join(map(_as_written, _groups(part))))
    content = whole.get_payload(decode=True)
    if not isinstance(content, bytes):
        return []
    anew, _ = parsed(f"Content-Type: {type}\r\n\r\n".encode() + content)
    found = _groups(anew) if anew.is_multipart() else []
    return [block for block in found if block.keys()]


def _as_written(block: Message) -> str:
    body = block.get_payload()
    fields = [f"{name}: {value}" for name, value in block.items()]
    return "\n".join([*fields, body if isinstance(body, str) else ""])


def _recipients(message: Message) -> list[_Recipient]:
    """Returns all of whom a report says what became of the mail to them."""
    known = ("failed", "delivered", *_ON_ITS_WAY)
    return [
        _Recipient(
            action,
            action == "failed" and _is_for_good(block),
            _address(header(block, "original-recipient")),
            _address(header(block, "final-recipient")),
        )
        for block in _blocks(message, "message/delivery-status")
        if (action := header(block, "action").partition(" ")[0]) in known
    ]


def _address(field: str) -> str:
    """Returns the address in a recipient's field, which is written after its type."""
    return field.partition(";")[2].strip().strip("<>")


def _sent_to(message: Message) -> str:
    """Returns whom our mail was sent to, as far as the report brings it back."""
    whole = (part for part in message.walk() if part.get_content_type() == "message/rfc822")
    ours = (part for one in whole for part in _groups(one))
    return next((named(header(one, "to"))[1] for one in ours), "")


def _end(recipients: Sequence[_Recipient], sent_to: str) -> Returned | None:
    """Tells how a mail to one address ended; None as long as it is on its way to somebody.

    One that arrived was delivered, wherever else a copy of it failed. If all failed, the address is
    dead by what is said of itself, or else where nobody is left to whom its mail is sent on.
    """
    named = {it.was_for for it in recipients if it.was_for}
    ours = sent_to if sent_to or len(named) != 1 else next(iter(named))
    if any(ours and ours in (it.was_for, it.went_to) for it in recipients):
        recipients = [it for it in recipients if it.was_for in ("", ours) or it.went_to == ours]
    failed = [it for it in recipients if it.action == "failed"]
    lost = {it.went_to for it in failed}
    if any(it.action == "delivered" for it in recipients):
        return Returned(DeliveryOutcome.DELIVERED)
    if any(it.action in _ON_ITS_WAY and it.went_to not in lost for it in recipients):
        return None
    told = [it for it in failed if it.went_to == ours] or failed
    return Returned(DeliveryOutcome.BOUNCED, all(it.is_gone for it in told))


def _is_for_good(block: Message) -> bool:
    """Tells whether nothing sent there will ever arrive, by what the last server said as well."""
    said = (str(block.get(name, "")) for name in ("status", "diagnostic-code", "remote-mta"))
    named = (_address(header(block, f"{which}-recipient")) for which in ("original", "final"))
    return bool(says_no_mailbox(*said, whose=[*filter(None, named)]))
