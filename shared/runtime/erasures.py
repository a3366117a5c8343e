"""Nothing of an erased person stays in quarantine, or among other sealed records, whenever it came.

Each service remembers marks of whoever is erased: of their id, and of what else it knew them by.
Every record in quarantine is looked at once when it has come, and once more for each group of
people erased later. That is done beside the event loop and kept row by row, so that a process that
is killed goes on where it was.

Who shares a name, a number or an address with somebody erased loses nothing by it. By an address
that others may share a record is deleted only if nobody who is still known is recognised in it; by
a name or a number, only if besides it holds no id and no address at all, which would tell that it
is somebody else's. Each deletion is logged and counted.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import uuid4

import asyncpg
import structlog

from shared.contract.topics import BY_NAME
from shared.runtime import leases
from shared.runtime.marks import Marks
from shared.runtime.postgres import Database
from shared.runtime.quarantine import SEARCHED, Copy, Quarantine
from shared.runtime.sql import Queries
from shared.runtime.telemetry import Metrics

ROWS_A_ROUND = 100
MARKS_AT_ONCE = 5000
LEASE, LEASE_SECONDS = "quarantine search", 60.0

_NEVER_TOLD = {"record", "search_due", "about"}
"""Of a row that is deleted; all else tells where it lay."""

_queries = Queries(Path(__file__).with_name("erasures.sql"))
_log = structlog.get_logger()

MarksOf = Callable[[Copy], Marks]
"""Returns by what a record is recognised: it runs in a thread."""

MetBy = Literal["id", "address", "likeness"]


@dataclass(frozen=True, slots=True)
class Searched:
    """A table of sealed records, each with an `id`, its `record` and the search it is due for."""

    queries: Queries
    """With `all_due`, `due`, `settle` and `delete`; the log tells what else `due` returns."""
    marks_of: Callable[[asyncpg.Record, Copy], Marks]
    """Returns by what a row's record is recognised: it runs in a thread."""
    source_of: Callable[[asyncpg.Record, Copy], str | None]
    """Returns which upstream system a row's record is from; None where it is none, or not known."""


IsKnown = Callable[[asyncpg.Connection, Copy, Collection[bytes]], Awaitable[bool]]
"""Tells whether a record with these marks is about somebody who is still known."""


async def remember(
    conn: asyncpg.Connection,
    ids: Collection[bytes],
    shared: Collection[bytes] = (),
    source: str | None = None,
) -> None:
    """Remembers erased people, to be searched for in the quarantine now and in what comes later.

    `ids` are the marks of what is theirs alone; `shared` of what others may have too. What a source
    erases is searched for in its own records, and in those of which nobody knows whose they are.
    """
    marks = [*ids, *shared]
    if marks:
        lasting = [True] * len(ids) + [False] * len(shared)
        await _queries.remember(conn, marks=marks, lasting=lasting, source=source)


async def withdraw(conn: asyncpg.Connection, marks: Collection[bytes]) -> None:
    """Searches no longer for whoever has come back under these marks."""
    await _queries.withdraw(conn, marks=list(marks))


async def forget(conn: asyncpg.Connection) -> bool:
    """Deletes marks whose time is over, a thousand at a time; True if there are more."""
    return bool(await _queries.forget(conn))


def _said_by(row: asyncpg.Record, copy: Copy) -> str | None:
    """Returns the upstream system that a record in quarantine says that it is from."""
    topic = BY_NAME.get(row["topic"])
    return copy.source if topic and topic.of_many_sources else None


async def _nobody(_conn: asyncpg.Connection, _copy: Copy, _marks: Collection[bytes]) -> bool:
    return False


async def _met(
    conn: asyncpg.Connection, marks: Collection[bytes], source: str | None
) -> bool | None:
    """Tells whether a mark is of somebody erased, and then whether of them alone.

    A record of a megabyte may have a million marks: asked for at once they would hold the loop.
    """
    met, asked = None, list(marks)
    for first in range(0, len(asked), MARKS_AT_ONCE):
        some = asked[first : first + MARKS_AT_ONCE]
        met_now = await _queries.met(conn, marks=some, source=source)
        if met_now:
            return True
        met = met if met_now is None else met_now
    return met


