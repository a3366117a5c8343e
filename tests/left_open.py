"""What a test may not leave behind for the next one, which runs in the same event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_SECONDS = 1.0
"""How long what was stopped may take to end."""


class LeftOpen(AssertionError):
    """A test left running or open what would have reached into the next one."""


@asynccontextmanager
async def no_task_left() -> AsyncIterator[None]:
    """Raises LeftOpen, and cancels them, when tasks that were begun meanwhile go on."""
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    if left:
        _, left = await asyncio.wait(left, timeout=_SECONDS)
    if left:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=_SECONDS)
        raise LeftOpen("still running: " + ", ".join(str(task.get_coro()) for task in left))
