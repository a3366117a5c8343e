"""How Teamtailor signs its web hooks, and what to set there.

The newer signature is of the body and when it was sent. The older one is of the id alone that the
body names, so that anybody who has seen it can send it again around anything. Of both, therefore,
only what changed is used, and kept: all else is read in Teamtailor itself. And as two changes of
one application may look alike, each call counts: to read the same once more changes nothing.

Source: Teamtailor's "Company webhooks" and working integrations (2026).
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from services.intake.webhooks.adapter import Delivery, Ignored, Said, Told, Usual
from services.intake.webhooks.saying import body_of
from services.intake.webhooks.signatures import (
    STALE,
    disbelief,
    hmac_sha256,
    is_fresh,
    unix_seconds,
)
from services.intake.webhooks.teamtailor.payloads import Hook
from services.intake.webhooks.teamtailor.translation import (
    EVENTS,
    TeamtailorWords,
    stops,
    translate,
)
from shared.contract.events.cloudevents import Unreadable

FRESH = timedelta(minutes=5)
"""As Teamtailor has it for the newer signature."""

_NEWER, _OLDER = "tt-signature", "teamtailor-signature"
_WHERE = "let the key of its web hooks in Teamtailor and this source's secret be one"


class Teamtailor(Usual):
    """Teamtailor."""

    headers: Final = frozenset({_NEWER, _OLDER})
    options: Final = TeamtailorWords
    setup: Final = (
        "In Teamtailor, under Settings > Integrations > Webhooks (it has to be activated for you),",
        "make a web hook with the",
        "    URL  {url}",
        "for",
        *(f"    {event}" for event in EVENTS),
        "Enter this as its signature key,",
        "    Key  {secret}",
        "or, if Teamtailor shows one of its own, give us that:",
        "    notyet sources rotate {name} --given",
        "Under API keys, make one of the type Admin that may only read, and give us that:",
        "    notyet sources token {name}",
    )

    def kept(self, delivery: Delivery) -> Delivery:
        """Returns what changed, and nothing of what else was said about it."""
        hook = _hook(delivery)
        if not (hook.event and hook.resource):
            return delivery
        named = {"event_name": hook.event, "resource_id": hook.resource}
        return replace(delivery, body=json.dumps(named).encode())

    def refusal(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Returns what is wrong with the newer signature; with the older, if there is no other."""
        newer = delivery.headers.get(_NEWER)
        if newer is not None:
            return _refusal_of_newer(newer, delivery.body, secrets, now)
        hook = _hook(delivery)
        given = delivery.headers.get(_OLDER) or hook.signature or ""
        expected = [
            base64.b64encode(_hex(secret, (hook.resource or "").encode()).encode()).decode()
            for secret in secrets
        ]
        if not (hook.resource and hook.event):
            return "it does not say what changed" if given else disbelief("", (), _WHERE)
        return disbelief(given, expected, _WHERE)

    def key(self, delivery: Delivery) -> str:
        """Returns the hash of all that came, and of when."""
        when = delivery.received_at.isoformat()
        return hashlib.sha256(when.encode() + delivery.body).hexdigest()

    def translate(self, delivery: Delivery, options: TeamtailorWords) -> Told | Ignored:
        """Returns what stands in Teamtailor about what a web hook names."""
        return translate(delivery, options)

    def stops(self, delivery: Delivery) -> Said | None:
        """Returns whoever wants no mail, whatever becomes of their application."""
        return stops(delivery)


def _hook(delivery: Delivery) -> Hook:
    """Returns what a body says; nothing, if it cannot be read."""
    try:
        return body_of(delivery, Hook)
    except Unreadable:
        return Hook()


def _refusal_of_newer(given: str, body: bytes, secrets: Sequence[str], now: datetime) -> str | None:
    """Judges what is written as base64 of `t=TIME,v2=HEX`."""
    try:
        written = base64.b64decode(given, validate=True).decode("ascii", "replace")
    except ValueError:
        written = ""
    parts = dict(each.partition("=")[::2] for each in written.split(","))
    sent = parts.get("t", "")
    expected = [_hex(secret, sent.encode() + b"." + body) for secret in secrets]
    if problem := disbelief(parts.get("v2", ""), expected, _WHERE):
        return problem
    sent_at = unix_seconds(sent)
    return None if sent_at is not None and is_fresh(sent_at, now, FRESH) else STALE


def _hex(secret: str, message: bytes) -> str:
    return hmac_sha256(secret.encode(), message).hex()
