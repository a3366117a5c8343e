import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from shared.runtime import streak
from shared.runtime.clock import ManualClock
from shared.runtime.jobs import Job
from shared.runtime.telemetry import Metrics
from tests.shared.runtime.streams import until


class Work:
    def __init__(self, *, more: int = 0, failures: int = 0) -> None:
        self.rounds: list[datetime] = []
        self.more = more
        self.failures = failures

    async def __call__(self, now: datetime) -> bool:
        self.rounds.append(now)
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        self.more -= 1
        return self.more >= 0


def started(
    work: Work, clock: ManualClock, *, gathering: float = 0.0
) -> tuple[Job, asyncio.Task[None]]:
    job = Job("work", 60, work, clock, Metrics(), gathering=gathering)
    return job, asyncio.create_task(job.loop())


async def ended(job: Job, task: asyncio.Task[None]) -> None:
    job.finish()
    await asyncio.wait_for(task, 2)


async def test_a_job_goes_on_at_once_while_there_is_more(clock: ManualClock) -> None:
    work = Work(more=3)
    job, task = started(work, clock)
    await until(lambda: len(work.rounds) == 4)
    await ended(job, task)
    assert len(work.rounds) == 4


async def test_a_job_sleeps_by_its_clock_and_a_poke_wakes_it(clock: ManualClock) -> None:
    work = Work()
    job, task = started(work, clock)
    await until(lambda: len(work.rounds) == 1)
    clock.move(timedelta(seconds=61))
    await until(lambda: len(work.rounds) == 2)
    job.poke()
    await until(lambda: len(work.rounds) == 3)
    await ended(job, task)


async def test_what_wakes_a_job_gathers_for_one_round(clock: ManualClock) -> None:
    work = Work()
    job, task = started(work, clock, gathering=0.5)
    await until(lambda: len(work.rounds) == 1)
    for _ in range(5):
        job.poke()
        await asyncio.sleep(0.005)
    await until(lambda: len(work.rounds) == 2)
    await ended(job, task)
    assert len(work.rounds) == 2


async def test_whoever_goes_on_poking_has_as_much_of_the_time_as_what_is_worked_off(
    clock: ManualClock,
) -> None:
    began: list[float] = []
    ended_at: list[float] = []

    async def long(_: datetime) -> bool:
        began.append(time.monotonic())
        await asyncio.sleep(0.1)
        if len(began) < 3:
            job.poke()
        ended_at.append(time.monotonic())
        return len(began) < 4

    job = Job("work", 60, long, clock, Metrics(), gathering=0.01)
    task = asyncio.create_task(job.loop())
    await until(lambda: len(ended_at) == 4)
    await ended(job, task)
    pauses = [start - end for end, start in zip(ended_at, began[1:], strict=False)]
    assert min(pauses[:2]) >= 0.1
    assert pauses[2] < 0.1


async def test_what_fell_due_while_a_round_ran_is_looked_at_at_once(clock: ManualClock) -> None:
    rounds: list[datetime] = []

    async def during(now: datetime) -> bool:
        rounds.append(now)
        if len(rounds) == 1:
            clock.move(timedelta(days=20))
        return False

    job = Job("work", 3600, during, clock, Metrics())
    task = asyncio.create_task(job.loop())
    await until(lambda: len(rounds) == 2, seconds=2)
    await ended(job, task)
    assert rounds[1] - rounds[0] == timedelta(days=20)


async def test_a_failed_round_is_tried_again(clock: ManualClock) -> None:
    work = Work(failures=2)
    job, task = started(work, clock)
    await until(lambda: len(work.rounds) == 3)
    await ended(job, task)


async def test_a_job_that_keeps_failing_says_so_until_a_round_succeeds(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streak, "LONG_SECONDS", 0.1)
    work = Work(failures=2)
    job, task = started(work, clock)
    await until(lambda: job.failing.trouble is not None)
    assert "ConnectionError" in (job.failing.trouble or "")
    await until(lambda: len(work.rounds) == 3)
    assert job.failing.trouble is None
    await ended(job, task)


async def test_finishing_lets_the_running_round_end() -> None:
    entered, release, ends = asyncio.Event(), asyncio.Event(), []

    async def slow(_: datetime) -> bool:
        entered.set()
        await release.wait()
        ends.append("whole")
        return True

    job = Job("slow", 60, slow, ManualClock(datetime(2026, 1, 1, tzinfo=UTC)), Metrics())
    task = asyncio.create_task(job.loop())
    await entered.wait()
    job.finish()
    release.set()
    await asyncio.wait_for(task, 2)
    assert ends == ["whole"]
