"""Many callers, one commit: what arrives while one batch is settled shares the next.

Nobody waits without end: the queue is bounded, and a group that takes too long is given up. Who
gets `Unavailable` may come again with the same; whether or not it was settled, the settling must
see to it that it counts once.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

MOST_AT_ONCE = 1000
MOST_WAITING = 5000
SECONDS = 10.0


class Unavailable(Exception):
    """Nothing can be settled at the moment."""


class Batchable(Protocol):
    @property
    def size(self) -> int:
        """How much of a group this takes up."""
        ...

    @property
    def apart(self) -> Hashable | None:
        """Two that are equal in this are never in one group."""
        ...


Item = TypeVar("Item", bound=Batchable)
Result = TypeVar("Result")


@dataclass(eq=False, slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    result: asyncio.Future[Result]


class Batcher(Generic[Item, Result]):
    """Settles items in groups, one group after the other."""

    def __init__(self, settle: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        """Takes what settles a group and returns a result for each item, in one transaction."""
        self._settle = settle
        self._queue: deque[_Waiting[Item, Result]] = deque()
        self._size = 0
        self._arrived = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._worker = asyncio.create_task(self._work(), name="batcher")

    async def stop(self) -> None:
        if self._worker:
            self._worker.cancel()
            with suppress(asyncio.CancelledError):
                await self._worker
        self._give_up(self._queue)

    async def settled(self, item: Item) -> Result:
        """Returns when the item's group is settled; raises Unavailable if it cannot be."""
        if self._size + item.size > MOST_WAITING:
            raise Unavailable
        waiting: _Waiting[Item, Result] = _Waiting(item, asyncio.get_running_loop().create_future())
        self._size += item.size
        self._queue.append(waiting)
        self._arrived.set()
        return await waiting.result

    async def _work(self) -> None:
        while True:
            await self._arrived.wait()
            group = self._next_group()
            try:
                async with asyncio.timeout(SECONDS):
                    results = await self._settle([each.item for each in group])
            except Exception:  # noqa: BLE001 - the callers are told, and the next group goes on
                self._give_up(group)
                continue
            for each, result in zip(group, results, strict=True):
                if not each.result.done():
                    each.result.set_result(result)

    def _next_group(self) -> list[_Waiting[Item, Result]]:
        group: list[_Waiting[Item, Result]] = []
        size, taken = 0, set[Hashable]()
        while self._queue:
            item = self._queue[0].item
            size += item.size
            if group and (size > MOST_AT_ONCE or item.apart in taken):
                return group
            if item.apart is not None:
                taken.add(item.apart)
            self._size -= item.size
            group.append(self._queue.popleft())
        self._arrived.clear()
        return group

    @staticmethod
    def _give_up(waiting: Sequence[_Waiting[Item, Result]]) -> None:
        for each in waiting:
            if not each.result.done():
                each.result.set_exception(Unavailable())
