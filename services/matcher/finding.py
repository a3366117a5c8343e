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
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.profile import Profile
from shared.runtime.postgres import Database

LOOKED_AT_CLOSELY = 200
"""How many of the best by words and titles are held against every single requirement."""

NOTHING_TO_SEARCH_BY = "The vacancy has no words that one could search by."

Groups = Mapping[Outcome | None, Numbers]


@dataclass(frozen=True)
class People:
    """Everybody known, for one vacancy and moment."""

    groups: Groups
    """By what keeps them off the list; None where nothing does."""
    line: Mapping[int, Rejection]
    """Those who finished next in a vacancy that is free again, in order."""

    def listable(self) -> Numbers:
        return np.union1d(_of(self.groups, None), np.array(list(self.line), np.int64))


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
        """Searches all that is known at this moment, and changes nothing.

        Whatever grows with the pool or its texts is done in a thread.
        """
        async with self._index.lock:
            await self._index.refresh()
            async with self._database.connection() as conn:
                groups = await store.pool(conn, opening, now)
                line = await _next_in_line(conn, opening, groups, now)
            people = People(groups, line)
            ranking = await asyncio.to_thread(self._rank, opening, people)
        near = self._near(ranking, line)
        async with self._database.connection() as conn:
            rows = await store.everything_known(conn, list(near))
        known = [(row, near[row["number"]]) for row in rows]
        return await asyncio.to_thread(self._conclude, opening, people, ranking, known, now)

    def _rank(self, opening: Opening, people: People) -> Ranking:
        return self._index.ranker.rank(opening.vacancy, people.listable(), LOOKED_AT_CLOSELY)

    def _near(self, ranking: Ranking, line: Mapping[int, Rejection]) -> dict[int, Match]:
        """Gives the best who have enough in common with the vacancy, and all next in line."""
        enough = self._settings.minimum_fit
        best = {match.number: match for match in ranking.best}
        near = {number: match for number, match in best.items() if match.fit >= enough}
        return near | {number: best.get(number) or ranking.match(number) for number in line}

    def _conclude(
        self,
        opening: Opening,
        people: People,
        ranking: Ranking,
        near: Sequence[tuple[asyncpg.Record, Match]],
        now: datetime,
    ) -> Found:
        asked, remarks = requirements_of(opening.vacancy)
        if not ranking.searchable:
            remarks = [*remarks, NOTHING_TO_SEARCH_BY]
        entries = {
            match.number: hold_against(
                _known(row, now),
                opening.vacancy,
                asked,
                number=match.number,
                relevance=match.relevance,
                shared=match.shared,
                continues=people.line.get(match.number),
            )
            for row, match in near
        }
        first = [entries.pop(number) for number in people.line if number in entries]
        shortlist = arranged([*first, *entries.values()], self._settings.shortlist_size)
        considered = self._considered(people, ranking, shortlist)
        return Found(shortlist, considered, len(ranking.numbers), remarks)

    def _considered(
        self, people: People, ranking: Ranking, shortlist: Sequence[Entry]
    ) -> dict[Outcome, Numbers]:
        shown = np.array(sorted(entry.number for entry in shortlist), np.int64)
        far = ranking.numbers[ranking.fit < self._settings.minimum_fit]
        far = np.setdiff1d(far, np.array(list(people.line), np.int64))
        groups = {
            outcome: np.setdiff1d(numbers, ranking.numbers)
            for outcome, numbers in people.groups.items()
            if outcome
        }
        groups |= {
            Outcome.SHOWN: shown,
            Outcome.TOO_FAR: far,
            Outcome.RANKED_LOWER: np.setdiff1d(ranking.numbers, np.union1d(shown, far)),
        }
        return {outcome: numbers for outcome, numbers in groups.items() if len(numbers)}


async def _next_in_line(
    conn: asyncpg.Connection, opening: Opening, groups: Groups, now: datetime
) -> dict[int, Rejection]:
    """Gives the finishing order of a vacancy that is free again, without those decided about."""
    if not opening.reopened:
        return {}
    vacancy_id = opening.vacancy.vacancy_id
    states = await store.rejected_for(conn, vacancy_id)
    numbers = {state.candidate_id: number for number, state in states.items()}
    decided = set(_of(groups, Outcome.ALREADY_DECIDED).tolist())
    order = finishing_order(list(states.values()), vacancy_id, now)
    return {
        numbers[state.candidate_id]: rejection
        for state, rejection in order
        if numbers[state.candidate_id] not in decided
    }


def _of(groups: Groups, outcome: Outcome | None) -> Numbers:
    return groups.get(outcome, np.empty(0, np.int64))


def _known(row: asyncpg.Record, now: datetime) -> Known:
    profile = Profile.model_validate_json(row["profile"] or "{}")
    state = CandidateChanged.model_validate_json(row["state"])
    return Known(state, profile, text_of(profile), now.date())
