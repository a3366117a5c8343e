"""Signatures as HMACs, compared so that the time it takes tells nothing."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

FRESH = timedelta(days=1)
"""How long ago a call may have been made where it counts once for good: what was tried in vain
meanwhile is not lost."""
AHEAD = timedelta(minutes=5)
"""How far a system's clock may be ahead of ours."""
STALE = "it was made too long ago, or is still to come: see that the clocks are right"


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """Returns the HMAC of a message, as RFC 2104 and FIPS 180-4 have it."""
    return hmac.digest(key, message, hashlib.sha256)


def any_equal(given: Iterable[str], expected: Sequence[str]) -> bool:
    """Tells whether one of the given texts is one of the expected ones."""
    found = [
        hmac.compare_digest(one.encode(), other.encode()) for one in given for other in expected
    ]
    return any(found)


def disbelief(given: str, expected: Sequence[str], where: str) -> str | None:
    """Returns why a signature is not believed; `where` tells where that system takes the secret."""
    if any_equal([given], expected):
        return None
    if not given:
        return f"it is not signed: {where}"
    return f"it is signed with another secret: {where}"


def is_fresh(made_at: float, now: datetime, fresh: timedelta = FRESH) -> bool:
    """Tells whether a call may have been made then, in seconds of Unix time."""
    age = now.timestamp() - made_at
    return -AHEAD.total_seconds() <= age <= fresh.total_seconds()


def unix_seconds(text: str) -> int | None:
    """Reads whole seconds of Unix time, and nothing else that could be a number."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= 12
    return int(text) if is_one else None
