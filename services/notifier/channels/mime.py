"""E-mail as bytes: RFC 5322 and MIME, made directly.

The standard library's `EmailMessage` gives the same but takes more than a millisecond a mail,
most of it for parsing again what was just put in. The tests have that library's parser read what
is made here.
"""

import binascii
import re
import textwrap
from collections.abc import Iterator, Sequence
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import format_datetime

import idna

from services.notifier.channels import Parcel
from services.notifier.domain import Correspondent
from shared.contract.mail_marks import FIELDS, MailProvider, Mark

CRLF = "\r\n"

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_FIELD_NAME = re.compile(r"[A-Za-z-]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ORDINARY_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_INTERNATIONAL_LOCAL = re.compile(r"[^\x00-\x20\x7f-\xa0\"(),:;<>@\[\\\]\u2028\u2029]+")
"""A local part with letters outside ASCII (RFC 6531), which is never quoted here."""
_FOLD_AT = 70
_WORD_BYTES = 39
"""What one encoded word carries, so that the first, after its field's name, ends by column 76
(RFC 2047, section 2)."""
_SPACED_WORD = re.compile(r" ?[^ ]+")


class BadAddress(ValueError):
    """No mail can be written to this address."""


class Composer:
    """Makes the mails of one sender."""

    def __init__(
        self,
        name: str,
        address: str,
        reply_to: str | None = None,
        provider: MailProvider | None = None,
    ) -> None:
        self._domain = address.rpartition("@")[2]
        self._provider = provider
        self._fixed = [
            f"From: {mailbox(name, address)}",
            "MIME-Version: 1.0",
            "Auto-Submitted: auto-generated",
        ]
        self._replies = [f"Reply-To: {mailbox('', reply_to)}"] if reply_to else []

    def compose(self, parcel: Parcel) -> bytes:
        """Makes a mail in lines that end in CRLF, as SMTP carries it.

        They are seven-bit, but for an address that is not (RFC 6532).

        No name, subject or text can add a header, a recipient or a part. Raises BadAddress, or
        ValueError for a header that cannot be written.
        """
        words = parcel.words
        fields = [
            *self._fixed,
            *(_replies_to(parcel) or self._replies),
            f"To: {mailbox(parcel.name, parcel.address)}",
            f"Subject: {_text(words.subject)}",
            f"Date: {format_datetime(parcel.at)}",
            f"Message-ID: {self._id(parcel.message_id)}",
            *self._thread(words.follows),
            *(_field(name, value) for name, value in words.headers.items()),
            *self._mark(parcel),
        ]
        if words.html is None:
            return _joined([*fields, *_part("plain", words.text)])
        # "=_" cannot occur in quoted-printable text, so no text can end its part early.
        boundary = f"=_{parcel.message_id}"
        kind = f'Content-Type: multipart/alternative; boundary="{boundary}"'
        plain, html = _part("plain", words.text), _part("html", words.html)
        opening = f"--{boundary}"
        return _joined([*fields, kind, "", opening, *plain, opening, *html, f"{opening}--"])

    def _id(self, message_id: str) -> str:
        return f"<{message_id}@{self._domain}>"

    def _thread(self, follows: Sequence[str]) -> list[str]:
        """Returns the headers by which a mail goes on a thread (RFC 5322, section 3.6.4)."""
        if not follows:
            return []
        ids = [self._id(message_id) for message_id in follows]
        return [_field("In-Reply-To", ids[-1]), _field("References", " ".join(ids))]

    def _mark(self, parcel: Parcel) -> list[str]:
        """Returns the header by which a provider's callbacks tell which mail they are about."""
        if self._provider is None:
            return []
        mark = Mark(parcel.message_id, parcel.recipient_id)
        return [_field(*FIELDS[self._provider](mark.written))]


def _replies_to(parcel: Parcel) -> list[str]:
    """Returns where a reply goes; nothing for an address that not every mail may carry."""
    reader, back = parcel.replies_to, parcel.words.return_path
    if back:
        reader = Correspondent(reader.name if reader else "", back.replies)
    try:
        written = mailbox(reader.name, reader.address) if reader else ""
    except BadAddress:
        return []
    return [f"Reply-To: {written}"] if written.isascii() and written else []


def mailbox(name: str, address: str) -> str:
    """Writes a name and an address so that neither can become anything else."""
    spec = wire_address(address)
    name = _line(name)
    if not name:
        return spec
    if not name.isascii() or "=?" in name or _ATOMS.fullmatch(name):
        return f"{_text(name)} <{spec}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{spec}>'


def wire_address(address: str) -> str:
    """Writes an address as it goes out: its domain in A-labels (RFC 5890), its local part as it is.

    One that is not ASCII then needs a server that offers SMTPUTF8. Raises BadAddress.
    """
    if _ORDINARY_ADDRESS.fullmatch(address):
        return address
    local, _, domain = address.rpartition("@")
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
        if local.isascii():
            return Address(addr_spec=f"{local}@{domain}").addr_spec
        Address(addr_spec=f"local@{domain}")
    except (ValueError, IndexError, HeaderParseError):
        raise BadAddress("the address is malformed") from None
    if not _INTERNATIONAL_LOCAL.fullmatch(local):
        raise BadAddress("the address is malformed")
    return f"{local}@{domain}"


def _text(text: str) -> str:
    """Writes unstructured text, folded, as encoded words (RFC 2047) where it is not ASCII."""
    line = _line(text)
    if line.isascii() and "=?" not in line:
        pieces = textwrap.wrap(line, _FOLD_AT, break_long_words=False, break_on_hyphens=False)
    else:
        pieces = list(_encoded_words(line))
    return f"{CRLF} ".join(pieces)


def _encoded_words(line: str) -> Iterator[str]:
    packed = b""
    for piece in _unbroken(line):
        if len(packed) + len(piece) > _WORD_BYTES:
            yield _encoded_word(packed)
            packed = b""
        packed += piece
    yield _encoded_word(packed)


def _unbroken(line: str) -> Iterator[bytes]:
    """Returns whole words, as some parsers read a space between any two encoded words of a name.

    What is too long for one goes by letters.
    """
    for word in _SPACED_WORD.findall(line):
        if len(word.encode()) <= _WORD_BYTES:
            yield word.encode()
        else:
            yield from (letter.encode() for letter in word)


def _encoded_word(word: bytes) -> str:
    return f"=?utf-8?b?{binascii.b2a_base64(word, newline=False).decode('ascii')}?="


def _line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())


def _field(name: str, value: str) -> str:
    if not _FIELD_NAME.fullmatch(name) or not value.isascii() or _CONTROLS.search(value):
        raise ValueError(f"the header {name} cannot be written")
    return f"{name}: {value}"


def _part(subtype: str, text: str) -> list[str]:
    encoded = binascii.b2a_qp("\n".join(text.splitlines()).encode(), istext=True)
    return [
        f"Content-Type: text/{subtype}; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        *encoded.decode("ascii").split("\n"),
    ]


def _joined(lines: list[str]) -> bytes:
    return CRLF.join([*lines, ""]).encode()
