"""Shortlists as the matcher made them, and what recruiters decided about those on them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import asyncpg
from pydantic import TypeAdapter

from services.intake.shortlists.domain import Because, Choice, ShortlistDecision
from shared.contract.events.applications import Tier
from shared.contract.events.evidence import Evidence, Readiness
from shared.contract.events.matches import ShortlistReady
from shared.contract.events.people import PersonName
from shared.contract.events.purposes import ABOUT_OUTCOMES, Purpose
from shared.contract.events.vacancies import Vacancy
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))
_EVIDENCE = TypeAdapter(list[Evidence])


@dataclass(frozen=True, slots=True)
class Shortlist:
    shortlist_id: str
    vacancy_id: str
    vacancy_title: str
    continues: bool
    considered: int
    listed: int
    ranked_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody on a shortlist who is still in the record."""

    candidate_id: str
    rank: int
    tier: Tier
    missed: str | None
    """The role that a runner-up just missed out on."""
    readiness: Readiness
    ready_on: date | None
    """The day by which the last that is missing is to be there, where something says so."""
    application_id: str | None
    reasons_for: Sequence[Evidence]
    reasons_against: Sequence[Evidence]
    name: str
    choice: Choice | None
    because: Because | None
    decided_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that was sent."""

    purpose: Purpose
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What somebody was told, the last message they got, and their last answer."""

    told: SentMessage | None = None
    latest: SentMessage | None = None
    answer: str | None = None
    answered_about: str | None = None
    """The title of the vacancy that was answered about, where it is still known."""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenVacancy:
    """A vacancy as a recruiter of it may see it."""

    vacancy: Vacancy
    is_open: bool
    closed_at: datetime | None


async def keep(conn: asyncpg.Connection, shortlists: Sequence[ShortlistReady]) -> None:
    """Keeps shortlists; one that is known stays as it is."""
    bodies = [shortlist.model_dump_json(by_alias=True) for shortlist in shortlists]
    await _queries.keep(conn, bodies=bodies)


async def find(conn: asyncpg.Connection, shortlist_id: str) -> Shortlist | None:
    """Returns a shortlist, if there is one of that id."""
    row = await _queries.find(conn, shortlist_id=shortlist_id)
    return Shortlist(**row) if row else None


async def hold(conn: asyncpg.Connection, vacancy_id: str) -> None:
    """Keeps a vacancy as it is until the transaction ends."""
    await _queries.hold(conn, vacancy_id=vacancy_id)


async def candidate_ids(conn: asyncpg.Connection, shortlist_id: str) -> list[str]:
    """Returns everybody on a shortlist who is still in the record."""
    rows = await _queries.candidate_ids(conn, shortlist_id=shortlist_id)
    return [row["candidate_id"] for row in rows]


async def vacancy(
    conn: asyncpg.Connection, vacancy_id: str, recruiter_id: str
) -> OpenVacancy | None:
    """Returns a vacancy for one of its present recruiters; None for anybody else."""
    row = await _queries.vacancy(conn, vacancy_id=vacancy_id, recruiter_id=recruiter_id)
    if row is None:
        return None
    vacancy = Vacancy.model_validate_json(row["vacancy"])
    return OpenVacancy(vacancy, row["status"] == "open", row["closed_at"])


async def listed(conn: asyncpg.Connection, shortlist_id: str) -> list[Place]:
    """Returns those on a shortlist who are still in the record, by rank."""
    return [_place(row) for row in await _queries.listed(conn, shortlist_id=shortlist_id)]


async def histories(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> dict[str, History]:
    """Returns what people were told, their last message and their last answer."""
    rows = await _queries.histories(conn, ids=list(candidate_ids), tellings=sorted(ABOUT_OUTCOMES))
    return {row["candidate_id"]: _history(row) for row in rows}


async def decide(
    conn: asyncpg.Connection,
    shortlist_id: str,
    recruiter_id: str,
    decision: ShortlistDecision,
    candidate_ids: Collection[str],
    now: datetime,
) -> set[str]:
    """Keeps a decision where there is none yet; returns those it was kept for."""
    rows = await _queries.decide(
        conn,
        shortlist_id=shortlist_id,
        candidate_ids=sorted(candidate_ids),
        recruiter_id=recruiter_id,
        choice=decision.choice,
        because=decision.because,
        now=now,
    )
    return {row["candidate_id"] for row in rows}


async def withdraw(
    conn: asyncpg.Connection, vacancy_ids: Sequence[str], now: datetime
) -> Sequence[asyncpg.Record]:
    """Takes back what was approved for these vacancies, and returns it."""
    rows: Sequence[asyncpg.Record] = await _queries.withdraw(
        conn, vacancy_ids=list(vacancy_ids), now=now
    )
    return rows


async def delete_before(conn: asyncpg.Connection, before: datetime, limit: int) -> int:
    """Deletes the oldest of the shortlists ranked before then; returns how many it were."""
    return len(await _queries.delete_before(conn, before=before, limit=limit))


def _history(row: asyncpg.Record) -> History:
    return History(
        told=SentMessage(Purpose(row["told_by"]), row["told_at"]) if row["told_by"] else None,
        latest=SentMessage(Purpose(row["last_purpose"]), row["last_at"])
        if row["last_purpose"]
        else None,
        answer=row["answer"],
        answered_about=row["answered_about"],
        answered_at=row["answered_at"],
    )


def _place(row: asyncpg.Record) -> Place:
    name = PersonName.model_validate_json(row["name"]).display if row["name"] else ""
    return Place(
        candidate_id=row["candidate_id"],
        rank=row["rank"],
        tier=Tier(row["tier"]),
        missed=row["missed"],
        readiness=Readiness(row["readiness"]),
        ready_on=row["ready_on"],
        application_id=row["application_id"],
        reasons_for=_EVIDENCE.validate_json(row["reasons_for"]),
        reasons_against=_EVIDENCE.validate_json(row["reasons_against"]),
        name=name,
        choice=Choice(row["choice"]) if row["choice"] else None,
        because=Because(row["because"]) if row["because"] else None,
        decided_at=row["decided_at"],
        withdrawn_at=row["withdrawn_at"],
    )
