"""How Ashby signs its web hooks, and what to set there.

Source: Ashby's "Authenticating webhooks", "Common payload data" and "Related webhooks" (2026). It
signs no time of the call. One change of an application is told of by two or three hooks, which hold
one id of what happened and the application as it then was: by both together such a hook is known.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic_core import from_json, to_json

from services.intake.webhooks.adapter import Delivery, Ignored, Told, Usual
from services.intake.webhooks.ashby.translation import (
    ACTIONS,
    ON_APPLICATIONS,
    AshbyWords,
    translate,
)
from services.intake.webhooks.signatures import disbelief, hmac_sha256

_SIGNATURE = "ashby-signature"
_HAPPENED = "webhookActionId"
_NOT_NEEDED = ("submitterClientIp", "submitterUserAgent")
"""From where, and with which browser, somebody applied."""


class Ashby(Usual):
    """Ashby."""

    headers: Final = frozenset({_SIGNATURE})
    options: Final = AshbyWords
    setup: Final = (
        "In Ashby, under Admin > Integrations > Webhooks, make a web hook for each of",
        *(f"    {action}" for action in ACTIONS),
        "and give each the same",
        "    Request URL   {url}",
        "    Secret token  {secret}",
        "Ashby tries each with a ping as it is saved, which is answered.",
    )

    def refusal(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Returns what is wrong with the signature of the body, as it was sent."""
        expected = [
            f"sha256={hmac_sha256(secret.encode(), delivery.body).hex()}" for secret in secrets
        ]
        given = delivery.headers.get(_SIGNATURE, "")
        return disbelief(given, expected, "enter this source's as the web hook's Secret token")

    def key(self, delivery: Delivery) -> str:
        """Returns the hash of the application with Ashby's id of what happened, or of the body."""
        try:
            body = from_json(delivery.body)
            if body["action"] not in ON_APPLICATIONS:
                return delivery.digest
            said = body.get(_HAPPENED), body["data"]["application"]
        except (ValueError, TypeError, KeyError):
            return delivery.digest
        return hashlib.sha256(to_json(said)).hexdigest()

    def kept(self, delivery: Delivery) -> Delivery:
        """Returns the delivery without from where and with what somebody applied."""
        try:
            body = from_json(delivery.body)
            application = body["data"]["application"]
            left = {name: value for name, value in application.items() if name not in _NOT_NEEDED}
        except (ValueError, TypeError, KeyError, AttributeError):
            return delivery
        body["data"]["application"] = left
        return Delivery(to_json(body), delivery.headers, delivery.received_at)

    def translate(self, delivery: Delivery, options: AshbyWords) -> Told | Ignored:
        """Returns what a web hook says."""
        return translate(delivery, options)
