import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.runtime.clock import ManualClock, MappedClock, WallClock, clock_at, write_offset

YEAR = timedelta(days=365)


def test_a_mapped_clock_is_moved_for_every_process_that_maps_the_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    first, second = MappedClock(file), MappedClock(file)
    write_offset(file, YEAR)
    for clock in (first, second):
        assert abs(clock.now() - datetime.now(UTC) - YEAR) < timedelta(seconds=1)


async def test_a_jump_of_the_clock_wakes_who_sleeps_by_it(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = MappedClock(file)
    asleep = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0.1)
    assert not asleep.done()
    write_offset(file, timedelta(hours=1))
    await asyncio.wait_for(asleep, timeout=2)
    # Nobody sleeps by it any more, but it looks until it is moved again.
    write_offset(file, timedelta(hours=2))


async def test_a_jump_backwards_only_makes_the_sleep_longer() -> None:
    clock = ManualClock(datetime(2026, 3, 2, tzinfo=UTC))
    asleep = asyncio.create_task(clock.sleep(60))
    clock.move(-timedelta(hours=2))
    await asyncio.sleep(0.15)
    assert not asleep.done()
    clock.move(timedelta(hours=2, minutes=1))
    await asyncio.wait_for(asleep, timeout=2)


async def test_without_a_file_the_clock_is_the_wall_s() -> None:
    clock = clock_at(None)
    assert isinstance(clock, WallClock)
    began = time.monotonic()
    await clock.sleep(0.05)
    assert time.monotonic() - began >= 0.05
