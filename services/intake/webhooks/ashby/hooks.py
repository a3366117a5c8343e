"""How Ashby signs its web hooks, and what to set there.

Source: Ashby's "Authenticating webhooks" and "Related webhooks" (2026). It signs no time of the
call, and tells of one change of an application by two or three hooks, so that such a hook is known
by the application as it then was, which says when it was changed last.
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
        """Returns the hash of the application, whichever hook tells of it, or else of the body."""
        try:
            body = from_json(delivery.body)
            is_of_application = body["action"] in ON_APPLICATIONS
            said = to_json(body["data"]["application"]) if is_of_application else delivery.body
        except (ValueError, TypeError, KeyError):
            return delivery.digest
        return hashlib.sha256(said).hexdigest()

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
