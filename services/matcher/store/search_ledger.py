"""The search ledger: what was looked for and found, and what came of it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from services.matcher.domain.eligibility import PersonOutcome
from services.matcher.domain.remarks import Remark
from services.matcher.domain.shortlist import Order, Shares, order
from services.matcher.domain.vacancies import Opening
from services.matcher.store.vacancies import Measured
from shared.contract.events.applications import Tier
from shared.contract.events.evidence import Evidence, Readiness
from shared.contract.events.matches import ShortlistedCandidate
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_suffix(".sql"))


@dataclass(frozen=True)
class Search:
    """What the ledger keeps of one search, beside those it considered and ranked."""

    id: str
    opening: Opening
    criteria: str
    remarks: Sequence[Remark]
    ranker: str
    weights: str
    newcomers: int | None
    known_people: int
    ranked_people: int
    searched_at: datetime
    repeats: str | None = None
    """The search of shortly before that showed the same people."""


@dataclass(frozen=True)
class Considered:
    """How many people came to one outcome, and which of them, where it is kept."""

    outcome: PersonOutcome
    people: int
    numbers: Sequence[int] | None = None


@dataclass(frozen=True)
class Ranked:
    """Somebody shown or near the line, with what their score is made of."""

    candidate: ShortlistedCandidate
    shares: Shares
    shown: bool


@dataclass(frozen=True)
class Rival:
    """Somebody ranked before, whom a newcomer is compared with."""

    candidate_id: str
    order: Order


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


async def repeated(
    conn: asyncpg.Connection,
    opening: Opening,
    criteria: str,
    shown: Sequence[ShortlistedCandidate],
    since: datetime,
) -> str | None:
    """Returns the search since then that showed the same first, if nobody has decided anything."""
    found: str | None = await _queries.repeated(
        conn,
        vacancy_id=opening.vacancy.vacancy_id,
        criteria=criteria,
        since=since,
        candidates=[at.candidate_id for at in shown],
        applications=[at.application_id for at in shown],
    )
    return found


async def keep_search(
    conn: asyncpg.Connection,
    search: Search,
    considered: Sequence[Considered],
    ranked: Sequence[Ranked],
) -> None:
    """Writes a search into the ledger."""
    await _queries.keep_search(
        conn,
        id=search.id,
        vacancy_id=search.opening.vacancy.vacancy_id,
        version=search.opening.version,
        criteria=search.criteria,
        remarks=json.dumps([asdict(remark) for remark in search.remarks]),
        ranker=search.ranker,
        weights=search.weights,
        reopened=search.opening.reopened,
        newcomers=search.newcomers,
        known=search.known_people,
        ranked=search.ranked_people,
        now=search.searched_at,
        repeats=search.repeats,
    )
    await _queries.keep_considered(
        conn,
        id=search.id,
        outcomes=[at.outcome for at in considered],
        people=[at.people for at in considered],
        numbers=[
            None if at.numbers is None else f"{{{','.join(map(str, at.numbers))}}}"
            for at in considered
        ],
    )
    await _keep_ranked(conn, search.id, ranked)
    shown = [at.candidate for at in ranked if at.shown]
    await _queries.keep_reasons(
        conn,
        id=search.id,
        candidates=[at.candidate_id for at in shown],
        speaking_for=[_json(at.reasons_for) for at in shown],
        speaking_against=[_json(at.reasons_against) for at in shown],
    )


async def _keep_ranked(conn: asyncpg.Connection, search_id: str, ranked: Sequence[Ranked]) -> None:
    people = [at.candidate for at in ranked]
    await _queries.keep_ranked(
        conn,
        id=search_id,
        ranks=[at.rank for at in people],
        candidates=[at.candidate_id for at in people],
        shown=[at.shown for at in ranked],
        scores=[at.shares.score for at in ranked],
        relevance=[at.shares.relevance for at in ranked],
        asked=[at.shares.asked for at in ranked],
        past=[at.shares.past for at in ranked],
        tiers=[at.tier for at in people],
        readiness=[at.readiness for at in people],
        ready_on=[at.ready_on for at in people],
        applications=[at.application_id for at in people],
    )


async def rivals(
    conn: asyncpg.Connection, vacancy_id: str, measured: Measured, limit: int
) -> list[Rival]:
    """Returns the best of those ranked since everybody was searched, and of that search."""
    rows = await _queries.rivals(
        conn,
        vacancy_id=vacancy_id,
        search_id=measured.search_id,
        since=measured.measured_at,
        limit=limit,
    )
    return [
        Rival(
            row["candidate_id"],
            order(
                row["application_id"] is not None,
                Readiness(row["readiness"]),
                row["ready_on"],
                row["score"],
                Tier(row["tier"]),
                row["candidate_id"],
            ),
        )
        for row in rows
    ]


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
    """Returns the searches for a vacancy, oldest first."""
    rows: list[asyncpg.Record] = await _queries.searches(conn, vacancy_id=vacancy_id)
    return rows


async def considered(conn: asyncpg.Connection, search_ids: Sequence[str]) -> list[asyncpg.Record]:
    """Returns how many each search considered, by outcome."""
    rows: list[asyncpg.Record] = await _queries.considered(conn, ids=search_ids)
    return rows


async def shown(
    conn: asyncpg.Connection, search_ids: Sequence[str]
) -> dict[str, list[ShortlistedCandidate]]:
    """Returns whom each search showed, with the reasons that no erasure took away."""
    lists: dict[str, list[ShortlistedCandidate]] = {search_id: [] for search_id in search_ids}
    for row in await _queries.shown(conn, ids=search_ids):
        reasons = {name: json.loads(row[name]) for name in ("reasons_for", "reasons_against")}
        lists[row["search_id"]].append(ShortlistedCandidate.model_validate(dict(row) | reasons))
    return lists


async def afterwards(conn: asyncpg.Connection, vacancy_id: str) -> list[asyncpg.Record]:
    """Returns what came of a vacancy's shortlists."""
    rows: list[asyncpg.Record] = await _queries.afterwards(conn, vacancy_id=vacancy_id)
    return rows


def _json(reasons: Sequence[Evidence]) -> str:
    dumped = [at.model_dump(mode="json", by_alias=True, exclude_defaults=True) for at in reasons]
    return json.dumps(dumped)
