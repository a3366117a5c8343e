"""Links that act for one person: signed, for one purpose, until a day. No session, no login.

Whoever holds the link is taken for the person it was sent to, so it must be unguessable (an
HMAC-SHA256 signature), useless for anything else (each purpose has a key of its own) and end.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import cast

from itsdangerous import BadData, Signer, URLSafeSerializer
from itsdangerous.encoding import base64_encode, want_bytes

SHORTEST_KEY = 32
"""In bytes: a signature is only as strong as its key."""


class LinkPurpose(StrEnum):
    CANDIDATE = "candidate"
    UNSUBSCRIBE = "unsubscribe"
    SHORTLIST = "shortlist"
    RECORD = "record"
    ADDRESS = "address"


PATHS = {
    LinkPurpose.CANDIDATE: "c",
    LinkPurpose.UNSUBSCRIBE: "u",
    LinkPurpose.SHORTLIST: "s",
    LinkPurpose.RECORD: "d",
    LinkPurpose.ADDRESS: "v",
}


class _ExactSigner(Signer):
    """Accepts a signature only as it was written: Base64 can spell one value in many ways."""

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        good = [
            base64_encode(self.algorithm.get_signature(self.derive_key(key), want_bytes(value)))
            for key in self.secret_keys
        ]
        return any(hmac.compare_digest(want_bytes(sig), signature) for signature in good)


class Links:
    """Writes the links of one installation with its key, and reads those of former keys too."""

    def __init__(self, key: str, public_url: str, former_keys: Sequence[str] = ()) -> None:
        keys = [*reversed(former_keys), key]
        if min(len(each.encode()) for each in keys) < SHORTEST_KEY:
            raise ValueError(f"a link key must have at least {SHORTEST_KEY} random bytes")
        secrets = (f"address {each}".encode() for each in reversed(keys))
        self._keys = [hashlib.sha256(secret).digest() for secret in secrets]
        self._public_url = public_url.rstrip("/")
        self._serializers = {purpose: _serializer(keys, purpose) for purpose in LinkPurpose}

    def url(self, purpose: LinkPurpose, claims: dict[str, str], expires_at: datetime) -> str:
        """Returns a link that `read` understands until it expires."""
        token = self._serializers[purpose].dumps([int(expires_at.timestamp()), claims])
        return f"{self._public_url}/{PATHS[purpose]}/{token}"

    def marks(self, address: str) -> list[str]:
        """Returns what tells in a link to which address it was sent, by the present key first."""
        text = address.encode()
        return [hashlib.blake2b(text, key=key, digest_size=9).hexdigest() for key in self._keys]

    def read(self, token: str, purpose: LinkPurpose, now: datetime) -> dict[str, str] | None:
        """Returns the claims of a token, or None whatever is wrong: forged, foreign or expired."""
        if not token.isascii():
            return None
        try:
            expires_at, claims = self._serializers[purpose].loads(token)
        except BadData:
            return None
        return cast(dict[str, str], claims) if now.timestamp() < expires_at else None


def _serializer(keys: Sequence[str], purpose: LinkPurpose) -> URLSafeSerializer:
    """Signs with the last of the keys."""
    return URLSafeSerializer(
        keys,
        salt=f"notyet.link.{purpose}",
        signer=_ExactSigner,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
