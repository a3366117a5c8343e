"""Measures the rounds of each service in pools of several sizes, which take turns."""

import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from shared.contract.topics import ServiceName
from tests.bench.rounds import intake, matcher, notifier, runtime, scheduler
from tests.bench.rounds.gap import listening
from tests.bench.rounds.measured import Measured
from tests.bench.rounds.place import Place, place
from tests.bench.rounds.round import Round
from tests.databases import Template

_LEAST_SECONDS, _MOST_SECONDS = 0.3, 8.0
"""How long a round is measured for each time asked for: the short ones more often, for they vary
most, and the long ones less."""

Rounds = Callable[[Place], AbstractAsyncContextManager[list[Round]]]


@dataclass(frozen=True)
class Part:
    """A service, or what all services share, with the settings and the rounds it is measured by."""

    service: ServiceName
    settings: Mapping[str, str]
    rounds: Rounds


PARTS: dict[str, Part] = {
    "intake": Part("intake", intake.SETTINGS, intake.rounds),
    "scheduler": Part("scheduler", scheduler.SETTINGS, scheduler.rounds),
    "matcher": Part("matcher", matcher.SETTINGS, matcher.rounds),
    "notifier": Part("notifier", notifier.SETTINGS, notifier.rounds),
    "runtime": Part("scheduler", runtime.SETTINGS, runtime.rounds),
}


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
            pools[size] = there, await stack.enter_async_context(part.rounds(there))
            await there.settle()
        for number, first in enumerate(pools[people[0]][1]):
            line = Measured(name, first.name, first.ranking)
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
