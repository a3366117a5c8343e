"""A mail's parts, as far as they are read: no mail costs more than its first stretch.

What its files hold is passed over, so that words are read as well where they stand behind a file.
The standard library's parser takes any bytes, but some shapes cost it more than linear time:
headers with very many parameters, and multiparts in multiparts. Both have bounds here. Others break
it: of such a mail the headers are read alone.
"""

import re
from contextlib import suppress
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import parseaddr
from itertools import islice

READ = 256 * 1024
"""In bytes, without those that files hold."""
_OF_A_FILE = 1024
"""So many bytes of a file are left, by which it is known that there is one."""
LONGEST_HEADER = 4096
MOST_MULTIPARTS, MOST_PARTS = 30, 200
"""No mail program nests or repeats them as often."""
_BLANK = re.compile(rb"\n\r?\n")
_BOUNDARY = re.compile(rb'boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s";]{1,200}))', re.IGNORECASE)
_MESSAGE = re.compile(rb"^content-type:\s*message/", re.IGNORECASE | re.MULTILINE)
_FILE = re.compile(
    rb"^content-type:\s*(?!(?:text|multipart)/)[^\s/;]+/|^content-disposition:\s*attachment",
    re.IGNORECASE | re.MULTILINE,
)
_IN_UTF_8, _REPORT = b"global-delivery-status", b"delivery-status"
"""What RFC 6533 calls a report of RFC 3464, and what that calls it, which the parser knows."""


class _Bounded(Compat32):
    """Reads headers as they are written, and no longer ones than this."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


_POLICY = _Bounded()


def parsed(content: bytes) -> tuple[Message, bool]:
    """Returns a mail, and whether there is more of it; of one in too many parts its headers."""
    first, is_cut = _first_stretch(content)
    stretch = first.replace(b"\0", b"").replace(_IN_UTF_8, _REPORT)
    lower = stretch.lower()
    is_heap = lower.count(b"multipart/") > MOST_MULTIPARTS
    if is_heap or lower.count(b"content-type:") > MOST_PARTS:
        return headers_of(content), True
    return message_from_bytes(stretch, policy=_POLICY), is_cut


def _first_stretch(content: bytes) -> tuple[bytes, bool]:
    """Returns what is read of a mail, without what its files hold, and whether there is more.

    It goes from part to part; of a part that is a message, the next is that message itself.
    """
    kept, at = bytearray(), 0
    ahead: dict[bytes, int] = {}  # where each boundary stands next
    while at < len(content) and len(kept) < READ:
        blank = _BLANK.search(content, at, at + READ)
        begins = blank.end() if blank else min(at + READ, len(content))
        head = content[at:begins]
        named = islice(_BOUNDARY.finditer(head), MOST_MULTIPARTS - len(ahead))
        ahead |= {b"\n--" + (one[1] or one[2]): at for one in named}
        ends = begins if _MESSAGE.search(head) else _next_part(content, begins, ahead)
        opened = head.partition(b"\n")[0].rstrip().removesuffix(b"--")
        is_part = not opened.startswith(b"--") or b"\n" + opened in ahead
        if ends > begins and is_part and _FILE.search(head):
            kept += head + content[begins : min(begins + _OF_A_FILE, ends)] + b"\r\n"
        else:
            kept += content[at : min(ends, at + READ + 1)]
        at = ends
    return bytes(kept[:READ]), at < len(content) or len(kept) > READ


def _next_part(content: bytes, at: int, ahead: dict[bytes, int]) -> int:
    """Returns where the next part begins, or else the mail ends; no stretch is searched twice."""
    for line, seen in ahead.items():
        if seen < at:
            found = content.find(line, at - 1)
            ahead[line] = found + 1 if found >= 0 else len(content)
    return min(ahead.values(), default=len(content))


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
