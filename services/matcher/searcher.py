"""Chooses how a search is made, and records what it leads to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg

from services.matcher.domain.shortlist import WEIGHTS_VERSION, shortlisted
from services.matcher.domain.vacancies import Opening, fingerprint, what_it_asks
from services.matcher.newcomer_search import NewcomerSearch
from services.matcher.pool_search import PoolSearch
from services.matcher.ranking import Ranker
from services.matcher.ranking.documents import ANALYSIS
from services.matcher.search import SearchOutcome
from services.matcher.store import people, search_ledger, vacancies
from services.matcher.store.search_jobs import SearchJob
from services.matcher.store.search_ledger import Ranked
from services.matcher.store.vacancies import Measured
from shared.contract.events.cloudevents import Event
from shared.contract.events.matches import ShortlistedCandidate, ShortlistReady
from shared.contract.topics import MATCHES
from shared.runtime.outbox import put
from shared.runtime.postgres import Database

NEWS_AFTER = timedelta(days=1)
"""A list of the same people is no news so soon, as where a vacancy closes and opens again."""

MEASURED_FOR = timedelta(days=7)
"""How long newcomers are compared with the same search of everybody."""


class Searcher:
    def __init__(
        self,
        database: Database,
        pool_search: PoolSearch,
        newcomer_search: NewcomerSearch,
        ranker: Ranker,
    ) -> None:
        self._database = database
        self._pool_search = pool_search
        self._newcomer_search = newcomer_search
        self._ranker = f"{ranker.name} {ranker.version}"
        self._measured_by = f"{self._ranker}, analysis {ANALYSIS}, weights {WEIGHTS_VERSION}"

    async def search(
        self, opening: Opening, now: datetime, newcomers: Sequence[str] | None = None
    ) -> SearchOutcome:
        """Searches everybody, or newcomers alone; everybody too where nothing current is measured.

        Changes nothing.
        """
        if newcomers is not None:
            async with self._database.connection() as conn:
                measured = await vacancies.measured(
                    conn,
                    opening,
                    ranker=self._measured_by,
                    asked=fingerprint(opening.vacancy),
                    since=now - MEASURED_FOR,
                )
            if measured:
                return await self._newcomer_search.search(opening, measured, newcomers, now)
        return await self._pool_search.search(opening, now)

    async def record(
        self,
        conn: asyncpg.Connection,
        job: SearchJob,
        opening: Opening,
        outcome: SearchOutcome,
        now: datetime,
    ) -> int:
        """Writes a search into the ledger and publishes its shortlist; returns its length."""
        earlier: set[str] = set()
        if job.newcomers is not None:
            earlier = await search_ledger.shown_before(conn, opening)
        ranked = await _ranked(conn, job, outcome, earlier)
        shown = [at.candidate for at in ranked if at.shown]
        search = self._ledger_entry(job, opening, outcome, now)
        if shown and job.newcomers is None:
            since = now - NEWS_AFTER
            before = await search_ledger.repeated(conn, opening, search.criteria, shown, since)
            search = replace(search, repeats=before)
        await search_ledger.keep_search(conn, search, outcome.considered, ranked)
        if outcome.statistics:
            await vacancies.keep_measured(
                conn,
                opening,
                Measured(job.id, now, outcome.statistics),
                ranker=self._measured_by,
                asked=fingerprint(opening.vacancy),
            )
        if shown:
            ready = _shortlist_ready(job, search, outcome, shown, beside=bool(earlier))
            await put(conn, MATCHES, [ready])
        return len(shown)

    def _ledger_entry(
        self, job: SearchJob, opening: Opening, outcome: SearchOutcome, now: datetime
    ) -> search_ledger.Search:
        return search_ledger.Search(
            id=job.id,
            opening=opening,
            criteria=what_it_asks(opening.vacancy),
            remarks=outcome.remarks,
            ranker=self._ranker,
            weights=str(WEIGHTS_VERSION),
            newcomers=None if job.newcomers is None else len(set(job.newcomers)),
            known_people=outcome.known,
            ranked_people=outcome.ranked,
            searched_at=now,
        )


async def _ranked(
    conn: asyncpg.Connection, job: SearchJob, outcome: SearchOutcome, earlier: set[str]
) -> list[Ranked]:
    """Returns the shortlist and who comes next, without those erased meanwhile.

    A search about newcomers shows those of the shortlist who are, and were not shown before.
    """
    places = [*outcome.shortlist, *outcome.near]
    there = await people.still_there(conn, [place.candidacy.number for place in places])
    shown = {place.candidacy.candidate_id for place in outcome.shortlist}
    if job.newcomers is not None:
        shown &= set(job.newcomers) - earlier
    ranked, erased = [], 0
    for place in places:
        candidacy = place.candidacy
        if candidacy.number not in there:
            erased += 1
            continue
        candidate = shortlisted(candidacy, place.rank - erased)
        ranked.append(Ranked(candidate, candidacy.shares, shown=candidacy.candidate_id in shown))
    return ranked


def _shortlist_ready(
    job: SearchJob,
    search: search_ledger.Search,
    outcome: SearchOutcome,
    shown: Sequence[ShortlistedCandidate],
    *,
    beside: bool,
) -> Event:
    vacancy, now = search.opening.vacancy, search.searched_at
    event = Event.about(
        ShortlistReady(
            shortlist_id=job.id,
            vacancy_id=vacancy.vacancy_id,
            vacancy_title=vacancy.title,
            continues=any(candidate.application_id for candidate in shown),
            considered=outcome.ranked,
            candidates=list(shown),
            ranked_lower=outcome.ranked_lower if job.newcomers is None else 0,
            ranked_at=now,
            of_newcomers=beside,
            repeats=search.repeats,
        ),
        source="matcher",
        at=now,
        id=job.id,
    )
    return replace(event, correlation_id=job.correlation_id, causation_id=job.causation_id)
