"""Addresses, known again without being kept."""

import hmac
from collections.abc import Callable

AddressHash = Callable[[str], str]
"""Returns the same text for the same address, however it is written, and to nobody else."""


def address_hash(key: str) -> AddressHash:
    """Makes the hash that only the holder of the key can compute."""

    def hashed(address: str) -> str:
        normal = address.strip().casefold().encode()
        return hmac.digest(key.encode(), b"notyet.address|" + normal, "sha256").hex()

    return hashed
