"""How long something has failed without a success in between."""

import time

LONG_SECONDS = 30.0
"""From when on it is worth telling: a restart elsewhere is over by then."""


class Streak:
    """The failures in a row of one job or consumer."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._error = ""

    def failed(self, error: Exception) -> None:
        self._since = self._since or time.monotonic()
        self._error = type(error).__name__

    def succeeded(self) -> None:
        self._since = None

    @property
    def seconds(self) -> float:
        """For how long nothing but failures has been seen."""
        return time.monotonic() - self._since if self._since else 0.0

    @property
    def trouble(self) -> str | None:
        """Says what fails and for how long, once that is long; None otherwise."""
        if self.seconds < LONG_SECONDS:
            return None
        return f"fails for {self.seconds:.0f} seconds ({self._error})"
