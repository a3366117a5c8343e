"""Shortlists as the matcher made them, and what recruiters decided about those on them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import asyncpg
from pydantic import TypeAdapter

from services.intake.interests.domain import Ending
from services.intake.interests.store import ending
from services.intake.shortlists.domain import Because, Choice, ShortlistDecision
from shared.contract.events.applications import Tier
from shared.contract.events.evidence import Evidence, Readiness
from shared.contract.events.matches import ShortlistReady
from shared.contract.events.people import PersonName
from shared.contract.events.purposes import LETTERS, REQUESTED, Purpose
from shared.contract.events.responses import Withdrawal
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
    ranked_lower: int
    of_newcomers: bool
    ranked_at: datetime


@dataclass(frozen=True, slots=True)
class ShortlistEntry:
    """Somebody on a shortlist who is still in the record, and what became of them there."""

    shortlist_id: str
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
    asked_at: datetime | None
    """When an approval was passed on."""
    withdrawn_at: datetime | None
    withdrawn_because: Withdrawal | None
    taken_back_at: datetime | None
    """When a recruiter took an approval back, also where the vacancy has closed since."""
    left_at: datetime | None
    """When a message to them left; so are the next two of that message."""
    arrived_at: datetime | None
    failed_at: datetime | None
    """When it turned out not to reach them."""
    answer: str | None
    answered_at: datetime | None
    wrote_at: datetime | None
    """When they last answered that message by mail, in their own words."""
    read_at: datetime | None
    """When a human had read all that they so wrote."""
    interest_id: str | None
    """What they answered, where they would like to talk."""
    interest_ending: Ending | None
    interest_closed_at: datetime | None
    """When the vacancy closed while a recruiter was talking with them."""
    told_end_at: datetime | None
    """When a message left that tells how it ended."""
    was_continued: bool
    """Whether they were asked before, from another list, to go on with the application."""
    is_being_hired: bool
    """Whether a recruiter says that they are being hired for the role of the list."""

    @property
    def is_decided(self) -> bool:
        """Whether a decision about them stands, or can be made no more: a message has left."""
        return self.choice is not None and not (self.withdrawn_at and self.left_at is None)

    @property
    def waits(self) -> bool:
        """Whether they are approved and nobody was told so far."""
        return self._is_approved and self.asked_at is None

    @property
    def is_under_way(self) -> bool:
        """Whether their approval was passed on and stands."""
        return self._is_approved and self.asked_at is not None

    @property
    def can_be_taken_back(self) -> bool:
        """Whether their approval can still be taken back: nothing has left, nor ever will."""
        return self._is_approved and self.left_at is None and self.failed_at is None

    @property
    def _is_approved(self) -> bool:
        return self.choice is Choice.APPROVED and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that was sent."""

    purpose: Purpose
    at: datetime
    vacancy_title: str | None = None
    """The role it was about, where it was about one that a reader may know of."""


@dataclass(frozen=True, slots=True)
class History:
    """What somebody was told, the last message they got, and their last answer."""

    told: SentMessage | None = None
    latest: SentMessage | None = None
    answer: str | None = None
    answered_about: str | None = None
    """The title of the vacancy that was answered about, where it is known and may be told."""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenVacancy:
    """A vacancy as a recruiter of it may see it."""

    vacancy: Vacancy
    source: str
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


async def hold(conn: asyncpg.Connection, vacancy_id: str) -> OpenVacancy | None:
    """Keeps a vacancy as it is, and decisions about it in order, until the transaction ends."""
    row = await _queries.hold(conn, vacancy_id=vacancy_id)
    return _open_vacancy(row) if row else None


async def waiting(conn: asyncpg.Connection, job: str, after: str, limit: int) -> list[str]:
    """Returns vacancies for which somebody approved waits for their turn, in order of id."""
    rows = await _queries.waiting(conn, job=job, after=after, limit=limit)
    return [row["vacancy_id"] for row in rows]


async def candidate_ids(conn: asyncpg.Connection, shortlist_id: str) -> list[str]:
    """Returns everybody on a shortlist who is still in the record."""
    rows = await _queries.candidate_ids(conn, shortlist_id=shortlist_id)
    return [row["candidate_id"] for row in rows]


async def vacancy(
    conn: asyncpg.Connection, vacancy_id: str, recruiter_id: str
) -> OpenVacancy | None:
    """Returns a vacancy for one of its present recruiters; None for anybody else."""
    row = await _queries.vacancy(conn, vacancy_id=vacancy_id, recruiter_id=recruiter_id)
    return _open_vacancy(row) if row else None


async def listed(
    conn: asyncpg.Connection, shortlist_id: str, sees: str | None
) -> list[ShortlistEntry]:
    """Returns those on a shortlist who are still there by rank, named as one source does or all."""
    rows = await _queries.listed(conn, shortlist_id=shortlist_id, sees=sees)
    return [_entry(row) for row in rows]


async def finishers(conn: asyncpg.Connection, vacancy_id: str) -> list[ShortlistEntry]:
    """Returns those who just missed out on a vacancy, in finishing order, from all its lists."""
    rows = await _queries.finishers(conn, vacancy_id=vacancy_id, sees=None)
    return [_entry(row) for row in rows]


