"""Any system at all: Standard Webhooks signatures over our own events, each a CloudEvent in JSON.

Source: the Standard Webhooks specification 1.0.0, with symmetric signatures (`v1`, `whsec_`).
"""

import base64
import binascii
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, JsonValue

from services.intake.webhooks.adapter import (
    Delivery,
    Ignored,
    Options,
    Said,
    Told,
    Usual,
)
from services.intake.webhooks.signatures import any_equal, hmac_sha256, unix_seconds
from shared.contract.events.bodies import read_body
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id, Line
from shared.contract.topics import APPLICATIONS, VACANCIES

TOLERANCE = timedelta(minutes=5)
"""How far a signed time may be from ours."""

PING = "ping"
"""The type of an event that only tries the connection."""

_PREFIX = "whsec_"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_EVENT_TYPES = {**APPLICATIONS.event_types, **VACANCIES.event_types}


class Envelope(BaseModel):
    """A CloudEvent in structured mode; whose it is, the address says to which it is posted."""

    model_config = ConfigDict(extra="ignore")

    id: Id
    type: Line
    time: Moment | None = None
    """When it happened at the source; when it came, if left out."""
    data: JsonValue = None


class StandardWebhooks(Usual):
    """What any system can send that knows our events."""

    headers: Final = frozenset({ID, TIMESTAMP, SIGNATURE})
    options: Final = Options
    setup: Final = (
        "Post each event as JSON to {url}",
        "Sign it as https://www.standardwebhooks.com says, with the secret {secret}",
        "The body is a CloudEvent: id, type, time, and in data what the type says; docs/connect.md",
        f'A body of the type "{PING}" tries the connection, and records nothing',
    )

    def new_secret(self) -> str:
        """Makes 32 random bytes as the specification writes them."""
        return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()

    def refusal(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Returns what is wrong with the signature or with its time."""
        given = delivery.headers.get(SIGNATURE, "")
        timestamp = delivery.headers.get(TIMESTAMP, "")
        signed = b".".join(
            (delivery.headers.get(ID, "").encode(), timestamp.encode(), delivery.body)
        )
        expected = [
            base64.b64encode(hmac_sha256(_key(secret), signed)).decode() for secret in secrets
        ]
        is_signed = any_equal(_versions(given), expected)
        if missing := sorted(name for name in self.headers if not delivery.headers.get(name)):
            return f"send the headers {', '.join(missing)}"
        if not is_signed:
            return "sign id, time and body with this source's secret"
        sent = unix_seconds(timestamp)
        if sent is None or abs(now.timestamp() - sent) > TOLERANCE.total_seconds():
            minutes = TOLERANCE // timedelta(minutes=1)
            return f"sign the time at which it is sent: it may be {minutes} minutes from ours"
        return None

    def key(self, delivery: Delivery) -> str:
        """Returns the id that was signed, with what was signed under it."""
        return delivery.under(delivery.headers[ID])

    def translate(self, delivery: Delivery, options: Options) -> Told | Ignored:
        """Returns the event inside."""
        envelope = read_body(delivery.body, Envelope)
        if envelope.type == PING:
            return Ignored("a test call")
        model = _EVENT_TYPES.get(envelope.type)
        if model is None:
            raise Unreadable("unknown_type", f"type: send one of {', '.join(_EVENT_TYPES)}")
        if not isinstance(envelope.data, dict):
            raise Unreadable("empty_body", "data: send the event's fields")
        at = envelope.time or delivery.received_at
        return Told([Said(model, envelope.data, at, is_record=False, id=envelope.id)])


def signature(secret: str, delivery_id: str, timestamp: int, body: bytes) -> str:
    """Returns the header that signs a body."""
    signed = b".".join((delivery_id.encode(), str(timestamp).encode(), body))
    return f"v1,{base64.b64encode(hmac_sha256(_key(secret), signed)).decode()}"


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()


def _versions(given: str) -> list[str]:
    """Returns the signatures of the version that we know; there may be several in one header."""
    pairs = (each.partition(",") for each in given.split())
    return [text for version, _, text in pairs if version == "v1"]
