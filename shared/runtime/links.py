"""Links that act for one person: signed, for one purpose, until a day. No session, no login.

Whoever holds the link is taken for the person it was sent to, so it must be unguessable (an
HMAC-SHA256 signature), useless for anything else (each purpose has a key of its own) and end.

A short link has no room for claims and a signature. Its token is a keyed digest of the message and
the purpose, and says nothing; whoever opens it is told beforehand what it stands for, by a hash.

The token in the addresses of a mail is such a digest too, with the moment at which it was written
and a signature: of one that is not known yet it can be told whether it was ever ours.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    INTEREST = "interest"
    REPLY = "reply"
    MAIL = "mail"
    """No link of a page: what comes back to a mail is known by it."""


PATHS = {
    LinkPurpose.CANDIDATE: "c",
    LinkPurpose.UNSUBSCRIBE: "u",
    LinkPurpose.SHORTLIST: "s",
    LinkPurpose.RECORD: "d",
    LinkPurpose.ADDRESS: "v",
    LinkPurpose.INTEREST: "i",
    LinkPurpose.REPLY: "r",
}
SHORT_PATH = "t"
SHORT_TOKEN_BYTES = 16
"""128 random bits, which nobody guesses who has to ask for each guess."""
_MOMENT_BYTES, _SEAL_BYTES = 5, 9
MAIL_TOKEN_LENGTH = 48
"""In letters of Base32, which mail servers may write in either case: it fits into a local part
(RFC 5321, section 4.5.3.1.1) with room for a name before it."""


@dataclass(frozen=True, slots=True)
class Told:
    """All that whoever is to know a token has to be told of it beforehand."""

    token_hash: str
    """By which it is found: the token itself is in the message alone."""
    purpose: LinkPurpose
    claims: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ShortLink(Told):
    """A link that says nothing of itself."""

    url: str


@dataclass(frozen=True, slots=True)
class MailReturn(Told):
    """What comes back to a mail."""

    token: str
    """It stands in the addresses at which the mail can be answered."""


@dataclass(frozen=True, slots=True)
class SignedClaims:
    """What a link says that this installation wrote."""

    claims: dict[str, str]
    expires_at: int
    """In seconds since 1970."""

    def is_over(self, now: datetime) -> bool:
        return now.timestamp() >= self.expires_at


@dataclass(frozen=True, slots=True)
class MailToken:
    """What the token in an address says that this installation wrote."""

    hashes: Sequence[str]
    """By which its message may be known, by the present key first."""
    written_at: float
    """In seconds since 1970."""


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
        self._address_keys = _derived("address", keys)
        self._token_keys = _derived("short token", keys)
        self._hash_keys = _derived("short token's hash", keys)
        self._mail_keys = _derived("mail token", keys)
        self._seal_keys = _derived("mail token's seal", keys)
        self._public_url = public_url.rstrip("/")
        self._serializers = {purpose: _serializer(keys, purpose) for purpose in LinkPurpose}

    def url(self, purpose: LinkPurpose, claims: Mapping[str, str], expires_at: datetime) -> str:
        """Returns a link that `read` understands until it expires."""
        token = self._serializers[purpose].dumps([int(expires_at.timestamp()), dict(claims)])
        return f"{self._public_url}/{PATHS[purpose]}/{token}"

    def short(
        self, purpose: LinkPurpose, message_id: str, claims: Mapping[str, str], expires_at: datetime
    ) -> ShortLink:
        """Returns a message's short link for a purpose, which stays the same however often."""
        made = _digest(f"{purpose} {message_id}", self._token_keys[0], SHORT_TOKEN_BYTES)
        token = base64.b32encode(made).decode().rstrip("=").lower()
        url = f"{self._public_url}/{SHORT_PATH}/{token}"
        return ShortLink(self.short_hashes(token)[0], purpose, claims, expires_at, url)

    def short_hashes(self, token: str) -> list[str]:
        """Returns by what a short link may be known, by the present key first."""
        return self._hashes(token) if token.isascii() else []

    def mail_return(
        self, message_id: str, claims: Mapping[str, str], at: datetime, expires_at: datetime
    ) -> MailReturn:
        """Returns by what a mail is known again that leaves now."""
        made = _digest(message_id, self._mail_keys[0], SHORT_TOKEN_BYTES)
        made += int(at.timestamp()).to_bytes(_MOMENT_BYTES)
        token = base64.b32encode(made + _seal(made, self._seal_keys[0])).decode().lower()
        return MailReturn(self._hashes(token)[0], LinkPurpose.MAIL, claims, expires_at, token)

    def mail(self, token: str) -> MailToken | None:
        """Returns what such a token says; None for one that is not ours."""
        try:
            written = base64.b32decode(token, casefold=True)
        except ValueError:
            return None
        made, seal = written[:-_SEAL_BYTES], written[-_SEAL_BYTES:]
        seals = (_seal(made, key) for key in self._seal_keys)
        if len(token) != MAIL_TOKEN_LENGTH or not any(
            hmac.compare_digest(seal, each) for each in seals
        ):
            return None
        return MailToken(self._hashes(token.lower()), int.from_bytes(made[SHORT_TOKEN_BYTES:]))

    def _hashes(self, token: str) -> list[str]:
        return [_digest(token, key, 32).hex() for key in self._hash_keys]

    def marks(self, address: str) -> list[str]:
        """Returns what tells in a link to which address it was sent, by the present key first."""
        return [_digest(address, key, 9).hex() for key in self._address_keys]

    def read(self, token: str, purpose: LinkPurpose, now: datetime) -> dict[str, str] | None:
        """Returns the claims of a token, or None whatever is wrong: forged, foreign or expired."""
        signed = self.signed(token, purpose)
        return signed.claims if signed and not signed.is_over(now) else None

    def signed(self, token: str, purpose: LinkPurpose) -> SignedClaims | None:
        """Returns what a token says, expired or not; None for one that is forged or foreign."""
        if not token.isascii():
            return None
        try:
            expires_at, claims = self._serializers[purpose].loads(token)
        except BadData:
            return None
        return SignedClaims(cast(dict[str, str], claims), expires_at)


def _derived(use: str, keys: Sequence[str]) -> list[bytes]:
    """Returns the keys of one use, the present one first."""
    return [hashlib.sha256(f"{use} {key}".encode()).digest() for key in reversed(keys)]


def _digest(text: str, key: bytes, size: int) -> bytes:
    return hashlib.blake2b(text.encode(), key=key, digest_size=size).digest()


def _seal(made: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(made, key=key, digest_size=_SEAL_BYTES).digest()


def _serializer(keys: Sequence[str], purpose: LinkPurpose) -> URLSafeSerializer:
    """Signs with the last of the keys."""
    return URLSafeSerializer(
        keys,
        salt=f"notyet.link.{purpose}",
        signer=_ExactSigner,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
