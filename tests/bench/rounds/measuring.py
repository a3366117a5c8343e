"""Measures the rounds of each service in pools of several sizes, which take turns."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from shared.contract.topics import ServiceName
from shared.runtime.service import WATCHDOG_JOB
from tests.bench.rounds import intake, matcher, notifier, runtime, scheduler
from tests.bench.rounds.gap import listening
from tests.bench.rounds.measured import Measured
from tests.bench.rounds.place import Place, place
from tests.bench.rounds.round import Round
from tests.databases import Template

_LEAST_SECONDS, _MOST_SECONDS = 0.3, 8.0
"""How long a round is measured for each time asked for: the short ones more often, for they vary
most, and the long ones less."""

Fill = Callable[[Place], Awaitable[None]]
Rounds = Callable[[Place], AbstractAsyncContextManager[list[Round]]]


@dataclass(frozen=True)
class Part:
    """A service, or what all share: its settings, what fills it, and what is measured in it."""

    service: ServiceName
    settings: Mapping[str, str]
    fill: Fill
    rounds: Rounds


PARTS: dict[str, Part] = {
    "intake": Part("intake", intake.SETTINGS, intake.fill, intake.rounds),
    "scheduler": Part("scheduler", scheduler.SETTINGS, scheduler.fill, scheduler.rounds),
    "matcher": Part("matcher", matcher.SETTINGS, matcher.fill, matcher.rounds),
    "notifier": Part("notifier", notifier.SETTINGS, notifier.fill, notifier.rounds),
    "runtime": Part("scheduler", runtime.SETTINGS, runtime.fill, runtime.rounds),
}


NOT_MEASURED: dict[str, str] = {
    WATCHDOG_JOB: "It asks the broker how far each partition is, whoever stands in them.",
}
"""The regular jobs that have no round, and why."""


@dataclass(frozen=True)
class Ground:
    """What the places stand on."""

    template: Template
    kafka: str
    directory: Path


async def measured(
    name: str, ground: Ground, people: Sequence[int], times: int
) -> AsyncIterator[Measured]:
    """Yields each round of a part, measured so often in each pool, the pools in turns."""
    part = PARTS[name]
    async with AsyncExitStack() as stack:
        pools: dict[int, tuple[Place, list[Round]]] = {}
        for size in people:
            there = await stack.enter_async_context(
                place(
                    part.service,
                    ground.template,
                    ground.kafka,
                    ground.directory,
                    size,
                    **part.settings,
                )
            )
            await part.fill(there)
            pools[size] = there, await stack.enter_async_context(part.rounds(there))
            await there.settle()
        for number, first in enumerate(pools[people[0]][1]):
            line = Measured(name, first.name, first.grows)
            for turn in _turns(times):
                for size, (there, rounds) in pools.items():
                    took, gap = await _once(there, rounds[number])
                    if turn:  # what is done for the first time fills caches
                        line.add(size, took, gap)
            yield line


def _turns(times: int) -> Iterator[int]:
    """Yields the numbers of turns, from 0, as long as another one is worth its time."""
    began = time.monotonic()
    for turn in count():
        spent = time.monotonic() - began
        if turn > 1 and spent > times * (_LEAST_SECONDS if turn > times else _MOST_SECONDS):
            return
        yield turn


async def _once(there: Place, one: Round) -> tuple[float, float]:
    """Returns how long the round took and the longest gap in it, in milliseconds."""
    await one.lay()
    async with listening() as gap:
        began = time.perf_counter()
        await one.work()
        took = (time.perf_counter() - began) * 1000
    await there.clear()
    return took, gap.milliseconds
