"""Finds whom a vacancy makes relevant: who may be listed, ranked, held against what is asked."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
import numpy as np

from services.matcher import store
from services.matcher.domain.known import Known
from services.matcher.domain.people import Outcome, finishing_order
from services.matcher.domain.shortlist import Entry, arranged, hold_against
from services.matcher.domain.vacancies import Opening, requirements_of
from services.matcher.ranking import Match, Ranking
from services.matcher.ranking.bags import Numbers
from services.matcher.ranking.documents import text_of
from services.matcher.reading import Index
from services.matcher.settings import Settings
from shared.events.candidates import CandidateChanged, Rejection
from shared.events.profile import Profile
from shared.events.shortfalls import Requirement
from shared.postgres import Database

LOOKED_AT_CLOSELY = 200
"""How many of the best by words and titles are held against every single requirement."""

NOTHING_TO_SEARCH_BY = "The vacancy has no words that one could search by."

Kept = Mapping[Outcome | None, Numbers]


@dataclass(frozen=True)
class Found:
    """What a search came to; the entries are the shortlist, in order."""

    entries: Sequence[Entry]
    considered: Mapping[Outcome, Numbers]
    """Everybody known, by what became of them."""
    ranked: int
    remarks: Sequence[str] = field(default=())

    @property
    def known(self) -> int:
        return sum(len(numbers) for numbers in self.considered.values())


class Finder:
    def __init__(self, database: Database, index: Index, settings: Settings) -> None:
        self._database = database
        self._index = index
        self._settings = settings

    async def find(self, opening: Opening, now: datetime) -> Found:
        """Searches all that is known at this moment, and changes nothing."""
        async with self._index.lock:
            await self._index.refresh()
            async with self._database.connection() as conn:
                pool = await store.pool(conn, opening, now)
                next_in_line = await _next_in_line(conn, opening, pool, now)
            listable = np.union1d(_of(pool, None), np.array(list(next_in_line), np.int64))
            ranking = await asyncio.to_thread(
                self._index.ranker.rank, opening.vacancy, listable, LOOKED_AT_CLOSELY
            )
        near = self._near(ranking, next_in_line)
        async with self._database.connection() as conn:
            rows = await store.everything_known(conn, [match.number for match in near])
        asked, remarks = requirements_of(opening.vacancy)
        if not ranking.searchable:
            remarks = [*remarks, NOTHING_TO_SEARCH_BY]
        entries = await asyncio.to_thread(_held, rows, near, opening, asked, next_in_line, now)
        shortlist = arranged(entries, self._settings.shortlist_size)
        considered = self._considered(pool, ranking, next_in_line, shortlist)
        return Found(shortlist, considered, len(listable), remarks)

    def _near(self, ranking: Ranking, next_in_line: Mapping[int, Rejection]) -> list[Match]:
        """Gives the best who have enough in common with the vacancy, and all next in line."""
        enough = self._settings.minimum_fit
        near = [
            match for match in ranking.best if match.fit >= enough or match.number in next_in_line
        ]
        found = {match.number for match in near}
        return [*near, *(ranking.match(number) for number in next_in_line if number not in found)]

    def _considered(
        self,
        pool: Kept,
        ranking: Ranking,
        next_in_line: Mapping[int, Rejection],
        shortlist: Sequence[Entry],
    ) -> dict[Outcome, Numbers]:
        shown = np.array(sorted(entry.number for entry in shortlist), np.int64)
        far = ranking.numbers[ranking.fit < self._settings.minimum_fit]
        far = np.setdiff1d(far, np.array(list(next_in_line), np.int64))
        groups = {
            outcome: np.setdiff1d(numbers, ranking.numbers)
            for outcome, numbers in pool.items()
            if outcome
        }
        groups |= {
            Outcome.SHOWN: shown,
            Outcome.TOO_FAR: far,
            Outcome.RANKED_LOWER: np.setdiff1d(ranking.numbers, np.union1d(shown, far)),
        }
        return {outcome: numbers for outcome, numbers in groups.items() if len(numbers)}


async def _next_in_line(
    conn: asyncpg.Connection, opening: Opening, pool: Kept, now: datetime
) -> dict[int, Rejection]:
    """Gives the finishing order of a vacancy that is free again, without those decided about."""
    if not opening.reopened:
        return {}
    vacancy_id = opening.vacancy.vacancy_id
    states = await store.rejected_for(conn, vacancy_id)
    numbers = {state.candidate_id: number for number, state in states.items()}
    decided = set(_of(pool, Outcome.ALREADY_DECIDED).tolist())
    order = finishing_order(list(states.values()), vacancy_id, now)
    return {
        numbers[state.candidate_id]: rejection
        for state, rejection in order
        if numbers[state.candidate_id] not in decided
    }


def _of(pool: Kept, outcome: Outcome | None) -> Numbers:
    return pool.get(outcome, np.empty(0, np.int64))


def _held(
    rows: Sequence[asyncpg.Record],
    near: Sequence[Match],
    opening: Opening,
    asked: Sequence[Requirement],
    next_in_line: Mapping[int, Rejection],
    now: datetime,
) -> list[Entry]:
    """Holds each of those near against the vacancy; those next in line come first, in order."""
    matches = {match.number: match for match in near}
    entries = {
        row["number"]: hold_against(
            _known(row, now),
            opening.vacancy,
            asked,
            number=row["number"],
            relevance=matches[row["number"]].relevance,
            shared=matches[row["number"]].shared,
            continues=next_in_line.get(row["number"]),
        )
        for row in rows
    }
    line = [entries.pop(number) for number in next_in_line if number in entries]
    return [*line, *entries.values()]


def _known(row: asyncpg.Record, now: datetime) -> Known:
    profile = Profile.model_validate_json(row["profile"] or "{}")
    state = CandidateChanged.model_validate_json(row["state"])
    return Known(state, profile, text_of(profile), now.date())
