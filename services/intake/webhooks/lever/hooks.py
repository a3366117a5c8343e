"""How Lever signs its web hooks, and what to set there.

What Lever signs is a token of the call and when it was made, and not what the call says. So the
token counts once, the time may not be long ago, and of all the rest only ids are used, of what is
then read in Lever itself. A time of a day keeps what Lever tries again; it also keeps characters
from being moved between token and time, which are signed without anything between them.

Source: Lever's "Webhooks" and working integrations (2026).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.intake.webhooks.adapter import Delivery, Ignored, Said, Told, Usual
from services.intake.webhooks.lever.api import ARCHIVED, CHANGED, DELETED, HIRED
from services.intake.webhooks.lever.payloads import Hook
from services.intake.webhooks.lever.translation import LeverWords, stops, translate
from services.intake.webhooks.saying import body_of
from services.intake.webhooks.signatures import STALE, disbelief, hmac_sha256, is_fresh
from shared.contract.events.cloudevents import Unreadable


class Lever(Usual):
    """Lever."""

    headers: Final[frozenset[str]] = frozenset()
    options: Final = LeverWords
    setup: Final = (
        "In Lever, under Settings > Integrations and API > Webhooks, turn on each of",
        *(f"    {event}" for event in (ARCHIVED, HIRED, DELETED, CHANGED)),
        "with the",
        "    URL  {url}",
        "Lever makes a signature token for each: give us all of them, with blanks between, by",
        "    notyet sources rotate {name} --given",
        "Under API credentials, make a key that may read archive reasons, contacts, opportunities,",
        "postings, resumes and stages, and nothing else; and give us that:",
        "    notyet sources token {name}",
    )

    def refusal(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Returns what is wrong with the signature in the body, or with its time."""
        try:
            hook = body_of(delivery, Hook)
        except Unreadable:
            hook = Hook()
        signed = f"{hook.token}{hook.triggered_at}".encode()
        keys = [key for secret in secrets for key in secret.split()]
        expected = [hmac_sha256(key.encode(), signed).hex() for key in keys]
        where = "give us the signature tokens of all its web hooks, by sources rotate --given"
        if problem := disbelief(hook.signature.lower(), expected, where):
            return problem
        is_fresh_call = hook.token and is_fresh(hook.triggered_at / 1000, now)
        return None if is_fresh_call else STALE

    def key(self, delivery: Delivery) -> str:
        """Returns the token, which counts once."""
        return body_of(delivery, Hook).token

    def translate(self, delivery: Delivery, options: LeverWords) -> Told | Ignored:
        """Returns what stands in Lever about what a web hook names."""
        return translate(delivery, options)

    def stops(self, delivery: Delivery) -> Said | None:
        """Returns whoever may not be written to, whatever becomes of their opportunity."""
        return stops(delivery)
