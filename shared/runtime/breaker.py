"""Slows down a consumer that would empty a topic into quarantine, say after a bad deployment.

Closed, it counts what is set aside within a minute. Above the limit it opens: what was being done
is rolled back, and nothing more is read for a while. Then it is half open: a few records are read,
and what is at fault among them is set aside whatever the limit, so that bad records are got past.
If most of them could be processed it closes; otherwise it opens again, for twice as long, and then
reads twice as many. Nobody has to restart anything.
"""

import time
from collections import deque

WINDOW_SECONDS = 60.0
REST_SECONDS = 30.0
LONGEST_REST_SECONDS = 900.0
PROBE = 10
"""How many records are read after the first rest to see whether the cause is gone."""


class BreakerOpen(Exception):
    """Too much would be set aside; what was being done must be rolled back."""


class Breaker:
    """Decides for one consumer how much may be read and set aside."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._set_aside_at: deque[float] = deque()
        self._rest = REST_SECONDS
        self._open_until: float | None = None

    @property
    def trouble(self) -> str | None:
        """Says why nothing is read and when it will be tried again; None while something is."""
        left = (self._open_until or 0.0) - time.monotonic()
        if left <= 0:
            return None
        return (
            f"more than {self._limit} records would be set aside within a minute: "
            f"look at what is sent, or raise NOTYET_QUARANTINE_LIMIT; "
            f"the next {self._probe} are tried in {left:.0f} s"
        )

    def allows(self, most: int) -> int:
        """Returns how many of so many records may be read now: none while it is open."""
        if self._open_until is None:
            return most
        return 0 if time.monotonic() < self._open_until else min(self._probe, most)

    def admit(self, set_aside: int) -> None:
        """Raises BreakerOpen if a batch, before it commits, would set aside too much."""
        while self._set_aside_at and self._set_aside_at[0] < time.monotonic() - WINDOW_SECONDS:
            self._set_aside_at.popleft()
        if self._open_until is None and len(self._set_aside_at) + set_aside > self._limit:
            self._open()
            raise BreakerOpen

    def committed(self, set_aside: int, of: int) -> None:
        """Counts what a batch of so many set aside; half open, it decides by that what to do."""
        if self._open_until is None:
            self._set_aside_at.extend(time.monotonic() for _ in range(set_aside))
        elif set_aside * 2 > of:
            self._rest = min(self._rest * 2, LONGEST_REST_SECONDS)
            self._open()
        else:
            self._open_until = None
            self._rest = REST_SECONDS
            self._set_aside_at.clear()

    @property
    def _probe(self) -> int:
        return int(PROBE * self._rest / REST_SECONDS)

    def _open(self) -> None:
        self._open_until = time.monotonic() + self._rest
