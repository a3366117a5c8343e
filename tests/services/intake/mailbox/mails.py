"""Mails as people, their programs and mail servers send them back; all in them is invented."""

import quopri
from base64 import encodebytes
from collections.abc import Sequence
from email.message import EmailMessage

from services.intake.mailbox.domain.received import Envelope, What, read
from shared.contract.mail_addresses import MailRole

SENDER = "ada@example.org"


def lines(*given: str) -> bytes:
    return "\r\n".join([*given, ""]).encode()


def plain(*text: str, headers: Sequence[str] = (), subject: str = "Re: Your application") -> bytes:
    """A mail as a person writes it."""
    return lines(
        f"From: Ada Lovelace <{SENDER}>",
        f"Subject: {subject}",
        "Message-ID: <one@example.org>",
        *headers,
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        *text,
    )


def html(page: str) -> bytes:
    return lines(
        f"From: {SENDER}", "Message-ID: <html@example.org>", "Content-Type: text/html", "", page
    )


def returned(
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 550 no such user",
    type: str = "delivery-status",
) -> bytes:
    """A delivery status notification as Postfix writes it."""
    return lines(
        "From: MAILER-DAEMON@mx.example.net (Mail Delivery System)",
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <20260302090000.4F1@mx.example.net>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={type}; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "I am sorry to have to inform you that your message could not be delivered.",
        "--b",
        f"Content-Type: message/{type}",
        "",
        "Reporting-MTA: dns; mx.example.net",
        "",
        f"Final-Recipient: rfc822; {SENDER}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: {diagnostic}",
        "",
        "--b",
        "Content-Type: message/rfc822",
        "",
        "Subject: Your application",
        "",
        "Unsubscribe from our emails",
        "--b--",
    )


def returned_of(*recipients: tuple[str, str, str, str], to: str = "") -> bytes:
    """A report of several recipients: whom it was for, where it went, the action and the status."""
    blocks: list[str] = []
    for was_for, went_to, action, status in recipients:
        blocks += ["", *[f"Original-Recipient: rfc822; {it}" for it in [was_for] if it]]
        blocks += [f"Final-Recipient: rfc822; {went_to}", f"Action: {action}", f"Status: {status}"]
    letter = ["--b", "Content-Type: message/rfc822", "", f"To: Ada <{to}>", "", "Hello"]
    return lines(
        "From: MAILER-DAEMON@mx.example.net",
        "Message-ID: <several@mx.example.net>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        *("", "--b", "Content-Type: text/plain", "", "The mail system", ""),
        *("--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.net"),
        *(*blocks, "", *(letter if to else []), "--b--"),
    )


def encoded(mail: bytes, type: str, encoding: str) -> bytes:
    """The same report, with the part of this type written in an encoding."""
    head, begins, rest = mail.partition(f"Content-Type: {type}\r\n\r\n".encode())
    part, ends, others = rest.partition(b"\r\n--b\r\n")
    match encoding.lower():
        case "base64":
            part = encodebytes(part).replace(b"\n", b"\r\n")
        case "quoted-printable":
            part = quopri.encodestring(part.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    said = f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    return head + begins.removesuffix(b"\r\n") + said + part + ends + others


def complained(kind: str = "abuse", about: str = "") -> bytes:
    """A feedback report as RFC 5965 has it, with the mail that it is about."""
    return lines(
        "From: <feedback@provider.example>",
        "Message-ID: <fbl-1@provider.example>",
        "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b",
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "This is an email abuse report.",
        "--b",
        "Content-Type: message/feedback-report",
        "",
        f"Feedback-Type: {kind}",
        "User-Agent: Provider/1.0",
        "Version: 1",
        "",
        "--b",
        "Content-Type: message/rfc822",
        "",
        f"Reply-To: Hartmann <{about}>",
        "Subject: Your application",
        "",
        "We have read your application.",
        "--b--",
    )


def with_files(text: str, *names: str, size: int = 100) -> bytes:
    """A mail with files, as a mail program sends it."""
    message = EmailMessage()
    message["From"] = SENDER
    message["Message-ID"] = "<files@example.org>"
    message.set_content(text)
    for name in names:
        message.add_attachment(b"x" * size, maintype="application", subtype="pdf", filename=name)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def mixed(*parts: bytes) -> bytes:
    """A mail of several parts, each with its own headers."""
    head = lines(f"From: {SENDER}", "Content-Type: multipart/mixed; boundary=b", "")
    return head + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


def text(said: str, *headers: str) -> bytes:
    """A part that somebody wrote."""
    return lines("Content-Type: text/plain; charset=utf-8", *headers, "", said)


def what(content: bytes, role: MailRole = MailRole.REPLY, sender: str = SENDER) -> What:
    """Returns what a mail is."""
    return read(Envelope(sender, role, content))[1]
