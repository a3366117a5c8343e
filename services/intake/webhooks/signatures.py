"""Signatures as HMACs, compared so that the time it takes tells nothing."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence


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
