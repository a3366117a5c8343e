"""Messages of Amazon SNS: believed only when Amazon signed them for a topic that is listed.

Source: Amazon SNS, "Verifying the signatures of Amazon SNS messages" (2026). A certificate comes
from the host of the topic's own region alone, is small, and is fetched once: what signed something
genuine is kept, so that nobody keeps us from it who names others.
"""

import asyncio
import base64
import binascii
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import httpx
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from pydantic import Field

from services.intake.webhooks.mail.provider import Call, NotBelieved, NotNow
from services.intake.webhooks.saying import Read
from shared.contract.events.bodies import read_body

Fetch = Callable[[str], Awaitable[bytes]]
"""Returns what stands at an address; raises NotNow."""

LARGEST, SECONDS = 16 * 1024, 5.0
MOST_KNOWN, FETCHED_A_MINUTE = 16, 6
"""Anybody can name certificates that do not exist."""

NOTIFICATION, CONFIRMATION = "Notification", "SubscriptionConfirmation"
_SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: (
        *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
_HASHES: Final = {"1": SHA1, "2": SHA256}
_TOPIC = re.compile(
    r"arn:aws[a-z-]*:sns:(?P<region>[a-z0-9-]{1,30}):\d{12}:[\w.-]{1,256}", re.ASCII
)
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-f]{1,64}\.pem")


class SnsMessage(Read):
    """A message, signed throughout."""

    type: str = Field(alias="Type")
    message_id: str = Field(alias="MessageId")
    topic: str = Field(alias="TopicArn")
    subject: str | None = Field(default=None, alias="Subject")
    message: str = Field(alias="Message")
    timestamp: str = Field(alias="Timestamp")
    version: str = Field(alias="SignatureVersion")
    signature: str = Field(alias="Signature")
    certificate: str = Field(alias="SigningCertURL")
    token: str | None = Field(default=None, alias="Token")
    subscribe_url: str | None = Field(default=None, alias="SubscribeURL")

    def signed(self) -> bytes:
        """Returns what the signature is over; empty for a type that is not taken."""
        said = self.model_dump(by_alias=True)
        return "".join(
            f"{name}\n{said[name]}\n"
            for name in _SIGNED.get(self.type, ())
            if said[name] is not None
        ).encode()


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is served at an address of Amazon's."""

    pem: bytes
    key: RSAPublicKey
    until: datetime


class Certificates(Protocol):
    """Certificates that signed something genuine, by their addresses."""

    async def find(self, url: str) -> bytes | None:
        """Returns a certificate that was kept."""

    async def keep(self, url: str, certificate: Certificate) -> None:
        """Keeps a certificate until it runs out."""


class SnsTopics:
    """Believes what Amazon signed for these topics, and confirms subscriptions to no other."""

    def __init__(self, topics: Collection[str], fetch: Fetch, kept: Certificates) -> None:
        self._topics = frozenset(topics)
        self._fetch = fetch
        self._kept = kept
        self._known: dict[str, Certificate] = {}
        self._proven: set[str] = set()
        self._fetching = asyncio.Lock()
        self._fetches: deque[float] = deque(maxlen=FETCHED_A_MINUTE)

    async def message(self, call: Call) -> str | None:
        """Returns what a genuine message holds; None for a subscription, confirmed by now."""
        sent = read_body(call.body, SnsMessage)
        region = _TOPIC.fullmatch(sent.topic)
        if sent.topic not in self._topics or region is None or sent.type not in _SIGNED:
            raise NotBelieved
        host = f"sns.{region['region']}.amazonaws.com"
        certificate = await self._certificate(sent.certificate, host, call.at)
        _verify(sent, certificate.key)
        await self._prove(sent.certificate, certificate)
        if sent.type == NOTIFICATION:
            return sent.message
        if not _is_at(sent.subscribe_url or "", host):
            raise NotBelieved
        await self._fetch(sent.subscribe_url or "")
        return None

    async def _certificate(self, url: str, host: str, now: datetime) -> Certificate:
        if not _is_at(url, host) or not _CERTIFICATE.fullmatch(url.removeprefix(f"https://{host}")):
            raise NotBelieved
        async with self._fetching:
            if url not in self._known:
                pem = await self._kept.find(url) or await self._fetched(url)
                known = [*self._known.items()][-MOST_KNOWN + 1 :]
                self._known = dict([*known, (url, _read(pem, now))])
            return self._known[url]

    async def _fetched(self, url: str) -> bytes:
        self._count()
        return await self._fetch(url)

    async def _prove(self, url: str, certificate: Certificate) -> None:
        """Keeps a certificate that signed something genuine."""
        if url not in self._proven:
            await self._kept.keep(url, certificate)
            self._proven.add(url)

    def _count(self) -> None:
        """Raises NotNow where too many certificates were asked for lately."""
        now = time.monotonic()
        if len(self._fetches) == FETCHED_A_MINUTE and now - self._fetches[0] < 60:
            raise NotNow
        self._fetches.append(now)


async def fetch(url: str) -> bytes:
    """Returns what stands at an address of Amazon's, within bounds of time and size."""
    try:
        async with (
            asyncio.timeout(SECONDS),
            httpx.AsyncClient(timeout=SECONDS) as client,
            client.stream("GET", url, headers={"accept-encoding": "identity"}) as answer,
        ):
            body = b""
            async for chunk in answer.aiter_raw():
                body += chunk
                if len(body) > LARGEST:
                    raise NotNow
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
        raise NotNow from None
    if answer.status_code != httpx.codes.OK:
        raise NotNow
    return body


def _is_at(url: str, host: str) -> bool:
    """Tells whether an address is that host's, by TLS, and has nothing before or behind it."""
    return url.startswith(f"https://{host}/") and url.isascii() and url.isprintable()


def _read(pem: bytes, now: datetime) -> Certificate:
    try:
        read = x509.load_pem_x509_certificate(pem)
        key = read.public_key()
    except ValueError:
        raise NotNow from None
    if not read.not_valid_before_utc <= now <= read.not_valid_after_utc:
        raise NotNow
    if not isinstance(key, RSAPublicKey):
        raise NotNow
    return Certificate(pem, key, read.not_valid_after_utc)


def _verify(sent: SnsMessage, key: RSAPublicKey) -> None:
    algorithm = _HASHES.get(sent.version)
    if algorithm is None:
        raise NotBelieved
    try:
        signature = base64.b64decode(sent.signature, validate=True)
        key.verify(signature, sent.signed(), PKCS1v15(), algorithm())
    except (binascii.Error, ValueError, InvalidSignature):
        raise NotBelieved from None
