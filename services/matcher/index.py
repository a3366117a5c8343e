"""The index of everybody that each process holds, kept in step with what is stored.

It works in a thread: Python hands the event loop a turn every few milliseconds, and numpy's
longest step takes about as long.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ParamSpec, TypeVar

from services.matcher.indexing import document_of, index_anew
from services.matcher.ranking import Document, Ranker, Ranking
from services.matcher.ranking.bags import Numbers
from services.matcher.store import bags
from services.matcher.store.bags import PackedBags
from shared.contract.events.vacancies import Vacancy
from shared.runtime.postgres import Database

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Index:
    """Keeps a ranker in step with what is stored; one caller at a time uses it."""

    def __init__(self, database: Database, ranker: Ranker) -> None:
        self._database = database
        self._ranker = ranker
        self._seen = 0
        self._taken_over, self._known = 0, 0
        self._lock = asyncio.Lock()
        self.filled = False
        """Whether everybody known when this process started is in it."""

    async def run_once(self, _: datetime) -> bool:
        """Takes over what changed, so that a search finds little left to take over."""
        async with self._lock:
            await self._refresh()
        return False

    async def trouble(self) -> str | None:
        """Says how far the index is filled, until it is."""
        return None if self.filled else f"{self._taken_over} of {self._known}"

    async def rank(self, vacancy: Vacancy, pool: Numbers, best: int) -> Ranking:
        """Ranks a pool by all that had been committed when this was called."""
        async with self._lock:
            await self._refresh()
            return await _to_its_end(self._ranker.rank, vacancy, pool, best)

    async def _refresh(self) -> None:
        unreadable: list[int] = []
        async with (
            self._database.connection() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            horizon = await bags.horizon(conn)
            if not self.filled:
                self._taken_over, self._known = 0, await bags.known(conn)
            async for page in bags.changes(conn, self._seen):
                unreadable += await _to_its_end(self._take_over, page)
                self._taken_over += len(page)
        if unreadable:
            await index_anew(self._database, unreadable)
        self._seen, self.filled = horizon, True

    def _take_over(self, page: Sequence[PackedBags]) -> list[int]:
        """Replaces what the ranker knows; returns those of whom it knows nothing for now."""
        read = {at.number: document_of(at) for at in page}
        self._ranker.replace([known or Document(number) for number, known in read.items()])
        return [number for number, known in read.items() if known is None]


async def _to_its_end(
    work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs
) -> Result:
    """Runs work in a thread, and waits for its end even if cancelled: nobody else may begin."""
    thread = asyncio.ensure_future(asyncio.to_thread(work, *given, **named))
    try:
        return await asyncio.shield(thread)
    except asyncio.CancelledError:
        await asyncio.wait((thread,))
        raise
