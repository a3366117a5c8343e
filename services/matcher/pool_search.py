"""Searches everybody for a vacancy: who may be listed, ranked, held against what is asked."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import numpy as np

from services.matcher.domain.eligibility import PersonOutcome, finishing_order
from services.matcher.domain.shortlist import arranged
from services.matcher.domain.vacancies import Opening
from services.matcher.index import Index
from services.matcher.ranking import Ranking
from services.matcher.ranking.bags import Numbers
from services.matcher.search import (
    LOOKED_AT_CLOSELY,
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
from services.matcher.store import eligibility, people
from services.matcher.store.eligibility import PackedPool
from services.matcher.store.search_ledger import Considered
from shared.contract.events.candidates import Rejection
from shared.runtime.postgres import Database


@dataclass(frozen=True)
class Pool:
    """Everybody known, for one vacancy and moment."""

    listable: Numbers
    """Ascending; those next in line are among them."""
    line: Mapping[int, Rejection]
    """Those who finished next in a vacancy that is free again, in order."""
    kept_off: Mapping[PersonOutcome, int]
    """How many of the others, by what keeps them off the list."""


class PoolSearch:
    def __init__(self, database: Database, index: Index, settings: Settings) -> None:
        self._database = database
        self._index = index
        self._settings = settings

    async def search(self, opening: Opening, now: datetime) -> SearchOutcome:
        """Searches all that is known at this moment, and changes nothing.

        Whatever grows with the pool or its texts is done in a thread.
        """
        async with (
            self._database.connection() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            packed = await eligibility.pool(conn, opening, now)
            turned_down = await _turned_down(conn, opening)
            written_to = await eligibility.written_to(conn, opening)
        pool = await asyncio.to_thread(_pool, opening, packed, turned_down, written_to, now)
        ranking = await self._index.rank(opening.vacancy, pool.listable, LOOKED_AT_CLOSELY)
        near = await asyncio.to_thread(worth_a_look, ranking, pool.line, self._settings.minimum_fit)
        async with self._database.connection() as conn:
            rows = await people.texts_of(conn, list(near))
        here = self._settings.here
        look = await asyncio.to_thread(
            look_closely, opening, ranking, rows, near, pool.line, now, here
        )
        return await asyncio.to_thread(self._outcome, pool, ranking, look)

    def _outcome(self, pool: Pool, ranking: Ranking, look: CloseLook) -> SearchOutcome:
        found = {candidacy.number: candidacy for candidacy in look.candidacies}
        first = [found.pop(number) for number in pool.line if number in found]
        order = arranged([*first, *found.values()])
        places = [RankedCandidacy(rank, candidacy) for rank, candidacy in enumerate(order, 1)]
        shortlist = listed(places, self._settings.shortlist_size)
        return SearchOutcome(
            shortlist=shortlist,
            near=places[len(shortlist) : len(shortlist) + NEAR_THE_LINE],
            considered=self._considered(pool, ranking, look, len(shortlist)),
            ranked=len(ranking.numbers),
            remarks=look.remarks,
            statistics=ranking.statistics,
        )

    def _considered(
        self, pool: Pool, ranking: Ranking, look: CloseLook, shown: int
    ) -> list[Considered]:
        far = ranking.numbers[ranking.fit < self._settings.minimum_fit]
        too_far = len(far) - int(np.isin(far, _numbers(pool.line)).sum())
        unreadable = len(look.unreadable)
        ranked_lower = len(ranking.numbers) - too_far - unreadable - shown
        counts = {
            **pool.kept_off,
            PersonOutcome.SHOWN: shown,
            PersonOutcome.TOO_FAR: too_far,
            PersonOutcome.UNREADABLE: unreadable,
            PersonOutcome.RANKED_LOWER: ranked_lower,
        }
        return [Considered(outcome, people) for outcome, people in counts.items() if people]


async def _turned_down(conn: asyncpg.Connection, opening: Opening) -> list[asyncpg.Record]:
    if not opening.reopened:
        return []
    return await eligibility.rejected_for(conn, opening)


def _pool(
    opening: Opening,
    packed: PackedPool,
    turned_down: Sequence[asyncpg.Record],
    written_to: Mapping[str, datetime],
    now: datetime,
) -> Pool:
    decided = set(_unpacked(packed.decided).tolist())
    order = _finishing_order(opening, turned_down, written_to, now)
    line = {number: rejection for number, rejection in order.items() if number not in decided}
    agreed = _unpacked(packed.listable)
    unasked = np.setdiff1d(_numbers(line), agreed[np.isin(agreed, _numbers(line))])
    listable = np.sort(np.concatenate((agreed, unasked)))
    kept_off = dict(packed.kept_off)
    # Nothing but a missing agreement keeps off those who are next in line.
    kept_off[PersonOutcome.NOT_AGREED] = max(
        0, kept_off.get(PersonOutcome.NOT_AGREED, 0) - len(unasked)
    )
    return Pool(listable, line, kept_off)


def _finishing_order(
    opening: Opening,
    turned_down: Sequence[asyncpg.Record],
    written_to: Mapping[str, datetime],
    now: datetime,
) -> dict[int, Rejection]:
    states = readable_states(turned_down)
    numbers = {state.candidate_id: number for number, state in states.items()}
    order = finishing_order(list(states.values()), opening.vacancy.vacancy_id, now, written_to)
    return {numbers[state.candidate_id]: rejection for state, rejection in order}


def _unpacked(packed: bytes) -> Numbers:
    return np.sort(np.frombuffer(packed, ">i8").astype(np.int64))


def _numbers(line: Mapping[int, Rejection]) -> Numbers:
    return np.array(list(line), np.int64)
