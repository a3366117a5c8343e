"""The clock of the whole stack, which a campaign moves: by days forward, by hours back."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from shared.runtime.clock import MappedClock, write_offset

MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
"""A Monday; it is half past nine in Berlin."""


class ProductClock(MappedClock):
    def __init__(self, path: Path) -> None:
        write_offset(path, MORNING - datetime.now(UTC))
        super().__init__(path)
        self._path = path

    def set(self, moment: datetime) -> None:
        write_offset(self._path, moment - datetime.now(UTC))

    def move(self, by: timedelta) -> None:
        self.set(self.now() + by)

    def next_working_day(self) -> None:
        self.set(self.noon_of_next_working_day())

    def noon_of_next_working_day(self) -> datetime:
        """Returns an hour of the next working day at which mail may leave."""
        moment = self.now() + timedelta(days=1)
        while moment.weekday() >= 5:
            moment += timedelta(days=1)
        return datetime.combine(moment.date(), time(11), tzinfo=UTC)
