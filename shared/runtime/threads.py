"""Work that would hold the event loop, done beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


async def beside(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Returns what the work makes of each item; the event loop goes on meanwhile.

    The thread gives way within a millisecond, but not within a step, so each step of the work, such
    as one search by a regular expression, should be short.
    """
    given = list(items)
    return await asyncio.to_thread(lambda: [work(item) for item in given]) if given else []


@asynccontextmanager
async def meanwhile(work: Coroutine[Any, Any, Result]) -> AsyncIterator[asyncio.Task[Result]]:
    """Does work while the block waits for something else; a block that fails waits for neither."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
