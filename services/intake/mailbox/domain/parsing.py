"""A mail's parts, as far as they are read: no mail costs more than its first stretch.

The standard library's parser takes any bytes, but some shapes cost it more than linear time:
headers with very many parameters, and multiparts in multiparts. Both have bounds here.
"""

from email import message_from_bytes
from email.message import Message
from email.policy import Compat32

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
        head, _, _ = stretch.partition(b"\r\n\r\n")
        message = message_from_bytes(head, policy=_POLICY)
        del message["content-type"]
        return message
    return message_from_bytes(stretch, policy=_POLICY)


def header(message: Message, name: str) -> str:
    """Returns what a header says, in lower case and on one line; empty where there is none."""
    return " ".join(str(message.get(name, "")).split()).lower()
