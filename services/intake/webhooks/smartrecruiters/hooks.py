"""How SmartRecruiters signs its web hooks, and what to set there.

Source: SmartRecruiters' "Activating webhook subscriptions" and "Generate secret key" (2026). What
it signs is the body with five headers, under up to sixteen keys at once; and before an address is
called at all it has to send back what it is asked with.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from services.intake.webhooks.adapter import Delivery, Ignored, Told, Usual
from services.intake.webhooks.signatures import (
    STALE,
    any_equal,
    disbelief,
    hmac_sha256,
    is_fresh,
    unix_seconds,
)
from services.intake.webhooks.smartrecruiters.api import EVENT
from services.intake.webhooks.smartrecruiters.translation import EVENTS, translate
from services.intake.webhooks.words import JobWords

_SIGNATURE, _TIMESTAMP = "smartrecruiters-signature", "smartrecruiters-timestamp"
_ID, _VERSION, _LINK = "event-id", "event-version", "link"
_ACTIVATION = "x-hook-secret"


class SmartRecruiters(Usual):
    """SmartRecruiters."""

    headers: Final = frozenset({_SIGNATURE, _TIMESTAMP, _ID, EVENT, _VERSION, _LINK, _ACTIVATION})
    options: Final = JobWords
    setup: Final = (
        "By the API of SmartRecruiters, make a subscription to the events",
        *(f"    {event}" for event in EVENTS),
        "with the",
        "    callbackUrl  {url}",
        "Have it generate a secret key for that, and give us the key before it is activated, by",
        "    notyet sources rotate {name} --given",
        "Activate it: the call that tries the address is answered.",
        "Make an API key that may read candidates and jobs, and give us that:",
        "    notyet sources token {name}",
    )

    def test_answer(self, delivery: Delivery) -> Mapping[str, str] | None:
        """Returns the secret of an activation, as it came; what is signed is none."""
        given = delivery.headers.get(_ACTIVATION, "")
        is_activation = given and given.isascii() and given.isprintable()
        return {_ACTIVATION: given} if is_activation and not _given(delivery) else None

    def refusal(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Returns what is wrong with all of the signatures, or with the time."""
        signed = b".".join(
            delivery.body if name is None else delivery.headers.get(name, "").encode("latin-1")
            for name in (_TIMESTAMP, None, _ID, EVENT, _VERSION, _LINK)
        )
        keys = [key for secret in secrets for key in secret.split()]
        expected = [hmac_sha256(key.encode(), signed).hex() for key in keys]
        given = _given(delivery)
        if not any_equal(given, expected):
            where = "give us the secret key of its subscription, by sources rotate --given"
            return disbelief("".join(given), (), where)
        made_at = unix_seconds(delivery.headers.get(_TIMESTAMP, ""))
        return None if made_at is not None and is_fresh(made_at, now) else STALE

    def key(self, delivery: Delivery) -> str:
        """Returns the id of the event, which is signed, with what was signed under it."""
        return delivery.under(delivery.headers.get(_ID, ""))

    def translate(self, delivery: Delivery, options: JobWords) -> Told | Ignored:
        """Returns what stands in SmartRecruiters about what a web hook names."""
        return translate(delivery, options)


def _given(delivery: Delivery) -> list[str]:
    """Returns the signatures of the version that we know: there is one for each of its keys."""
    pairs = (
        each.strip().partition("=") for each in delivery.headers.get(_SIGNATURE, "").split(";")
    )
    return [text.lower() for version, _, text in pairs if version == "v1"]
