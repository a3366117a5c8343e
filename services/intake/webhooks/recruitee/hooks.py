"""How Recruitee signs its web hooks, and what to set there.

Source: Recruitee's "Webhooks" (2026). It tries an address before it tells the secret, with a body
that says that it is a test; and it signs no time of the call.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from services.intake.webhooks.adapter import Delivery, Ignored, Told, Usual
from services.intake.webhooks.recruitee import payloads
from services.intake.webhooks.recruitee.options import RecruiteeOptions
from services.intake.webhooks.recruitee.translation import is_test, translate
from services.intake.webhooks.saying import key_of
from services.intake.webhooks.signatures import disbelief, hmac_sha256
from shared.contract.events.cloudevents import Unreadable

_SIGNATURE = "x-recruitee-signature"


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

    def refusal(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Returns what is wrong with the signature of the body, as it was sent."""
        expected = [hmac_sha256(secret.encode(), delivery.body).hex() for secret in secrets]
        given = delivery.headers.get(_SIGNATURE, "").lower()
        return disbelief(given, expected, "let its secret in Recruitee and this source's be one")

    def key(self, delivery: Delivery) -> str:
        """Returns the id of the event, where it has one, or else the hash of the body."""
        return key_of(delivery, payloads.Hook)

    def translate(self, delivery: Delivery, options: RecruiteeOptions) -> Told | Ignored:
        """Returns what a web hook says."""
        return translate(delivery, options)
