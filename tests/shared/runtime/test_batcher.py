import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from shared.runtime.batcher import Batcher, Unavailable


class Work:
    """Doubles numbers, a batch at a time, once it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.let_go = asyncio.Event()

    async def __call__(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        await self.let_go.wait()
        if 13 in items:
            raise ConnectionError("away")
        return [item * 2 for item in items]


async def asked(batcher: Batcher[int, int], *items: int) -> "asyncio.Future[list[Any]]":
    """Asks for items in this order; what is returned gathers what each caller gets."""
    tasks = [asyncio.create_task(batcher(item)) for item in items]
    await asyncio.sleep(0.01)
    return asyncio.gather(*tasks, return_exceptions=True)


async def test_an_item_that_comes_alone_goes_at_once_and_the_rest_in_the_next_batch() -> None:
    work = Work()
    batcher = Batcher(work)
    results = await asked(batcher, 1, 2)
    more = await asked(batcher, 3)
    work.let_go.set()
    assert [*await results, *await more] == [2, 4, 6]
    assert work.batches == [[1, 2], [3]]
    assert await batcher(4) == 8


async def test_the_error_of_a_batch_reaches_its_callers_and_no_one_after() -> None:
    work = Work()
    work.let_go.set()
    batcher = Batcher(work)
    assert [type(each) for each in await (await asked(batcher, 13, 1))] == [ConnectionError] * 2
    assert await batcher(2) == 4


async def test_a_caller_that_gave_up_disturbs_nobody() -> None:
    work = Work()
    batcher = Batcher(work)
    gave_up, stays = asyncio.create_task(batcher(1)), asyncio.create_task(batcher(2))
    await asyncio.sleep(0.01)
    gave_up.cancel()
    work.let_go.set()
    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await gave_up


async def test_a_batch_is_no_larger_than_allowed_save_for_one_item_alone() -> None:
    work = Work()
    batcher = Batcher(work, size=lambda item: item, most_at_once=10)
    first = await asked(batcher, 1)
    results = await asked(batcher, 4, 6, 1, 50, 2)
    work.let_go.set()
    assert [*await first, *await results] == [2, 8, 12, 2, 100, 4]
    assert work.batches == [[1], [4, 6], [1], [50], [2]]


async def test_items_that_must_be_apart_are_never_in_one_batch() -> None:
    work = Work()
    batcher = Batcher(work, apart=lambda item: item % 10 or None)
    first = await asked(batcher, 5)
    results = await asked(batcher, 1, 2, 11, 10, 20)
    work.let_go.set()
    await first
    await results
    assert work.batches == [[5], [1, 2], [11, 10, 20]]


async def test_whoever_comes_when_too_much_waits_is_turned_away_at_once() -> None:
    work = Work()
    batcher = Batcher(work, size=lambda item: item, most_waiting=10)
    first = await asked(batcher, 5)
    results = await asked(batcher, 9, 2, 1)
    work.let_go.set()
    assert await first == [10]
    nine, two, one = await results
    assert (nine, type(two), one) == (18, Unavailable, 2)


async def test_a_batch_that_takes_too_long_is_given_up_and_the_next_one_goes_on() -> None:
    work = Work()
    batcher = Batcher(work, seconds=0.5)
    assert [type(each) for each in await (await asked(batcher, 1))] == [TimeoutError]
    work.let_go.set()
    assert await batcher(2) == 4


async def test_nobody_waits_any_longer_after_a_stop() -> None:
    work = Work()
    batcher = Batcher(work)
    first, waiting = await asked(batcher, 1), await asked(batcher, 2)
    await batcher.stop()
    assert [type(each) for each in [*await first, *await waiting]] == [Unavailable] * 2
    with pytest.raises(Unavailable):
        await batcher(3)


async def test_work_that_forgets_an_item_is_an_error_for_its_callers() -> None:
    async def forget(_: Sequence[int]) -> list[int]:
        return []

    with pytest.raises(ValueError, match="shorter"):
        await Batcher(forget)(1)
