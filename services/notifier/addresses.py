"""Addresses, known again without being kept."""

import hmac
from collections.abc import Sequence

SHORTEST_KEY = 32
"""In bytes: a hash that can be guessed would tell whose address it is."""


class AddressHash:
    """Makes the hashes that only the holder of the keys can compute."""

    def __init__(self, key: str, former_keys: Sequence[str] = ()) -> None:
        self._keys = [each.encode() for each in (key, *former_keys)]
        if min(map(len, self._keys)) < SHORTEST_KEY:
            raise ValueError(f"a suppression key must have at least {SHORTEST_KEY} random bytes")

    def __call__(self, address: str) -> str:
        """Returns the same text for the same address, however it is written, and for no other."""
        return self.every(address)[0]

    def every(self, address: str) -> list[str]:
        """Returns under which hashes an address may be known, that of the current key first."""
        normal = address.strip().casefold().encode()
        return [hmac.digest(key, b"notyet.address|" + normal, "sha256").hex() for key in self._keys]
