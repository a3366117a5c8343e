"""The search ledger: what was looked for and found, kept for good, and what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from services.matcher.domain.people import Outcome
from services.matcher.domain.vacancies import Opening
from services.matcher.ranking.bags import Numbers
from shared.contract.events.matches import ShortlistedCandidate
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("ledger.sql"))


@dataclass(frozen=True)
class Search:
    """What the ledger keeps of one search, beside those it considered and showed."""

    id: str
    opening: Opening
    criteria: str
    remarks: Sequence[str]
    ranker: str
    newcomers: Sequence[str] | None
    known_people: int
    ranked_people: int
    searched_at: datetime


@dataclass(frozen=True)
class Afterward:
    """Something that was heard of after a search: a decision, a plan, a message, an answer."""

    event_id: str
    what: str
    candidate_id: str
    at: datetime
    vacancy_id: str | None = None
    shortlist_id: str | None = None
    contact_id: str | None = None


async def shown_before(conn: asyncpg.Connection, opening: Opening) -> set[str]:
    """Tells who was shown for a vacancy since it opened."""
    rows = await _queries.shown_before(
        conn, vacancy_id=opening.vacancy.vacancy_id, since=opening.opened_at
    )
    return {row["candidate_id"] for row in rows}


async def keep_search(
    conn: asyncpg.Connection,
    search: Search,
    considered: Mapping[Outcome, Numbers],
    shown: Sequence[ShortlistedCandidate],
) -> None:
    """Writes a search into the ledger, for good."""
    await _queries.keep_search(
        conn,
        id=search.id,
        vacancy_id=search.opening.vacancy.vacancy_id,
        version=search.opening.version,
        criteria=search.criteria,
        remarks=search.remarks,
        ranker=search.ranker,
        reopened=search.opening.reopened,
        newcomers=search.newcomers,
        known=search.known_people,
        ranked=search.ranked_people,
        now=search.searched_at,
    )
    await _queries.keep_considered(
        conn,
        id=search.id,
        outcomes=list(considered),
        numbers=[f"{{{','.join(map(str, numbers.tolist()))}}}" for numbers in considered.values()],
    )
    await _queries.keep_shown(
        conn,
        id=search.id,
        ranks=[at.rank for at in shown],
        candidates=[at.candidate_id for at in shown],
        scores=[at.score for at in shown],
        tiers=[at.tier for at in shown],
        readiness=[at.readiness for at in shown],
        applications=[at.application_id for at in shown],
    )
    await _queries.keep_reasons(
        conn,
        id=search.id,
        candidates=[at.candidate_id for at in shown],
        speaking_for=[json.dumps(at.reasons_for) for at in shown],
        speaking_against=[json.dumps(at.reasons_against) for at in shown],
    )


async def note(conn: asyncpg.Connection, notes: Sequence[Afterward]) -> None:
    """Adds to the ledger what was heard of afterwards."""
    await _queries.note(
        conn,
        events=[at.event_id for at in notes],
        what=[at.what for at in notes],
        candidates=[at.candidate_id for at in notes],
        vacancies=[at.vacancy_id for at in notes],
        shortlists=[at.shortlist_id for at in notes],
        contacts=[at.contact_id for at in notes],
        at=[at.at for at in notes],
    )


async def searches(conn: asyncpg.Connection, vacancy_id: str) -> list[asyncpg.Record]:
    """Gives the searches for a vacancy, oldest first."""
    rows: list[asyncpg.Record] = await _queries.searches(conn, vacancy_id=vacancy_id)
    return rows


async def considered(conn: asyncpg.Connection, search_ids: Sequence[str]) -> list[asyncpg.Record]:
    """Counts whom each search considered, by outcome."""
    rows: list[asyncpg.Record] = await _queries.considered(conn, ids=search_ids)
    return rows


async def shown(
    conn: asyncpg.Connection, search_ids: Sequence[str]
) -> dict[str, list[ShortlistedCandidate]]:
    """Gives whom each search showed, with the reasons that no erasure took away."""
    lists: dict[str, list[ShortlistedCandidate]] = {search_id: [] for search_id in search_ids}
    for row in await _queries.shown(conn, ids=search_ids):
        reasons = {name: json.loads(row[name]) for name in ("reasons_for", "reasons_against")}
        lists[row["search_id"]].append(ShortlistedCandidate.model_validate(dict(row) | reasons))
    return lists


async def afterwards(conn: asyncpg.Connection, vacancy_id: str) -> list[asyncpg.Record]:
    """Gives what came of a vacancy's shortlists."""
    rows: list[asyncpg.Record] = await _queries.afterwards(conn, vacancy_id=vacancy_id)
    return rows
