"""Links that act for one person: signed, for one purpose, until a day. No session, no login.

Whoever holds the link is taken for the person it was sent to, so it must be unguessable (an
HMAC-SHA256 signature), useless for anything else (each purpose has a key of its own) and end.
"""

import hashlib
import hmac
from datetime import datetime
from enum import StrEnum
from typing import cast

from itsdangerous import BadData, Signer, URLSafeSerializer
from itsdangerous.encoding import want_bytes

SHORTEST_KEY = 32
"""In bytes: a signature is only as strong as its key."""


class LinkPurpose(StrEnum):
    CANDIDATE = "candidate"
    UNSUBSCRIBE = "unsubscribe"
    SHORTLIST = "shortlist"


PATHS = {LinkPurpose.CANDIDATE: "c", LinkPurpose.UNSUBSCRIBE: "u", LinkPurpose.SHORTLIST: "s"}


class _ExactSigner(Signer):
    """Accepts a signature only as it was written: Base64 can spell one value in many ways."""

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        return hmac.compare_digest(want_bytes(sig), self.get_signature(value))


class Links:
    """Writes and reads the links of one installation."""

    def __init__(self, key: str, public_url: str) -> None:
        if len(key.encode()) < SHORTEST_KEY:
            raise ValueError(f"the link key must have at least {SHORTEST_KEY} random bytes")
        self._public_url = public_url.rstrip("/")
        self._serializers = {purpose: _serializer(key, purpose) for purpose in LinkPurpose}

    def url(self, purpose: LinkPurpose, claims: dict[str, str], expires_at: datetime) -> str:
        """Makes the link that `read` understands until it expires."""
        token = self._serializers[purpose].dumps([int(expires_at.timestamp()), claims])
        return f"{self._public_url}/{PATHS[purpose]}/{token}"

    def read(self, token: str, purpose: LinkPurpose, now: datetime) -> dict[str, str] | None:
        """Gives the claims of a token, or None whatever is wrong: forged, foreign or expired."""
        if not token.isascii():
            return None
        try:
            expires_at, claims = self._serializers[purpose].loads(token)
        except BadData:
            return None
        return cast(dict[str, str], claims) if now.timestamp() < expires_at else None


def _serializer(key: str, purpose: LinkPurpose) -> URLSafeSerializer:
    return URLSafeSerializer(
        key,
        salt=f"notyet.link.{purpose}",
        signer=_ExactSigner,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
