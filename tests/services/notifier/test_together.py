import asyncio
from collections.abc import Sequence

import pytest

from services.notifier.together import Together


async def test_what_comes_while_a_call_is_under_way_goes_in_the_next_one() -> None:
    calls: list[list[int]] = []

    async def work(items: Sequence[int]) -> list[int]:
        calls.append(list(items))
        await asyncio.sleep(0.01)
        return [item * 2 for item in items]

    double: Together[int, int] = Together(work)
    first = asyncio.create_task(double(1))
    await asyncio.sleep(0.005)
    rest = await asyncio.gather(*(double(number) for number in range(2, 6)))
    assert [await first, *rest] == [2, 4, 6, 8, 10]
    assert calls == [[1], [2, 3, 4, 5]]
    assert await double(7) == 14


async def test_an_error_reaches_those_it_concerns_and_no_one_after() -> None:
    async def work(items: Sequence[int]) -> list[int]:
        await asyncio.sleep(0.01)
        if 1 in items:
            raise ConnectionError("away")
        return list(items)

    same: Together[int, int] = Together(work)
    outcomes = await asyncio.gather(same(1), same(1), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ConnectionError, ConnectionError]
    assert await same(2) == 2


async def test_a_caller_that_gave_up_disturbs_nobody() -> None:
    async def work(items: Sequence[int]) -> list[int]:
        await asyncio.sleep(0.01)
        return list(items)

    same: Together[int, int] = Together(work)
    gave_up, stays = asyncio.create_task(same(1)), asyncio.create_task(same(2))
    await asyncio.sleep(0)
    gave_up.cancel()
    assert await stays == 2
    with pytest.raises(asyncio.CancelledError):
        await gave_up
