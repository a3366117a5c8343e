"""Slows down whoever tries one wrong API key after another."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from shared.runtime.subscribers import subscriber_of

WRONG_KEYS = 10
SECONDS = 60.0
"""So many wrong keys within so long are let through from one address."""
MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class _Tries:
    until: float
    wrong: int = 0


class Throttle:
    """Counts wrong keys by address, of so many addresses as fit a fixed memory."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._tries: OrderedDict[str, _Tries] = OrderedDict()

    def wait(self, address: str) -> int:
        """Returns for how many whole seconds an address must not try another key; 0 if it may."""
        tries = self._tries.get(subscriber_of(address))
        if tries is None or tries.wrong < WRONG_KEYS:
            return 0
        return max(0, -int(-(tries.until - self._seconds()) // 1))

    def wrong(self, address: str) -> None:
        """Counts a wrong key; the addresses that tried longest ago are forgotten for new ones."""
        subscriber, now = subscriber_of(address), self._seconds()
        tries = self._tries.pop(subscriber, None)
        if tries is None or tries.until <= now:
            tries = _Tries(now + SECONDS)
        tries.wrong += 1
        self._tries[subscriber] = tries
        if len(self._tries) > MOST_REMEMBERED:
            self._tries.popitem(last=False)
