"""How many requests a sender may make: counted in each process by itself, before anything is kept.

It is the generic cell rate algorithm: of each sender one number is remembered, until when what came
is paid for. A minute's worth may come all at once, and what goes beyond it as fast as it is paid.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request

from services.intake.settings import Settings
from services.intake.web.problems import too_many
from shared.runtime.subscribers import subscriber_of

SECOND = 10**9
MINUTE = 60 * SECOND
"""In nanoseconds, which add up without a remainder."""
MOST_REMEMBERED = 10_000


class RateLimit:
    """Lets so many requests of each sender through within a minute."""

    def __init__(
        self, per_minute: int, whose: str, now: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self._cost = MINUTE // per_minute
        self._allowed = f"at most {per_minute:,} requests a minute {whose}"
        self._now = now
        self._paid_until: OrderedDict[str, int] = OrderedDict()

    def take(self, sender: str) -> None:
        """Counts a request; raises a Problem, 429, for one that is too many, and is not counted."""
        if seconds := self.wait(sender):
            detail = f"nothing was recorded: send the same again in {seconds} seconds, and"
            raise too_many(seconds, f"{detail} {self._allowed}")

    def wait(self, sender: str) -> int:
        """Counts a request; returns for how many whole seconds it is too early, 0 if it is not.

        The senders that were heard longest ago are forgotten for new ones.
        """
        now = self._now()
        paid_until = max(now, self._paid_until.pop(sender, now))
        too_early = paid_until + self._cost - now - MINUTE
        self._paid_until[sender] = paid_until if too_early > 0 else paid_until + self._cost
        if len(self._paid_until) > MOST_REMEMBERED:
            self._paid_until.popitem(last=False)
        return max(0, -(-too_early // SECOND))


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The limits of the API and of the web hooks, which an address has in common for both."""

    addresses: RateLimit
    keys: RateLimit
    sources: RateLimit

    @classmethod
    def of(cls, settings: Settings) -> "RateLimits":
        """Makes them as large as they are set."""
        return cls(
            RateLimit(settings.address_requests_per_minute, "from this address"),
            RateLimit(settings.key_requests_per_minute, "with this API key"),
            RateLimit(settings.source_calls_per_minute, "for this source"),
        )

    def take_address(self, request: Request) -> None:
        """Counts a request for whoever it comes from; raises a Problem, 429, if it is too many."""
        self.addresses.take(subscriber_of(address_of(request)))


def address_of(request: Request) -> str:
    """Returns the address that a request comes from."""
    return request.client.host if request.client else ""
