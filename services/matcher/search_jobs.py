"""Makes the searches that wait, each with one effect.

A search is a row with a lease, which is renewed while the search is made and ends it if it is
lost. It is made outside any transaction; what it leads to is written in one, which only the
holder of the lease can commit, together with the ledger. So a slow search blocks no partition,
replicas share the searches, and one that a vacancy's closing cancelled, or that another process
took over, leads to nothing.

A vacancy may arrive before the people who fit it, whose states travel beside it. A search
therefore waits a moment, and then until everybody recorded before that has been indexed. A
process whose own index is not filled yet makes none.

A search that fails for a fault of its data or of our own code is parked with the reason, and so is
one that has cost several processes their lives; the others go on.
"""

import asyncio
import time
from collections.abc import Coroutine
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog

from services.matcher.index import Index
from services.matcher.indexing import INDEXING
from services.matcher.metrics import SearchMetrics
from services.matcher.ranking.documents import ANALYSIS
from services.matcher.search import SearchOutcome
from services.matcher.searcher import Searcher
from services.matcher.store import search_jobs, vacancies
from services.matcher.store.search_jobs import SearchJob
from shared.contract.events.cloudevents import Unreadable
from shared.runtime import parking
from shared.runtime.crash_points import reach
from shared.runtime.postgres import UNAVAILABLE, Database, will_pass

_log = structlog.get_logger()

LEASE_SECONDS = 20.0
RENEWALS = 4
"""How often a lease is renewed in the time it lasts."""
ATTEMPTS = 5
"""So often a search is claimed without coming to any end: whoever made it has died."""

COUNTED = 1000
"""So many waiting searches are told apart; more of them need no more replicas."""

SEARCHES = "searches"
"""The job's name, under which it parks searches by their id."""


class SearchJobs:
    def __init__(
        self,
        database: Database,
        index: Index,
        searcher: Searcher,
        metrics: SearchMetrics,
        *,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._database = database
        self._index = index
        self._searcher = searcher
        self._metrics = metrics
        self._lease_seconds = lease_seconds

    async def run_once(self, now: datetime) -> bool:
        """Makes the search that waited longest; True if there may be another one.

        Raises what will pass; the search is then tried again when its lease has expired.
        """
        if not self._index.filled:
            return False
        async with self._database.connection() as conn:
            job = await search_jobs.claim(
                conn,
                uuid4(),
                self._lease_seconds,
                job=SEARCHES,
                indexing=INDEXING,
                analysis=ANALYSIS,
            )
        if job is None:
            return False
        began = time.monotonic()
        state = await self._made_or_parked(job, now)
        self._metrics.searches.labels(state).inc()
        self._metrics.seconds.observe(time.monotonic() - began)
        return True

    async def measure(self, _now: datetime) -> bool:
        """Shows how many searches wait, by which the matcher is scaled."""
        async with self._database.connection() as conn:
            self._metrics.waiting.set(await search_jobs.waiting(conn, COUNTED))
        return False

    async def _made_or_parked(self, job: SearchJob, now: datetime) -> str:
        if job.attempts > ATTEMPTS:
            return await self._park(job, "never_ended")
        try:
            return await self._make(job, now)
        except Exception as error:
            if will_pass(error):
                raise
            return await self._park(job, parking.reason_of(error))

    async def _make(self, job: SearchJob, now: datetime) -> str:
        async with self._database.connection() as conn:
            opening = (await vacancies.openings(conn, [job.vacancy_id])).get(job.vacancy_id)
        if opening is None:
            raise Unreadable("unreadable_vacancy", "publish the vacancy again")
        if opening.closed_at:
            return await self._end(job, "cancelled")
        searching = self._searcher.search(opening, now, job.newcomers)
        outcome = await self._while_held(job, searching)
        if outcome is None:
            return "lost"
        reach("searched before recorded")
        async with self._database.transaction() as conn:
            if not await search_jobs.finish(conn, job, "done"):
                return "lost"
            shown = await self._searcher.record(conn, job, opening, outcome, now)
            await parking.release(conn, SEARCHES, [job.id])
        if outcome.statistics:
            self._metrics.pool.set(outcome.ranked)
        self._metrics.shortlisted.inc(shown)
        _log.info("matcher.search_done", job=job.id, ranked=outcome.ranked, shown=shown)
        return "done"

    async def _end(self, job: SearchJob, state: str) -> str:
        async with self._database.transaction() as conn:
            await search_jobs.finish(conn, job, state)
        return state

    async def _park(self, job: SearchJob, reason: str) -> str:
        async with self._database.transaction() as conn:
            if not await search_jobs.finish(conn, job, "parked"):
                return "lost"
            await parking.park(conn, SEARCHES, {job.id: reason})
        return "parked"

    async def _while_held(
        self, job: SearchJob, search: Coroutine[Any, Any, SearchOutcome]
    ) -> SearchOutcome | None:
        """Returns what the search comes to; None where its lease was lost first."""
        searching = asyncio.create_task(search)
        renewing = asyncio.create_task(self._renew(job))
        try:
            await asyncio.wait((searching, renewing), return_when=asyncio.FIRST_COMPLETED)
            return await searching if searching.done() else None
        finally:
            for task in (searching, renewing):
                task.cancel()
            await asyncio.gather(searching, renewing, return_exceptions=True)

    async def _renew(self, job: SearchJob) -> None:
        """Keeps the lease, and returns when it is lost."""
        held_until = time.monotonic() + self._lease_seconds
        while time.monotonic() < held_until:
            await asyncio.sleep(self._lease_seconds / RENEWALS)
            try:
                async with self._database.connection() as conn:
                    if not await search_jobs.renew(conn, job, self._lease_seconds):
                        return
            except UNAVAILABLE as error:
                _log.warning("matcher.lease_not_renewed", job=job.id, error=type(error).__name__)
            else:
                held_until = time.monotonic() + self._lease_seconds
