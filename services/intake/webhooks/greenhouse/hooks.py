"""How Greenhouse signs its web hooks, and what to set there.

Source: Greenhouse's Recruiting webhooks, "Authentication" and "Common attributes" (2026). It signs
no time of the call, nor the id beside it, so a delivery is known again by what it says.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.intake.webhooks.adapter import Delivery, Ignored, Said, Told, Usual
from services.intake.webhooks.greenhouse.options import GreenhouseOptions
from services.intake.webhooks.greenhouse.translation import ACTIONS, opens_a_job, stops, translate
from services.intake.webhooks.signatures import disbelief, hmac_sha256

_SIGNATURE, _ID = "signature", "greenhouse-event-id"
"""Of the id nothing but news of an open job hangs: it is not signed."""


class Greenhouse(Usual):
    """Greenhouse Recruiting."""

    headers: Final = frozenset({_SIGNATURE, _ID})
    options: Final = GreenhouseOptions
    setup: Final = (
        "In Greenhouse, under Configure > Dev Center > Web Hooks, make a web hook for each of",
        *(f"    {action}" for action in ACTIONS),
        "    (Greenhouse lists them in words: Candidate rejected, Candidate unrejected, and so on)",
        "(without merge_candidate it calls a merge a deletion, and we would forget the person)",
        "and give each the same",
        "    Endpoint URL  {url}",
        "    Secret key    {secret}",
        "Greenhouse tries each with a ping as it is saved, which is answered.",
    )

    def refusal(
        self,
        delivery: Delivery,
        secrets: Sequence[str],
        now: datetime,
    ) -> str | None:
        """Returns what is wrong with the signature of the body, as it was sent."""
        given = delivery.headers.get(_SIGNATURE, "")
        expected = [
            f"sha256 {hmac_sha256(secret.encode(), delivery.body).hex()}" for secret in secrets
        ]
        return disbelief(given, expected, "enter this source's as the web hook's Secret key")

    def key(self, delivery: Delivery) -> str:
        """Returns the hash of the body, as the id beside it is not signed.

        What comes once more in the very same words is therefore no news, whenever it comes; but
        that a job is open may be news again, under another id. Whoever calls with what they have
        caught can thereby open a job that was closed since, and do nothing else: whom to ask then
        recruiters decide.
        """
        if opens_a_job(delivery):
            return delivery.under(delivery.headers.get(_ID, ""))
        return delivery.digest

    def translate(self, delivery: Delivery, options: GreenhouseOptions) -> Told | Ignored:
        """Returns what a web hook says."""
        return translate(delivery, options)

    def stops(self, delivery: Delivery) -> Said | None:
        """Returns whoever is private, or may not be emailed, whatever a web hook says of them."""
        return stops(delivery)
