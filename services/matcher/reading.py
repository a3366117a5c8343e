"""Reads profiles once, for all replicas, and keeps this process's ranker in step with the database.

Consuming only stores what came. Whoever of the replicas is free reads it into bags, which are
stored too; so a process that starts loads bags instead of reading every profile again, and a new
way of reading replaces the old bags by itself. Ranker and reading work in a thread: Python hands
the event loop a turn every few milliseconds, and numpy's longest step takes about as long.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from services.matcher import store
from services.matcher.ranking import Document, Ranker
from services.matcher.ranking.bags import pack, unpack
from services.matcher.ranking.documents import ANALYSIS, title_bags, word_bags
from shared.runtime.postgres import Database

AT_ONCE = 200


class Reading:
    """Turns stored profiles into bags."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, _: datetime) -> bool:
        """Reads some of those who wait; True if there may be more."""
        async with self._database.transaction() as conn:
            people = await store.unread(conn, ANALYSIS, AT_ONCE)
            if people:
                bags = await asyncio.to_thread(_bags_of, people)
                await store.keep_bags(conn, bags, ANALYSIS)
        return len(people) == AT_ONCE


class Index:
    """Keeps a ranker in step with what is stored; one caller at a time."""

    def __init__(self, database: Database, ranker: Ranker) -> None:
        self._database = database
        self._seen = 0
        self.ranker = ranker
        self.lock = asyncio.Lock()
        """Held by whoever uses the ranker."""

    async def run_once(self, _: datetime) -> bool:
        """Takes over what changed, so that a search finds little left to take over."""
        async with self.lock:
            await self.refresh()
        return False

    async def refresh(self) -> None:
        """Takes over every change that had been committed when this was called."""
        async with (
            self._database.connection() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            horizon = await store.horizon(conn)
            async for page in store.changes(conn, self._seen):
                await asyncio.to_thread(self._take_over, page)
        self._seen = horizon

    def _take_over(self, page: Sequence[store.PackedBags]) -> None:
        self.ranker.replace(
            [Document(at.number, unpack(at.words), unpack(at.titles)) for at in page]
        )


def _bags_of(people: Sequence[store.Person]) -> list[store.PackedBags]:
    return [_read(person) for person in people]


def _read(person: store.Person) -> store.PackedBags:
    rejections = person.state.rejections if person.state else []
    return store.PackedBags(
        person.number,
        words=pack(word_bags(person.profile)),
        titles=pack(title_bags(person.profile, rejections)),
    )