class QuarantineSearch:
    """Deletes what one service's quarantine, and its other sealed records, hold of the erased."""

    def __init__(
        self,
        database: Database,
        quarantine: Quarantine,
        metrics: Metrics,
        marks_of: MarksOf | None = None,
        is_known: IsKnown = _nobody,
        others: Sequence[Searched] = (),
    ) -> None:
        self._database = database
        self._quarantine = quarantine
        self._metrics = metrics
        marks = marks_of or quarantine.marker.of_record
        self._tables = (Searched(SEARCHED, lambda _, copy: marks(copy), _said_by), *others)
        self._is_known = is_known
        self._holder = uuid4()

    async def begin(self) -> None:
        """Makes all rows due, if there is a mark that no search has taken up.

        It locks rows before marks, as whoever gives a record its effect does.
        """
        async with self._database.transaction() as conn:
            marks = [row["mark"] for row in await _queries.not_taken_up(conn)]
            if marks:
                search = await _queries.number(conn)
                for table in self._tables:
                    await table.queries.all_due(conn, search=search)
                await _queries.take_up(conn, marks=marks)

    async def run(self) -> bool:
        """Looks at some rows; returns whether more are to be looked at.

        One process does so at a time: should two, they look at the same rows, and at the worst in
        vain. No row is locked meanwhile, as it may take seconds to read.
        """
        async with self._database.transaction() as conn:
            if not await leases.take(conn, LEASE, self._holder, LEASE_SECONDS):
                return False
        await self.begin()
        if any([await self._look_at_some(table) for table in self._tables]):
            return True
        async with self._database.transaction() as conn:
            await leases.give_back(conn, LEASE, self._holder)
        return False

    async def _look_at_some(self, table: Searched) -> bool:
        for _ in range(ROWS_A_ROUND):
            began = time.monotonic()
            if not await self._look_at_one(table):
                return False
            # Nobody waits for a search: what is done besides has as much time as it.
            await asyncio.sleep(time.monotonic() - began)
        return True

    async def _look_at_one(self, table: Searched) -> bool:
        async with self._database.connection() as conn:
            row = await table.queries.due(conn)
        if row is None:
            return False
        copy, marks = await asyncio.to_thread(self._read, table, row)
        async with self._database.transaction() as conn:
            met_by = copy and await self._met_by(conn, copy, marks, table.source_of(row, copy))
            if met_by:
                await table.queries.delete(conn, id=row["id"])
            else:
                await table.queries.settle(conn, id=row["id"], search_due=row["search_due"])
        if met_by:
            self._tell(row, met_by)
        return True

    def _read(self, table: Searched, row: asyncpg.Record) -> tuple[Copy | None, Marks]:
        """Opens a record and makes its marks; one that cannot be opened stays until the purge."""
        try:
            copy = self._quarantine.open(row["record"])
            return copy, table.marks_of(row, copy) if copy else Marks()
        except Exception as error:  # noqa: BLE001 - one row costs only itself
            _log.warning("quarantine.unreadable", id=row["id"], error=type(error).__name__)
            return None, Marks()

    async def _met_by(
        self, conn: asyncpg.Connection, copy: Copy, marks: Marks, source: str | None
    ) -> MetBy | None:
        """Returns by what a record is an erased person's; None if it is not."""
        theirs_alone = await _met(conn, marks.identities, source)
        if theirs_alone:
            return "id"
        by_address = theirs_alone is not None
        if not by_address and (
            marks.identities or await _met(conn, marks.likenesses, source) is None
        ):
            return None
        if await self._is_known(conn, copy, marks.all):
            return None
        return "address" if by_address else "likeness"

    def _tell(self, row: asyncpg.Record, met_by: MetBy) -> None:
        place = {name: value for name, value in row.items() if name not in _NEVER_TOLD}
        _log.warning("quarantine.erased", **place, by=met_by)
        self._metrics.quarantine_erased.labels(row["topic"], met_by).inc()
