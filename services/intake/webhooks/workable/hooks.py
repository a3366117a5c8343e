"""How Workable signs its web hooks, and what to set there.

Source: Workable's "Webhook subscriptions" (2026). It signs with a token of its own, in an encoding
that it does not publish, and has no hooks of jobs: these are looked for in its API.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.intake.webhooks.adapter import Delivery, Ignored, Told, Usual
from services.intake.webhooks.signatures import disbelief, hmac_sha256
from services.intake.webhooks.words import JobAndTypeWords
from services.intake.webhooks.workable.translation import EVENTS, translate

_SIGNATURE = "x-workable-signature"


class Workable(Usual):
    """Workable."""

    headers: Final = frozenset({_SIGNATURE})
    options: Final = JobAndTypeWords
    setup: Final = (
        "In Workable, under Settings > Integrations > Apps, make an access token; Workable signs",
        "with it, so give it to us: notyet sources rotate {name} --given",
        "With the same token subscribe to each event, by POST /spi/v3/subscriptions. Workable",
        "takes no address twice, so each has its own:",
        *(
            f'    {{{{"event": "{event}", "target": "{{url}}?{event}",'
            ' "args": {{"job_shortcode": "", "stage_slug": ""}}}}'
            for event in EVENTS
        ),
        "Workable has no web hooks of jobs. They are looked through each minute once you give us",
        "an access token that may read them (r_jobs); or else tell of them by /v1/vacancies.",
        "    notyet sources token {name} --url https://ACCOUNT.workable.com/spi/v3",
    )

    def refusal(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Returns what is wrong with the signature of the body, in either encoding."""
        digests = [hmac_sha256(secret.encode(), delivery.body) for secret in secrets]
        expected = [
            written
            for digest in digests
            for written in (digest.hex(), base64.b64encode(digest).decode())
        ]
        given = delivery.headers.get(_SIGNATURE, "")
        return disbelief(given, expected, "give the token with which this account subscribed")

    def key(self, delivery: Delivery) -> str:
        """Returns the hash of the body, in which there is the id of the event."""
        return delivery.digest

    def translate(self, delivery: Delivery, options: JobAndTypeWords) -> Told | Ignored:
        """Returns what a web hook says."""
        return translate(delivery, options)
