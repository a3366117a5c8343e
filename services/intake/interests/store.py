"""Interests, and the recruiters who may see them: those of the vacancy, as it has them now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
from pydantic import TypeAdapter

from services.intake.consent.domain import LinkedMessage
from services.intake.interests.domain import Course, Ending, standing_of
from shared.contract.events.people import Channel, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import (
    Answer,
    HearingRecruiter,
    InterestEnd,
    InterestEnded,
    InterestRaised,
)
from shared.contract.events.shortfalls import Shortfall
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))
_SHORTFALLS = TypeAdapter(list[Shortfall])


DESK_SOURCE = "/notyet/intake"
"""The source of whoever hears where a vacancy has no recruiters."""


@dataclass(frozen=True, slots=True)
class Interest:
    """An interest as a recruiter sees it, with who it is and where they can be reached."""

    interest_id: str
    candidate_id: str
    name: str
    emails: Sequence[str]
    phone: str | None
    purpose: Purpose | None
    answer: Answer
    vacancy_id: str | None
    vacancy_title: str | None
    source: str
    """The system whose vacancy it is about."""
    hired_as: str | None
    """The role into which that system says they were hired, where it is known."""
    raised_at: datetime
    closed_at: datetime | None
    """When the vacancy closed while they were talking."""
    ending: Ending | None


class Particulars(NamedTuple):
    """What was missing that they say they now have, and the system whose role it is."""

    shortfalls: Sequence[Shortfall]
    source: str


class SaidTo(NamedTuple):
    """The message to which somebody said that they would like to talk, and as which applicant."""

    message_id: str
    applicant_key: str
    purpose: str | None
    contact_id: str | None
    application_id: str | None
    vacancy_id: str | None


class Ended(NamedTuple):
    """An interest that has ended, and whose it was."""

    applicant_key: str
    event: InterestEnded


async def raise_one(
    conn: asyncpg.Connection,
    applicant_key: str,
    message_id: str,
    interest: InterestRaised,
    withdrawn_since: datetime,
) -> InterestRaised | None:
    """Keeps an interest, and returns it; None where nothing is new.

    What is open already, or was taken back by the person since then, goes on instead.
    """
    rows = await _queries.raise_one(
        conn,
        interest_id=interest.interest_id,
        applicant_key=applicant_key,
        message_id=message_id,
        purpose=interest.purpose,
        answer=interest.answer,
        contact_id=interest.contact_id,
        application_id=interest.application_id,
        vacancy_id=interest.vacancy_id,
        vacancy_title=interest.vacancy_title,
        at=interest.at,
        withdrawn_since=withdrawn_since,
    )
    for row in rows:
        resumed = {"interest_id": row["interest_id"], "resumed_at": interest.at}
        return interest.model_copy(update=resumed) if row["is_again"] else interest
    return None


async def going_on(
    conn: asyncpg.Connection,
    *,
    applicant_keys: Collection[str] = (),
    vacancy_ids: Collection[str] = (),
) -> list[InterestRaised]:
    """Returns what of applicants, or in vacancies, is open or being talked about.

    Who hears of it is left out.
    """
    rows = await _queries.going_on(conn, keys=list(applicant_keys), vacancy_ids=list(vacancy_ids))
    return [InterestRaised(**row) for row in rows]


async def said_to(conn: asyncpg.Connection, candidate_id: str) -> list[SaidTo]:
    """Returns the messages to which somebody said what is open or being talked about."""
    return [SaidTo(**row) for row in await _queries.said_to(conn, candidate_id=candidate_id)]


async def recruiters(
    conn: asyncpg.Connection, vacancy_ids: Collection[str | None]
) -> dict[str | None, list[HearingRecruiter]]:
    """Returns the present recruiters of each vacancy, or else who hears where there are none."""
    rows = await _queries.recruiters(conn, vacancy_ids=list(vacancy_ids))
    found: dict[str | None, list[HearingRecruiter]] = {it: [] for it in vacancy_ids}
    for row in rows:
        channels = [Channel.SMS, Channel.EMAIL] if row["mobile"] else [Channel.EMAIL]
        found[row["vacancy_id"]].append(
            HearingRecruiter(
                recruiter_id=row["recruiter_id"],
                time_zone=row["time_zone"],
                channels=channels,
                since=row["assigned_at"],
            )
        )
    return found


async def unheard(conn: asyncpg.Connection) -> int:
    """Returns how many are open in vacancies that nobody recruits for."""
    number: int = await _queries.unheard(conn)
    return number


async def particulars(
    conn: asyncpg.Connection, interest_ids: Collection[str]
) -> dict[str, Particulars]:
    """Returns what belongs to each interest beside what was answered.

    What they now have is named once, in its hardest measure.
    """
    found = {}
    for row in await _queries.particulars(conn, interest_ids=list(interest_ids)):
        gaps = _SHORTFALLS.validate_json(row["shortfalls"] or "[]")
        by_months = sorted(gaps, key=lambda gap: gap.required_months or 0)
        each = {gap.thing: gap for gap in (*gaps, *by_months)}
        found[row["interest_id"]] = Particulars(list(each.values()), row["source"])
    return found


async def close_desks(conn: asyncpg.Connection, but_for: str | None, now: datetime) -> list[str]:
    """Deletes who heard where a vacancy has no recruiters, but for one address; returns the ids."""
    rows = await _queries.close_desks(conn, email=but_for, now=now)
    return [row["candidate_id"] for row in rows]


async def withdraw(
    conn: asyncpg.Connection, applicant_key: str, message: LinkedMessage, now: datetime
) -> list[Ended]:
    """Ends what somebody said to a message and its like, by their own word."""
    rows = await _queries.withdraw(
        conn,
        applicant_key=applicant_key,
        message_id=message.message_id,
        vacancy_id=message.vacancy_id,
        purpose=message.purpose,
        now=now,
    )
    return _ended(rows)


async def take_back(
    conn: asyncpg.Connection, candidate_id: str, application_id: str, now: datetime
) -> list[Ended]:
    """Ends that somebody has by now what an application lacked, by their own word."""
    rows = await _queries.take_back(
        conn, candidate_id=candidate_id, application_id=application_id, now=now
    )
    return _ended(rows)


async def end(
    conn: asyncpg.Connection,
    interest_id: str,
    recruiter_id: str,
    ended_as: InterestEnd,
    now: datetime,
) -> list[Ended]:
    """Keeps what a recruiter says came of an interest; returns nothing where it is no news."""
    rows = await _queries.end(
        conn, interest_id=interest_id, recruiter_id=recruiter_id, ended_as=ended_as, now=now
    )
    return _ended(rows)


async def close(
    conn: asyncpg.Connection,
    vacancy_ids: Collection[str],
    purposes: Collection[Purpose],
    now: datetime,
) -> list[Ended]:
    """Ends what nobody has answered about vacancies that have closed."""
    rows = await _queries.close(
        conn, vacancy_ids=list(vacancy_ids), purposes=list(purposes), now=now
    )
    return _ended(rows)


async def leave_open(
    conn: asyncpg.Connection,
    vacancy_ids: Collection[str],
    purposes: Collection[Purpose],
    now: datetime,
) -> list[InterestRaised]:
    """Opens what is being talked about in vacancies that have closed, and returns it.

    Who hears of it is left out.
    """
    rows = await _queries.leave_open(
        conn, vacancy_ids=list(vacancy_ids), purposes=list(purposes), now=now
    )
    return [InterestRaised(**row, resumed_at=now) for row in rows]


async def hire(
    conn: asyncpg.Connection,
    applicant_keys: Collection[str],
    ended_since: datetime,
    now: datetime,
) -> list[Ended]:
    """Ends what is open, or being talked about, with those of these applicants who were hired.

    That is also so of what has ended since then without a word of a recruiter.
    """
    rows = await _queries.hire(
        conn, applicant_keys=list(applicant_keys), ended_since=ended_since, now=now
    )
    return _ended(rows)


async def resume(
    conn: asyncpg.Connection, vacancy_ids: Collection[str], closed_since: datetime, now: datetime
) -> tuple[list[InterestRaised], list[Ended]]:
    """Takes back the ends that a closing since then made, as far as nobody was told of them.

    Returns what is open again, without who hears of it, and what is being talked about again.
    """
    rows = await _queries.resume(
        conn, vacancy_ids=list(vacancy_ids), closed_since=closed_since, now=now
    )
    open_again = [row for row in rows if row["ended_as"] is None]
    return (
        [InterestRaised(**row, resumed_at=now) for row in open_again],
        _ended([row for row in rows if row["ended_as"]]),
    )


async def unanswered(conn: asyncpg.Connection, job: str, before: datetime, limit: int) -> list[str]:
    """Locks and returns the oldest to which nobody has said anything since then.

    What the job has parked is not among them.
    """
    rows = await _queries.unanswered(conn, job=job, before=before, limit=limit)
    return [row["interest_id"] for row in rows]


async def end_unanswered(
    conn: asyncpg.Connection, interest_ids: Sequence[str], now: datetime
) -> list[Ended]:
    """Ends interests to which nobody has said anything for too long."""
    return _ended(await _queries.end_unanswered(conn, ids=list(interest_ids), now=now))


async def find(conn: asyncpg.Connection, interest_id: str, recruiter_id: str) -> Interest | None:
    """Returns an interest for a present recruiter of its vacancy, and for nobody else."""
    row = await _queries.find(conn, interest_id=interest_id, recruiter_id=recruiter_id)
    return _interest(row) if row else None


async def course(
    conn: asyncpg.Connection,
    candidate_id: str,
    message: LinkedMessage,
    answer: Answer = Answer.INTERESTED,
) -> Course | None:
    """Tells what came of what somebody answered last to a message or its like."""
    row = await _queries.latest(
        conn,
        candidate_id=candidate_id,
        vacancy_id=message.vacancy_id,
        purpose=message.purpose,
        answer=answer,
    )
    if row is None:
        return None
    ended = ending(row)
    return Course(standing_of(ended, row["closed_at"]), ended)


async def sent_at(conn: asyncpg.Connection, candidate_id: str, message_id: str) -> datetime | None:
    """Returns when a message left, as far as that is known yet."""
    at: datetime | None = await _queries.sent_at(
        conn, candidate_id=candidate_id, message_id=message_id
    )
    return at


async def waiting(
    conn: asyncpg.Connection, recruiter_id: str, vacancy_id: str | None = None
) -> list[Interest]:
    """Returns the open interests in a recruiter's vacancies, or in one of them, eldest first."""
    rows = await _queries.waiting(conn, recruiter_id=recruiter_id, vacancy_id=vacancy_id)
    return [_interest(row) for row in rows]


def _ended(rows: Sequence[asyncpg.Record]) -> list[Ended]:
    return [Ended(row["applicant_key"], InterestEnded(**row)) for row in rows]


def _interest(row: asyncpg.Record) -> Interest:
    return Interest(
        interest_id=row["interest_id"],
        candidate_id=row["candidate_id"],
        name=PersonName.model_validate_json(row["name"]).display if row["name"] else "",
        emails=row["emails"] or [],
        phone=row["phone"],
        purpose=Purpose(row["purpose"]) if row["purpose"] else None,
        answer=Answer(row["answer"]),
        vacancy_id=row["vacancy_id"],
        vacancy_title=row["vacancy_title"],
        source=row["source"],
        hired_as=row["hired_as"],
        raised_at=row["raised_at"],
        closed_at=row["closed_at"],
        ending=ending(row),
    )


def ending(row: Mapping[str, Any]) -> Ending | None:
    """Reads how an interest ended, if it has."""
    if row["ended_as"] is None:
        return None
    return Ending(
        InterestEnd(row["ended_as"]),
        row["ended_at"],
        row["ended_by"] is not None,
        row["closed_at"] is not None,
        row["told_at"],
    )