async def others_came_close(conn: asyncpg.Connection, vacancy: Vacancy) -> bool:
    """Tells whether others than its finishers, who came close too, may be asked about a role."""
    found: bool = await _queries.others_came_close(
        conn, vacancy_id=vacancy.vacancy_id, title=vacancy.title
    )
    return found


async def histories(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], sees: str | None
) -> dict[str, History]:
    """Returns what people were told, their last message and their last answer.

    Names the vacancy that was answered about where it is of the one source, or of any.
    """
    rows = await _queries.histories(
        conn,
        ids=list(candidate_ids),
        tellings=sorted(LETTERS),
        requested=sorted(REQUESTED),
        sees=sees,
    )
    return {row["candidate_id"]: _history(row) for row in rows}


async def decide(
    conn: asyncpg.Connection,
    shortlist_id: str,
    recruiter_id: str,
    decision: ShortlistDecision,
    candidate_ids: Collection[str],
    now: datetime,
) -> set[str]:
    """Keeps a decision where there is none, or none any more; returns those it was kept for."""
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


async def ask(
    conn: asyncpg.Connection, shortlist_id: str, candidate_ids: Sequence[str], now: datetime
) -> dict[str, str]:
    """Marks approvals as passed on; returns who approved each of those that were not before."""
    rows = await _queries.ask(
        conn, shortlist_id=shortlist_id, candidate_ids=list(candidate_ids), now=now
    )
    return {row["candidate_id"]: row["recruiter_id"] for row in rows}


async def take_back(
    conn: asyncpg.Connection, shortlist_id: str, candidate_ids: Sequence[str], now: datetime
) -> dict[str, bool]:
    """Takes approvals back; returns whether each of those that stood had been passed on."""
    rows = await _queries.take_back(
        conn, shortlist_id=shortlist_id, candidate_ids=list(candidate_ids), now=now
    )
    return {row["candidate_id"]: row["asked_at"] is not None for row in rows}


async def withdraw(
    conn: asyncpg.Connection, vacancy_ids: Sequence[str], now: datetime
) -> Sequence[asyncpg.Record]:
    """Takes back what was approved for these vacancies; returns what had been passed on."""
    rows: Sequence[asyncpg.Record] = await _queries.withdraw(
        conn, vacancy_ids=list(vacancy_ids), now=now
    )
    return rows


async def resume(
    conn: asyncpg.Connection, vacancy_ids: Sequence[str], closed_since: datetime
) -> list[tuple[Vacancy, dict[str, Any]]]:
    """Lets approvals stand that a closing since then withdrew after a message had left.

    Returns each with its vacancy, but for those who were told of the closing meanwhile; what had
    been taken back before is so again.
    """
    rows = await _queries.resume(conn, vacancy_ids=list(vacancy_ids), closed_since=closed_since)
    return [(Vacancy.model_validate_json(row["vacancy"]), dict(row)) for row in rows]


async def backgrounds(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], most: int, sees: str | None
) -> Sequence[asyncpg.Record]:
    """Returns messages, applications, profiles and news of each of these people, as JSON.

    All but the messages are those of one source, or of all.
    """
    rows: Sequence[asyncpg.Record] = await _queries.backgrounds(
        conn, ids=list(candidate_ids), most=most, requested=sorted(REQUESTED), sees=sees
    )
    return rows


async def request_links(
    conn: asyncpg.Connection,
    email: str,
    *,
    before: datetime,
    since: datetime,
    most_a_day: int,
    most: int,
    now: datetime,
) -> dict[str, list[asyncpg.Record]]:
    """Returns the open shortlists of each recruiter of an address who may be sent links again."""
    rows = await _queries.request_links(
        conn,
        email=email,
        before=before,
        since=since,
        most_a_day=most_a_day,
        most=most,
        now=now,
    )
    theirs: dict[str, list[asyncpg.Record]] = defaultdict(list)
    for row in rows:
        theirs[row["recruiter_id"]].append(row)
    return theirs


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


def _open_vacancy(row: asyncpg.Record) -> OpenVacancy:
    vacancy = Vacancy.model_validate_json(row["vacancy"])
    return OpenVacancy(vacancy, row["source"], row["status"] == "open", row["closed_at"])


def _entry(row: asyncpg.Record) -> ShortlistEntry:
    name = PersonName.model_validate_json(row["name"]).display if row["name"] else ""
    withdrawn_because = row["withdrawn_because"]
    return ShortlistEntry(
        shortlist_id=row["shortlist_id"],
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
        asked_at=row["asked_at"],
        withdrawn_at=row["withdrawn_at"],
        withdrawn_because=Withdrawal(withdrawn_because) if withdrawn_because else None,
        taken_back_at=row["taken_back_at"],
        left_at=row["left_at"],
        arrived_at=row["arrived_at"],
        failed_at=row["failed_at"],
        answer=row["answer"],
        answered_at=row["answered_at"],
        wrote_at=row["wrote_at"],
        read_at=row["read_at"],
        interest_id=row["interest_id"],
        interest_ending=ending(row),
        interest_closed_at=row["closed_at"],
        told_end_at=row["told_end_at"],
        was_continued=row["was_continued"],
        is_being_hired=row["is_being_hired"],
    )
