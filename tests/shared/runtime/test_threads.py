import threading
from asyncio import CancelledError

import pytest

from shared.runtime.threads import beside, meanwhile


async def test_work_goes_on_while_the_block_waits_for_something_else() -> None:
    done = threading.Event()

    def work(item: str) -> str:
        done.set()
        return item.upper()

    async with meanwhile(beside(work, ["mira"])) as made:
        assert await beside(done.wait, [10]) == [True]
        assert await made == ["MIRA"]


async def test_a_block_that_fails_waits_for_no_work_that_goes_on() -> None:
    released = threading.Event()
    try:
        with pytest.raises(LookupError):
            async with meanwhile(beside(released.wait, [10])) as waiting:
                raise LookupError
        with pytest.raises(CancelledError):
            await waiting
        assert not released.is_set()
    finally:
        released.set()
