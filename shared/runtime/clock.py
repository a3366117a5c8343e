"""The time that rules about people go by; it is passed in everywhere and can be moved.

Leases, backoff and heartbeats are about machines and use the database's or the monotonic clock.
"""

import asyncio
import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

_OFFSET = struct.Struct("<q")
_LOOK_SECONDS = 0.05


class Clock(Protocol):
    """Tells the time, and sleeps by it."""

    def now(self) -> datetime:
        """Returns the present instant, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Returns once that much of this clock's time has passed, at once if it jumps past it."""
        ...


class WallClock:
    """The real time; production uses it."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class MappedClock:
    """The real time plus an offset that all processes of a local stack read from one file.

    The file holds the offset as microseconds in eight little-endian bytes, which are read and
    written whole. A missing file is made with an offset of zero.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            write_offset(path, timedelta())
        with path.open("rb") as file:
            self._offset = mmap.mmap(file.fileno(), _OFFSET.size, access=mmap.ACCESS_READ)
        self._moved: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        (microseconds,) = _OFFSET.unpack_from(self._offset)
        return datetime.now(UTC) + timedelta(microseconds=microseconds)

    async def sleep(self, seconds: float) -> None:
        deadline = self.now() + timedelta(seconds=seconds)
        while True:
            moved = self._next_move()  # before looking at the time, so that no move is missed
            if (left := (deadline - self.now()).total_seconds()) <= 0:
                return
            await asyncio.wait({moved}, timeout=left)

    def _next_move(self) -> asyncio.Task[None]:
        """Returns what ends when the clock is next moved: one looks for all who sleep by it."""
        if self._moved is None or self._moved.done():
            self._moved = asyncio.create_task(self._look(self._offset[:]))
        return self._moved

    async def _look(self, before: bytes) -> None:
        while self._offset[:] == before:
            await asyncio.sleep(_LOOK_SECONDS)


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = moment

    def move(self, by: timedelta) -> None:
        self._now += by

    async def sleep(self, seconds: float) -> None:
        deadline = self._now + timedelta(seconds=seconds)
        while self._now < deadline:
            await asyncio.sleep(_LOOK_SECONDS)


def write_offset(path: Path, offset: timedelta) -> None:
    """Moves every `MappedClock` of that file to the real time plus `offset`."""
    packed = _OFFSET.pack(offset // timedelta(microseconds=1))
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.write(packed)


def clock_at(path: Path | None) -> Clock:
    """Returns the clock a process goes by: the file's if one is named, else the real time."""
    return MappedClock(path) if path else WallClock()
