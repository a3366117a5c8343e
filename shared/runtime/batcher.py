"""Many callers, one call: what is asked for while a batch is under way shares the next.

An item that comes alone goes at once; under load the batches grow by themselves, up to a bound.
Batches run one after the other, each in one call of `work`, which is usually one transaction.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Unavailable(Exception):
    """The item was not taken: too many wait already, or nothing is worked on any longer.

    After a stop it may also have been worked on without anybody hearing of it.
    """


@dataclass(eq=False, slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    size: int
    apart: Hashable | None
    result: asyncio.Future[Result]


Batch = list[_Waiting[Item, Result]]


class Batcher(Generic[Item, Result]):
    """Returns to each caller the result of its own item, or raises the error of its batch.

    `work` takes the items of a batch in the order in which they came and returns a result for each.
    A caller that gives up disturbs nobody, and its item may be worked on all the same.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        *,
        size: Callable[[Item], int] = lambda _: 1,
        most_at_once: float = float("inf"),
        most_waiting: float = float("inf"),
        apart: Callable[[Item], Hashable | None] = lambda _: None,
        seconds: float | None = None,
    ) -> None:
        """Bounds batches by what `size` says of their items, one item of any size excepted.

        Two items for which `apart` returns the same are never in one batch, unless that is None. A
        batch that takes more than so many seconds is cancelled: its callers hear TimeoutError.
        """
        self._work = work
        self._size = size
        self._most_at_once = most_at_once
        self._most_waiting = most_waiting
        self._apart = apart
        self._seconds = seconds
        self._waiting: deque[_Waiting[Item, Result]] = deque()
        self._waiting_size = 0
        self._working: asyncio.Task[None] | None = None
        self._stopped = False

    async def __call__(self, item: Item) -> Result:
        """Returns once the item's batch is done; raises Unavailable at once if too much waits."""
        size = self._size(item)
        if self._stopped or self._waiting_size + size > self._most_waiting:
            raise Unavailable
        waiting: _Waiting[Item, Result] = _Waiting(
            item, size, self._apart(item), asyncio.get_running_loop().create_future()
        )
        self._waiting_size += size
        self._waiting.append(waiting)
        if self._working is None:
            self._working = asyncio.create_task(self._run(), name="batcher")
        return await waiting.result

    async def stop(self) -> None:
        """Breaks off the batch under way and lets nobody wait any longer."""
        self._stopped = True
        if self._working:
            self._working.cancel()
            with suppress(asyncio.CancelledError):
                await self._working
        _fail(self._waiting, Unavailable())

    async def _run(self) -> None:
        while self._waiting:
            await self._settle(self._next())
        self._working = None

    async def _settle(self, batch: Batch[Item, Result]) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                results = await self._work([each.item for each in batch])
            settled = list(zip(batch, results, strict=True))
        except asyncio.CancelledError:
            _fail(batch, Unavailable())
            raise
        except Exception as error:  # noqa: BLE001 - it is for the callers; the next batch goes on
            _fail(batch, error)
            return
        for each, result in settled:
            if not each.result.done():
                each.result.set_result(result)

    def _next(self) -> Batch[Item, Result]:
        """Takes from the front as many as may go together, and one in any case."""
        batch: Batch[Item, Result] = []
        total, taken = 0, set[Hashable]()
        while self._waiting:
            first = self._waiting[0]
            total += first.size
            if batch and (total > self._most_at_once or first.apart in taken):
                break
            if first.apart is not None:
                taken.add(first.apart)
            self._waiting_size -= first.size
            batch.append(self._waiting.popleft())
        return batch


def _fail(waiting: Sequence[_Waiting[Item, Result]], error: Exception) -> None:
    for each in waiting:
        if not each.result.done():
            each.result.set_exception(error)
