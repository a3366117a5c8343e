"""The plan and what it rests on, as tables."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg

from services.scheduler.domain.occasions import (
    QUALIFIED,
    CandidateRecord,
    Kind,
    Occasion,
    PastOccasion,
    State,
)
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event, body_of
from shared.contract.events.contacts import CandidateQualified, ContactDue
from shared.contract.events.payload import Payload
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import (
    CandidateAnswered,
    InvitationApproved,
    InvitationWithdrawn,
)
from shared.contract.topics import CONTACTS
from shared.runtime.sql import Queries

queries = Queries(Path(__file__).with_name("queries.sql"))

PURGE_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class End:
    """How the notifier reports that a contact ended."""

    contact_id: str
    state: State
    at: datetime


async def lock(conn: asyncpg.Connection, ids: Sequence[str]) -> set[str]:
    """Has everything about these people wait for this transaction; gives those not erased."""
    await queries.enrol(conn, ids=list(ids))
    return {row["candidate_id"] for row in await queries.lock(conn, ids=list(ids))}


async def people(conn: asyncpg.Connection, ids: Sequence[str]) -> list[CandidateRecord]:
    """Gives what is known of each person whose state is known, locked until the commit."""
    await queries.enrol(conn, ids=list(ids))
    rows = [row for row in await queries.lock(conn, ids=list(ids)) if row["state"]]
    known = [row["candidate_id"] for row in rows]
    past: dict[str, list[PastOccasion]] = defaultdict(list)
    for row in await queries.record(conn, ids=known):
        past[row["candidate_id"]].append(_past(row))
    approvals: dict[str, list[InvitationApproved]] = defaultdict(list)
    for row in await queries.approvals(conn, ids=known):
        approval = InvitationApproved.model_validate_json(row["approval"])
        approvals[row["candidate_id"]].append(approval)
    return [
        CandidateRecord(
            CandidateChanged.model_validate_json(row["state"]),
            past[row["candidate_id"]],
            approvals[row["candidate_id"]],
            row["answered_at"],
        )
        for row in rows
    ]


async def keep_states(conn: asyncpg.Connection, states: Sequence[CandidateChanged]) -> None:
    """Keeps the newest state of each person who was not erased."""
    await queries.keep_states(
        conn,
        ids=[state.candidate_id for state in states],
        states=[_json(state) for state in states],
    )


async def adopt(conn: asyncpg.Connection, merges: Mapping[str, str], now: datetime) -> None:
    """Moves what happened to absorbed people to those who remain, by absorbed id."""
    await queries.adopt(conn, absorbed=list(merges), remaining=list(merges.values()), now=now)


async def erase(
    conn: asyncpg.Connection, ids: Sequence[str], now: datetime
) -> list[tuple[str, str]]:
    """Forgets people, and gives the contacts that are still under way: (contact, candidate)."""
    rows = await queries.erase(conn, ids=list(ids), now=now, purge_at=now + PURGE_AFTER)
    return [(row["occasion_id"], row["candidate_id"]) for row in rows]


async def purge(conn: asyncpg.Connection, now: datetime) -> None:
    """Deletes what erased people have left a day ago."""
    await queries.purge(conn, now=now)


async def answer(conn: asyncpg.Connection, answers: Sequence[CandidateAnswered]) -> None:
    """Keeps when people answered last."""
    await queries.answer(
        conn,
        ids=[answer.candidate_id for answer in answers],
        moments=[answer.at for answer in answers],
    )


async def approve(conn: asyncpg.Connection, approved: Sequence[InvitationApproved]) -> None:
    """Keeps which invitations recruiters approved, each shortlist and person once."""
    await queries.approve(
        conn,
        ids=[approval.candidate_id for approval in approved],
        shortlists=[approval.shortlist_id for approval in approved],
        approvals=[_json(approval) for approval in approved],
    )


async def disapprove(conn: asyncpg.Connection, withdrawn: Sequence[InvitationWithdrawn]) -> None:
    """Keeps which invitations are no longer approved."""
    await queries.disapprove(
        conn,
        ids=[invitation.candidate_id for invitation in withdrawn],
        shortlists=[invitation.shortlist_id for invitation in withdrawn],
        moments=[invitation.at for invitation in withdrawn],
    )


async def plan(conn: asyncpg.Connection, planned: Sequence[tuple[Occasion, Event]]) -> None:
    """Keeps planned occasions, with the events that they will be."""
    occasions = [occasion for occasion, _ in planned]
    events = [event for _, event in planned]
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
        events=[body_of(event) for event in events],
        roots=[event.correlation_id for event in events],
        causes=[event.causation_id for event in events],
    )


async def drop(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
    """Deletes what was planned and never heard of."""
    await queries.drop(conn, ids=list(ids))


async def withdraw(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
    """Marks contacts that should not leave any more."""
    await queries.withdraw(conn, ids=list(ids))


async def owners(conn: asyncpg.Connection, contact_ids: Sequence[str]) -> list[str]:
    """Gives whom these contacts are about."""
    rows = await queries.owners(conn, ids=list(contact_ids))
    return [row["candidate_id"] for row in rows]


async def end_contacts(conn: asyncpg.Connection, ends: Sequence[End]) -> dict[str, str]:
    """Keeps how contacts ended; gives the owners of those of which it was news, by contact."""
    rows = await queries.end_contacts(
        conn,
        ids=[end.contact_id for end in ends],
        states=[end.state for end in ends],
        moments=[end.at for end in ends],
    )
    return {row["occasion_id"]: row["candidate_id"] for row in rows}


async def emit_due(conn: asyncpg.Connection, now: datetime, limit: int) -> dict[str, int]:
    """Moves what is due into the outbox, earliest first; gives how many of each kind."""
    rows = await queries.emit_due(
        conn,
        now=now,
        limit=limit,
        topic=CONTACTS.name,
        contact_type=ContactDue.type,
        qualified_type=CandidateQualified.type,
    )
    return {row["kind"]: row["count"] for row in rows}


async def stale(conn: asyncpg.Connection, now: datetime, limit: int) -> list[str]:
    """Gives people with something planned that is past its expiry."""
    rows = await queries.stale(conn, now=now, limit=limit)
    return [row["candidate_id"] for row in rows]


async def due_since(conn: asyncpg.Connection) -> datetime | None:
    """Gives the earliest moment of all that is planned."""
    since: datetime | None = await queries.due_since(conn)
    return since


async def unanswered(conn: asyncpg.Connection, decided_before: datetime) -> int:
    """Counts the owed answers to decisions made before that moment which have not left."""
    return int(await queries.unanswered(conn, decided_before=decided_before))


async def known(conn: asyncpg.Connection, after: str, limit: int) -> list[str]:
    """Gives the ids of known people page by page, beginning behind `after`."""
    return [row["candidate_id"] for row in await queries.known(conn, after=after, limit=limit)]


async def state_of(conn: asyncpg.Connection, candidate_id: str) -> CandidateChanged | None:
    """Gives the newest state of somebody, unless they are unknown or erased."""
    state = await queries.state_of(conn, id=candidate_id)
    return CandidateChanged.model_validate_json(state) if state else None


async def coming(conn: asyncpg.Connection, limit: int) -> list[asyncpg.Record]:
    """Gives what is due next of all people: candidate, kind, due_at, event."""
    return list(await queries.coming(conn, limit=limit))


async def timeline(
    conn: asyncpg.Connection, candidate_id: str, until: datetime
) -> list[asyncpg.Record]:
    """Gives what was and will be due for somebody, in order."""
    return list(await queries.timeline(conn, id=candidate_id, until=until))


def _past(row: asyncpg.Record) -> PastOccasion:
    return PastOccasion(
        id=row["occasion_id"],
        kind=_kind(row["kind"]),
        subject=row["subject"],
        state=State(row["state"]),
        due_at=row["due_at"],
        expires_at=row["expires_at"],
        revived_at=row["revived_at"],
        asks_hat=row["asks_hat"],
        emitted_at=row["emitted_at"],
        ended_at=row["ended_at"],
    )


def _json(payload: Payload) -> str:
    return payload.model_dump_json(by_alias=True, exclude_none=True)


def _kind(text: str) -> Kind:
    return QUALIFIED if text == QUALIFIED else Purpose(text)
