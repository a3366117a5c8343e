"""Measures the rounds of each service in pools of several sizes, which take turns."""

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from shared.contract.topics import ServiceName
from tests.bench.rounds import intake, matcher, notifier, runtime, scheduler
from tests.bench.rounds.gap import listening
from tests.bench.rounds.measured import Measured
from tests.bench.rounds.place import Place, place
from tests.bench.rounds.round import Round
from tests.databases import Template

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
        for count in people:
            there = await stack.enter_async_context(
                place(
                    part.service,
                    ground.template,
                    ground.kafka,
                    ground.directory,
                    count,
                    **part.settings,
                )
            )
            pools[count] = there, await stack.enter_async_context(part.rounds(there))
            await there.settle()
        for number, first in enumerate(pools[people[0]][1]):
            line = Measured(name, first.name, first.ranking)
            for turn in range(times + 1):
                for count, (there, rounds) in pools.items():
                    took, gap = await _once(there, rounds[number])
                    if turn:  # what is done for the first time fills caches
                        line.add(count, took, gap)
            yield line


async def _once(there: Place, one: Round) -> tuple[float, float]:
    """Returns how long the round took and the longest gap in it, in milliseconds."""
    await one.lay()
    async with listening() as gap:
        began = time.perf_counter()
        await one.work()
        took = (time.perf_counter() - began) * 1000
    await there.clear()
    return took, gap.milliseconds
