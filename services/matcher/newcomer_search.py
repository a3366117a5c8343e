"""Searches newcomers alone for an open vacancy, and compares them with those found before.

They are ranked by what the newest search of everybody measured of the pool, so that they get the
scores they would have had in it, and take their places among those whom that search and the ones
since ranked near the line. So a search costs what its newcomers cost, whatever the pool is.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.matcher.domain.eligibility import PersonOutcome, bar_to, finishing_order
from services.matcher.domain.shortlist import Candidacy, arranged
from services.matcher.domain.vacancies import Opening
from services.matcher.indexing import document_of
from services.matcher.ranking import Document, Ranker, Ranking
from services.matcher.search import (
    NEAR_THE_LINE,
    CloseLook,
    RankedCandidacy,
    SearchOutcome,
    listed,
    look_closely,
    readable_states,
    worth_a_look,
)
from services.matcher.settings import Settings
from services.matcher.store import bags, eligibility, people, search_ledger
from services.matcher.store.bags import PackedBags
from services.matcher.store.search_ledger import Considered, Rival
from services.matcher.store.vacancies import Measured
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.runtime.postgres import Database

MOST_RIVALS = 200
"""So many of those ranked before may stand between a newcomer and the shortlist."""

AT_ONCE = 500
"""The bags of so many people are fetched at a time."""

Standings = dict[int, PersonOutcome | None]
"""People, by number, and what keeps each off the list: None where nothing does."""


@dataclass(frozen=True)
class Newcomers:
    """Those whom the search is about, at this moment."""

    standings: Standings
    line: Mapping[int, Rejection]
    """Those who finished next in this vacancy, which is free again."""

    @property
    def listable(self) -> list[int]:
        return [number for number, bar in self.standings.items() if bar is None]


class NewcomerSearch:
    def __init__(self, database: Database, ranker: Ranker, settings: Settings) -> None:
        self._database = database
        self._ranker = ranker
        self._settings = settings

    async def search(
        self, opening: Opening, measured: Measured, candidates: Sequence[str], now: datetime
    ) -> SearchOutcome:
        """Searches some people for a vacancy, and changes nothing."""
        async with self._database.connection() as conn:
            newcomers = await _newcomers(conn, opening, candidates, now)
            documents = await _documents(conn, newcomers.listable)
            rivals = await _rivals(conn, opening, measured, set(candidates), now)
        ranking = await asyncio.to_thread(
            self._ranker.rank_newcomers, opening.vacancy, measured.statistics, documents
        )
        near = worth_a_look(ranking, newcomers.line, self._settings.minimum_fit)
        async with self._database.connection() as conn:
            rows = await people.texts_of(conn, list(near))
        look = await asyncio.to_thread(
            look_closely,
            opening,
            ranking,
            rows,
            near,
            newcomers.line,
            now,
            self._settings.here,
        )
        return self._outcome(newcomers, ranking, look, rivals)

    def _outcome(
        self,
        newcomers: Newcomers,
        ranking: Ranking,
        look: CloseLook,
        rivals: Sequence[Rival],
    ) -> SearchOutcome:
        everybody: list[Rival | Candidacy] = [*rivals, *look.candidacies]
        order = enumerate(arranged(everybody), 1)
        places = [
            RankedCandidacy(rank, candidacy)
            for rank, candidacy in order
            if isinstance(candidacy, Candidacy)
        ]
        shortlist = listed(places, self._settings.shortlist_size)
        return SearchOutcome(
            shortlist=shortlist,
            near=places[len(shortlist) : len(shortlist) + NEAR_THE_LINE],
            considered=self._considered(newcomers, ranking, look, shortlist),
            ranked=len(ranking.numbers),
            remarks=look.remarks,
        )

    def _considered(
        self,
        newcomers: Newcomers,
        ranking: Ranking,
        look: CloseLook,
        shortlist: Sequence[RankedCandidacy],
    ) -> list[Considered]:
        far = set(ranking.numbers[ranking.fit < self._settings.minimum_fit].tolist())
        ended = dict.fromkeys(far - set(newcomers.line), PersonOutcome.TOO_FAR)
        ended |= dict.fromkeys(look.unreadable, PersonOutcome.UNREADABLE)
        ended |= {place.candidacy.number: PersonOutcome.SHOWN for place in shortlist}
        groups: dict[PersonOutcome, list[int]] = defaultdict(list)
        for number, bar in newcomers.standings.items():
            groups[bar or ended.get(number, PersonOutcome.RANKED_LOWER)].append(number)
        return [Considered(outcome, len(who), who) for outcome, who in groups.items()]


async def _newcomers(
    conn: asyncpg.Connection, opening: Opening, candidates: Sequence[str], now: datetime
) -> Newcomers:
    shown = await search_ledger.shown_before(conn, opening)
    decided = await eligibility.decided(conn, opening, candidates)
    rows = await eligibility.states_of(conn, opening, candidates)
    written_to = await eligibility.written_to(conn, opening)
    states = await asyncio.to_thread(readable_states, rows)
    bars: dict[str, PersonOutcome] = dict.fromkeys(shown, PersonOutcome.ALREADY_SHOWN)
    bars |= dict.fromkeys(decided, PersonOutcome.ALREADY_DECIDED)
    return await asyncio.to_thread(_standing, opening, rows, states, bars, written_to, now)


def _standing(
    opening: Opening,
    rows: Sequence[asyncpg.Record],
    states: Mapping[int, CandidateChanged],
    bars: Mapping[str, PersonOutcome],
    written_to: Mapping[str, datetime],
    now: datetime,
) -> Newcomers:
    numbers = {row["candidate_id"]: row["number"] for row in rows}
    standings: Standings = dict.fromkeys(numbers.values(), PersonOutcome.UNREADABLE)
    for number, state in states.items():
        standings[number] = bars.get(state.candidate_id) or _bar(state, opening, now)
    line = {}
    if opening.reopened:
        open_to = [state for state in states.values() if state.candidate_id not in bars]
        order = finishing_order(open_to, opening.vacancy.vacancy_id, now, written_to)
        line = {numbers[state.candidate_id]: rejection for state, rejection in order}
    return Newcomers(standings | dict.fromkeys(line), line)


async def _rivals(
    conn: asyncpg.Connection,
    opening: Opening,
    measured: Measured,
    newcomers: set[str],
    now: datetime,
) -> list[Rival]:
    """Returns those ranked before who may still be listed, as a search of everybody would."""
    vacancy_id = opening.vacancy.vacancy_id
    ranked = await search_ledger.rivals(conn, vacancy_id, measured, MOST_RIVALS)
    ids = [rival.candidate_id for rival in ranked if rival.candidate_id not in newcomers]
    rows = await eligibility.states_of(conn, opening, ids)
    states = await asyncio.to_thread(readable_states, rows)
    decided = await eligibility.decided(conn, opening, ids)
    listable = {
        state.candidate_id
        for state in states.values()
        if state.candidate_id not in decided and _bar(state, opening, now) is None
    }
    return [rival for rival in ranked if rival.candidate_id in listable]


def _bar(state: CandidateChanged, opening: Opening, now: datetime) -> PersonOutcome | None:
    if not opening.may_list(state.sources):
        return PersonOutcome.OTHER_SOURCE
    return bar_to(state, opening.vacancy.vacancy_id, now, reopened=opening.reopened)


async def _documents(conn: asyncpg.Connection, numbers: Sequence[int]) -> list[Document]:
    packed = {number: PackedBags(number) for number in numbers}
    for first in range(0, len(numbers), AT_ONCE):
        read = await bags.bags_of(conn, numbers[first : first + AT_ONCE])
        packed |= {at.number: at for at in read}
    return [document_of(at) or Document(number) for number, at in packed.items()]
