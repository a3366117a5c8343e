"""A mail's parts, as far as they are read: no mail costs more than its first stretch.

The standard library's parser takes any bytes, but some shapes cost it more than linear time:
headers with very many parameters, and multiparts in multiparts. Both have bounds here. Others break
it: of such a mail the headers are read alone.
"""

from contextlib import suppress
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import parseaddr

READ = 256 * 1024
"""In bytes: what a human writes, and what a report says, comes before whatever is attached."""
LONGEST_HEADER = 4096
MOST_MULTIPARTS, MOST_PARTS = 30, 200
"""No mail program nests or repeats them as often."""
_IN_UTF_8, _REPORT = b"global-delivery-status", b"delivery-status"
"""What RFC 6533 calls a report of RFC 3464, and what that calls it, which the parser knows."""


class _Bounded(Compat32):
    """Reads headers as they are written, and no longer ones than this."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


_POLICY = _Bounded()


def parsed(content: bytes) -> Message:
    """Returns the mail; of one with too many parts nothing but its headers."""
    stretch = content[:READ].replace(b"\0", b"").replace(_IN_UTF_8, _REPORT)
    lower = stretch.lower()
    is_heap = lower.count(b"multipart/") > MOST_MULTIPARTS
    if is_heap or lower.count(b"content-type:") > MOST_PARTS:
        return headers_of(content)
    return message_from_bytes(stretch, policy=_POLICY)


def headers_of(content: bytes) -> Message:
    """Returns a mail's headers alone, without those of what the mail holds."""
    head, _, _ = content[:READ].replace(b"\0", b"").partition(b"\r\n\r\n")
    message = BytesHeaderParser(policy=_POLICY).parsebytes(head)
    for name in [name for name in message if name.lower().startswith("content-")]:
        del message[name]
    return message


def named(field: str) -> tuple[str, str]:
    """Returns what the first of a field's people is called, and their address; both may be empty.

    Whoever nests comments or groups deeper than the library goes names nobody.
    """
    try:
        return parseaddr(field)
    except RecursionError:
        return "", ""


def header(message: Message, name: str) -> str:
    """Returns what a header says, in lower case and on one line; empty where there is none."""
    return " ".join(str(message.get(name, "")).split()).lower()


def shown(message: Message, name: str) -> str:
    """Returns what a header says as its reader sees it, on one line."""
    raw = next((value for given, value in message.raw_items() if given.lower() == name), "")
    said = str(raw).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    with suppress(MessageError, LookupError, ValueError):
        said = str(make_header(decode_header(said)))
    return " ".join("".join(it if it.isprintable() else " " for it in said).split())
