"""The record of what people agreed to, as a chain: each entry holds the hash of the one before it.

A chain is one applicant's, so that nobody waits for another's entry. It holds random ids alone, and
so stays whole when its person is erased, for as long as it may have to be shown (GDPR Art. 7(1)).
What is hashed is the hash before and the entry as a JSON array, moments as microseconds since 1970:
whoever has an entry can compute it. Whoever owns the database could write a whole chain anew; its
head, noted elsewhere, would tell.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Entry(NamedTuple):
    """One thing that was agreed to or stopped, or the end of one."""

    chain: str
    position: int
    previous: bytes
    hash: bytes
    candidate_id: str
    applicant_key: str
    act: str
    purpose: str | None
    channel: str
    at: datetime
    until: datetime | None
    how: str
    wording_version: str | None
    ends: int | None
    lifted_by: str | None

    @property
    def digest(self) -> bytes:
        """Returns what its hash has to be."""
        said: list[Any] = list(self)
        del said[2:4]
        said = [_microseconds(it) if isinstance(it, datetime) else it for it in said]
        return sha256(self.previous + json.dumps(said, ensure_ascii=False).encode()).digest()


class Head(NamedTuple):
    """How far a chain goes, and the hash of its newest entry."""

    chain: str
    length: int
    hash: bytes


def first_break(head: Head, entries: Iterable[Entry]) -> str | None:
    """Returns which link of a chain does not hold, and why; None where all do."""
    last, before = 0, b""
    for entry in entries:
        if entry.position != last + 1:
            return f"entry {last + 1} is missing"
        if entry.previous != before:
            return f"entry {entry.position} does not follow entry {last}"
        if entry.digest != entry.hash:
            return f"entry {entry.position} is not as it was written"
        last, before = entry.position, entry.hash
    if last < head.length:
        return f"entry {last + 1} is missing"
    if (last, before) != (head.length, head.hash):
        return f"the chain is not known to go on to entry {last}"
    return None


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
