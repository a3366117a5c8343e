"""By which time an installation goes."""

from pathlib import Path

from shared.runtime.clock import Clock, clock_at
from shared.runtime.environment import EnvironmentSettings


class ClockSettings(EnvironmentSettings):
    """Where the time is read from, for a service and for every command beside it."""

    clock_file: Path | None = None
    """Moves the time that rules about people go by; for demonstrations and tests only."""

    def clock(self) -> Clock:
        """Returns the time that this installation goes by."""
        return clock_at(self.clock_file)
