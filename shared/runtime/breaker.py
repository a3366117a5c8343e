"""Stops a consumer that would empty a topic into quarantine, say after a bad deployment.

Closed, it counts what is set aside within a minute. Above the limit it opens: nothing more is read
for a while. Then it is half open: a few records are read, and if most of them can be processed it
closes; otherwise it opens again, for twice as long. Nobody has to restart anything.
"""

import time
from collections import deque

WINDOW_SECONDS = 60.0
REST_SECONDS = 30.0
LONGEST_REST_SECONDS = 900.0
PROBE = 10
"""How many records are read to see whether the cause is gone."""


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
        """Says why nothing is read and when it will be tried again; None while it is closed."""
        if self._open_until is None:
            return None
        left = max(0.0, self._open_until - time.monotonic())
        return (
            f"more than {self._limit} records would be set aside within a minute: "
            f"look at what is sent, or raise NOTYET_QUARANTINE_LIMIT; tried again in {left:.0f} s"
        )

    def allows(self, most: int) -> int:
        """Returns how many of so many records may be read now: none while it is open."""
        if self._open_until is None:
            return most
        return 0 if time.monotonic() < self._open_until else min(PROBE, most)

    def admit(self, set_aside: int, of: int) -> None:
        """Raises BreakerOpen if a batch, before it commits, would set aside too much."""
        while self._set_aside_at and self._set_aside_at[0] < time.monotonic() - WINDOW_SECONDS:
            self._set_aside_at.popleft()
        half_open = self._open_until is not None
        if half_open and set_aside * 2 > of:
            self._rest = min(self._rest * 2, LONGEST_REST_SECONDS)
        elif half_open or len(self._set_aside_at) + set_aside <= self._limit:
            return
        self._open_until = time.monotonic() + self._rest
        raise BreakerOpen

    def committed(self, set_aside: int) -> None:
        """Counts what a batch set aside; the first batch that commits half open closes it."""
        if self._open_until is not None:
            self._open_until = None
            self._rest = REST_SECONDS
            self._set_aside_at.clear()
        self._set_aside_at.extend(time.monotonic() for _ in range(set_aside))
