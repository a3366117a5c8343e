"""How Recruitee signs its web hooks, and what to set there.

Source: Recruitee's "Webhooks" (2026). It tries an address before it tells the secret, with a body
that says that it is a test; and it signs no time of the call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic_core import from_json, to_json

from services.intake.webhooks.adapter import Delivery, Ignored, Told, Usual
from services.intake.webhooks.recruitee.options import RecruiteeOptions
from services.intake.webhooks.recruitee.translation import is_test, translate
from services.intake.webhooks.signatures import disbelief, hmac_sha256
from shared.contract.events.cloudevents import Unreadable

_SIGNATURE = "x-recruitee-signature"
_ATTEMPTS = "attempt_count"


class Recruitee(Usual):
    """Recruitee."""

    headers: Final = frozenset({_SIGNATURE})
    options: Final = RecruiteeOptions
    setup: Final = (
        "In Recruitee, under Settings > Apps and plugins > Webhooks, make a web hook with",
        "    URL  {url}",
        "for: candidate moved, candidate deleted, job published, job unpublished.",
        "Recruitee tries it at once, which is answered. Enter this as its secret,",
        "    Secret  {secret}",
        "or, if Recruitee shows one of its own, give us that: notyet sources rotate {name} --given",
    )

    def test_answer(self, delivery: Delivery) -> Mapping[str, str] | None:
        """Returns an answer to what says that it is a test, which is sent before the secret."""
        try:
            return {} if is_test(delivery) else None
        except Unreadable:
            return None

    def kept(self, delivery: Delivery) -> Delivery:
        """Returns the delivery without how often it was tried."""
        try:
            body = from_json(delivery.body)
            body.pop(_ATTEMPTS, None)
        except (ValueError, TypeError, AttributeError):
            return delivery
        return replace(delivery, body=to_json(body))

    def refusal(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Returns what is wrong with the signature of the body, as it was sent."""
        expected = [hmac_sha256(secret.encode(), delivery.body).hex() for secret in secrets]
        given = delivery.headers.get(_SIGNATURE, "").lower()
        return disbelief(given, expected, "let its secret in Recruitee and this source's be one")

    def key(self, delivery: Delivery) -> str:
        """Returns the hash of the body, whichever attempt it is."""
        return self.kept(delivery).digest

    def translate(self, delivery: Delivery, options: RecruiteeOptions) -> Told | Ignored:
        """Returns what a web hook says."""
        return translate(delivery, options)
