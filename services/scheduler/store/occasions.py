"""What is planned, what became of it, and how what is due leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from services.scheduler.domain.occasions import (
    Kind,
    Occasion,
    PastOccasion,
    State,
)
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import CandidateQualified, ContactDue, InterestDue
from shared.contract.events.payload import Payload
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Answer, CandidateAnswered, ReplyReceived
from shared.contract.topics import CONTACTS
from shared.runtime.sql import Queries

queries = Queries(Path(__file__).with_suffix(".sql"))


@dataclass(frozen=True)
class ContactEnd:
    """How the notifier reports that a contact ended."""

    contact_id: str
    state: State
    at: datetime


@dataclass(frozen=True)
class Planned:
    """An occasion, and the event that it will be."""

    occasion: Occasion
    event: Event
    body: bytes | None


async def on_record(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> list[asyncpg.Record]:
    """Returns what is on record for these people, locked until the commit; `past` reads each."""
    return list(await queries.on_record(conn, ids=list(candidate_ids)))


def past(row: asyncpg.Record) -> PastOccasion:
    """Reads an occasion that is on record."""
    return PastOccasion(
        id=row["occasion_id"],
        kind=_kind(row["kind"]),
        subject=row["subject"],
        state=State(row["state"]),
        due_at=row["due_at"],
        expires_at=row["expires_at"],
        revived_at=row["revived_at"],
        decided_at=row["decided_at"],
        asks_hat=row["asks_hat"],
        emitted_at=row["emitted_at"],
        ended_at=row["ended_at"],
        answer=Answer(row["answer"]) if row["answer"] else None,
        answered_at=row["answered_at"],
        wrote_at=row["wrote_at"],
    )


async def plan(conn: asyncpg.Connection, planned: Sequence[Planned]) -> None:
    """Keeps planned occasions, with the events that they will be."""
    occasions = [each.occasion for each in planned]
    events = [each.event for each in planned]
    await queries.plan(
        conn,
        ids=[occasion.id for occasion in occasions],
        keys=[event.key for event in events],
        kinds=[occasion.kind for occasion in occasions],
        subjects=[occasion.subject for occasion in occasions],
        due=[occasion.due_at for occasion in occasions],
        end=[occasion.expires_at for occasion in occasions],
        revived=[occasion.revived_at for occasion in occasions],
        decided=[occasion.decided_at for occasion in occasions],
        asks=[occasion.asks_hat for occasion in occasions],
        events=[each.body for each in planned],
        roots=[event.correlation_id for event in events],
        causes=[event.causation_id for event in events],
    )


async def delete(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
    """Deletes occasions that no plan needs any more."""
    if ids:
        await queries.delete(conn, ids=list(ids))


async def withdraw(conn: asyncpg.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Marks contacts that should not leave any more; returns to whom each was due."""
    rows = await queries.withdraw(conn, ids=list(ids))
    return {row["occasion_id"]: row["emitted_to"] for row in rows}


async def owners(conn: asyncpg.Connection, contact_ids: Sequence[str]) -> list[str]:
    """Returns whom these contacts are about."""
    rows = await queries.owners(conn, ids=list(contact_ids))
    return [row["candidate_id"] for row in rows]


async def end_contacts(conn: asyncpg.Connection, ends: Sequence[ContactEnd]) -> dict[str, str]:
    """Keeps how contacts ended; returns the owners of those of which it was news, by contact."""
    rows = await queries.end_contacts(
        conn,
        ids=[end.contact_id for end in ends],
        states=[end.state for end in ends],
        moments=[end.at for end in ends],
    )
    return {row["occasion_id"]: row["candidate_id"] for row in rows}


async def fail_returned(
    conn: asyncpg.Connection, returned: Mapping[str, datetime]
) -> dict[str, str]:
    """Marks contacts that came back as failed since then; returns their owners, by contact."""
    rows = await queries.fail_returned(conn, ids=list(returned), moments=list(returned.values()))
    return {row["occasion_id"]: row["candidate_id"] for row in rows}


async def answer(conn: asyncpg.Connection, answers: Sequence[CandidateAnswered]) -> None:
    """Keeps what people said to which contact; of several answers to one the last holds."""
    last = {it.contact_id: it for it in sorted(answers, key=lambda it: it.at) if it.contact_id}
    await queries.answer(
        conn,
        ids=list(last),
        answers=[it.answer for it in last.values()],
        moments=[it.at for it in last.values()],
    )


async def hear_of_mails(conn: asyncpg.Connection, mails: Sequence[ReplyReceived]) -> None:
    """Keeps which contacts people answered by mail, in their own words."""
    last = {it.contact_id: it.at for it in sorted(mails, key=lambda it: it.at) if it.contact_id}
    await queries.hear_of_mails(conn, ids=list(last), moments=list(last.values()))


async def emit_due(conn: asyncpg.Connection, now: datetime, limit: int) -> dict[str, int]:
    """Puts what is due into the outbox, earliest first; returns how many of each kind."""
    rows = await queries.emit_due(
        conn,
        now=now,
        limit=limit,
        topic=CONTACTS.name,
        contact_type=ContactDue.type,
        interest_type=InterestDue.type,
        qualified_type=CandidateQualified.type,
    )
    return {row["kind"]: row["count"] for row in rows}


async def expired(conn: asyncpg.Connection, job: str, now: datetime, limit: int) -> list[str]:
    """Returns people with something planned that is past its expiry, who are not parked."""
    rows = await queries.expired(conn, job=job, now=now, limit=limit)
    return [row["candidate_id"] for row in rows]


async def due_since(conn: asyncpg.Connection) -> datetime | None:
    """Returns the earliest instant of all that is planned."""
    since: datetime | None = await queries.due_since(conn)
    return since


async def unanswered(conn: asyncpg.Connection, decided_before: datetime) -> int:
    """Counts the owed answers to decisions made before that instant which have not left."""
    return int(await queries.unanswered(conn, decided_before=decided_before))


def json_of(payload: Payload) -> str:
    """Returns a payload as a table keeps it."""
    return payload.model_dump_json(by_alias=True, exclude_none=True)


def _kind(text: str) -> Kind:
    match text:
        case "qualified" | "interest" as kind:
            return kind
    return Purpose(text)
