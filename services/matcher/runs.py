"""Makes the searches that wait, each with one effect.

A search is a row with a lease. It is found outside any transaction; what it leads to is written
in one, which only the holder of the lease can commit, together with the ledger. So a slow search
blocks no partition, replicas share the searches, and one that a vacancy's closing cancelled, or
that another process took over, leads to nothing.

A vacancy may arrive before the people who fit it, whose states travel beside it. A search
therefore waits a moment, and then until everybody recorded before that has been read.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import asyncpg
import structlog

from services.matcher import ledger, store
from services.matcher.domain.shortlist import shortlisted
from services.matcher.domain.vacancies import Opening, what_it_asks
from services.matcher.finding import Finder, Found
from services.matcher.metrics import SearchMetrics
from services.matcher.ranking import Ranker
from services.matcher.ranking.documents import ANALYSIS
from shared.contract.events.cloudevents import Event
from shared.contract.events.matches import ShortlistedCandidate, ShortlistReady
from shared.contract.topics import MATCHES
from shared.runtime.crash_points import reach
from shared.runtime.outbox import put
from shared.runtime.postgres import Database

_log = structlog.get_logger()

LEASE_SECONDS = 20.0
ATTEMPTS = 5


class Runs:
    def __init__(
        self, database: Database, finder: Finder, ranker: Ranker, metrics: SearchMetrics
    ) -> None:
        self._database = database
        self._finder = finder
        self._ranker = ranker
        self._metrics = metrics

    async def run_once(self, now: datetime) -> bool:
        """Makes the search that waited longest; True if there may be another one.

        One that fails is tried again when its lease has expired, a few times; the others go on.
        """
        async with self._database.transaction() as conn:
            run = await store.claim(conn, uuid4(), LEASE_SECONDS, ANALYSIS)
        if run is None:
            return False
        began = time.monotonic()
        state = await self._make(run, now)
        self._metrics.searches.labels(state).inc()
        self._metrics.seconds.observe(time.monotonic() - began)
        return True

    async def _make(self, run: store.Run, now: datetime) -> str:
        async with self._database.connection() as conn:
            opening = (await store.openings(conn, [run.vacancy_id]))[run.vacancy_id]
        if opening.closed_at or run.attempts > ATTEMPTS:
            return await self._end(run, "cancelled" if opening.closed_at else "failed")
        found = await self._finder.find(opening, now)
        reach("searched before recorded")
        async with self._database.transaction() as conn:
            if not await store.finish(conn, run, "done"):
                return "lost"
            shown = await _to_show(conn, run, opening, found)
            await ledger.keep_search(
                conn, self._search(run, opening, found, now), found.considered, shown
            )
            if shown:
                await put(conn, MATCHES, [_shortlist_ready(run, opening, found, shown, now)])
        self._metrics.pool.set(found.ranked)
        self._metrics.shortlisted.inc(len(shown))
        _log.info("matcher.search_done", run=run.id, ranked=found.ranked, shown=len(shown))
        return "done"

    async def _end(self, run: store.Run, state: str) -> str:
        async with self._database.transaction() as conn:
            await store.finish(conn, run, state)
        return state

    def _search(
        self, run: store.Run, opening: Opening, found: Found, now: datetime
    ) -> ledger.Search:
        return ledger.Search(
            id=run.id,
            opening=opening,
            criteria=what_it_asks(opening.vacancy),
            remarks=found.remarks,
            ranker=f"{self._ranker.name} {self._ranker.version}",
            newcomers=run.newcomers,
            known_people=found.known,
            ranked_people=found.ranked,
            searched_at=now,
        )


async def _to_show(
    conn: asyncpg.Connection, run: store.Run, opening: Opening, found: Found
) -> list[ShortlistedCandidate]:
    """Gives the shortlist without those erased meanwhile; for newcomers, those not yet shown."""
    there = await store.still_there(conn, [entry.number for entry in found.entries])
    entries = [entry for entry in found.entries if entry.number in there]
    shown = [shortlisted(entry, rank) for rank, entry in enumerate(entries, 1)]
    if run.newcomers is None:
        return shown
    new = set(run.newcomers) - await ledger.shown_before(conn, opening)
    return [candidate for candidate in shown if candidate.candidate_id in new]


def _shortlist_ready(
    run: store.Run,
    opening: Opening,
    found: Found,
    shown: Sequence[ShortlistedCandidate],
    now: datetime,
) -> Event:
    event = Event.about(
        ShortlistReady(
            shortlist_id=run.id,
            vacancy_id=opening.vacancy.vacancy_id,
            vacancy_title=opening.vacancy.title,
            continues=any(candidate.application_id for candidate in shown),
            considered=found.ranked,
            candidates=list(shown),
            ranked_at=now,
        ),
        source="matcher",
        at=now,
        id=run.id,
    )
    return replace(event, correlation_id=run.correlation_id, causation_id=run.causation_id)
