"""A message's way out: claimed under a lease, its attempt committed, and settled."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import structlog

from services.notifier.addresses import AddressHash
from services.notifier.domain import (
    INTEREST,
    LINKS,
    REPLY,
    SHORTLIST,
    Because,
    Correspondent,
    Facts,
    LinksFacts,
    Message,
    Recipient,
    Rendered,
    ReplyFacts,
    Route,
    Settlement,
    ShortlistFacts,
)
from services.notifier.store import recipients
from services.notifier.store.recipients import mark_unreadable, read
from shared.contract.events.contacts import ContactFacts, InterestFacts, Window
from shared.contract.events.people import Channel, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.recipients import RecipientChanged
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("sending.sql"))

Rows = Sequence[asyncpg.Record]

_log = structlog.get_logger()
_FACTS: dict[str, type[Facts]] = {
    SHORTLIST: ShortlistFacts,
    INTEREST: InterestFacts,
    LINKS: LinksFacts,
    REPLY: ReplyFacts,
}
"""What messages to recruiters are made from; those to candidates are made from others."""

SWEEP = 500
"""How many rows one statement moves at most, so that none holds locks for long."""

SWEEPING = "sweep messages"
"""By this name messages are parked of whose end nobody can be told."""

REMEMBERED = timedelta(days=30)
"""For how long somebody knows how to end text messages who was told: after a month the providers'
rules ask to say it again."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was known at one instant of somebody, and of what everything depends on."""

    recipient: Recipient | Because
    database_now: datetime
    partitions: int | None
    """How many partitions of `recipients` there are, if that was said."""
    partitions_heard: int
    known_until: datetime | None
    holds: Sequence[str]


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A claimed message with what was known at that instant."""

    message: Message
    known: Snapshot
    replies_to: Correspondent | None = None
    """Who reads what is replied to it."""


@dataclass(frozen=True, slots=True)
class UnreadableMessage:
    """A claimed message that cannot be read as it is stored."""

    message_id: str
    lease_token: UUID


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message whose words may leave by this route once the attempt is committed."""

    message: Message
    route: Route
    words: Rendered


async def conditions(conn: asyncpg.Connection) -> Snapshot:
    """Returns what everything depends on, and nobody in particular."""
    return _snapshot(await _queries.conditions(conn), Because.RECIPIENT_UNKNOWN)


async def claim(
    conn: asyncpg.Connection,
    hashed: AddressHash,
    *,
    now: datetime,
    limit: int,
    channels: Sequence[Channel],
    full: Sequence[Channel],
    paused: Sequence[Channel],
    token: UUID,
    lease_seconds: float,
) -> list[ClaimedMessage | UnreadableMessage]:
    """Takes due messages that may go over one of the channels, and over none that is full.

    What was last to go over a paused one waits for it. Nobody else has taken them.
    """
    rows = await _queries.claim(
        conn,
        now=now,
        limit=limit,
        channels=list(channels),
        full=list(full),
        paused=list(paused),
        token=token,
        lease_seconds=lease_seconds,
        remembered=REMEMBERED,
    )
    people = await read(conn, hashed, rows)
    await _mark_unreadable(conn, rows, people, now)
    return [_claim(row, person) for row, person in zip(rows, people, strict=True)]


async def lock_recipients(
    conn: asyncpg.Connection, hashed: AddressHash, attempts: Sequence[Attempt]
) -> dict[str, Snapshot]:
    """Locks the recipients of messages that are still ours to send; returns what is known then."""
    rows = await _queries.lock_recipients(
        conn,
        ids=[attempt.message.message_id for attempt in attempts],
        tokens=[attempt.message.lease_token for attempt in attempts],
    )
    people = await read(conn, hashed, rows)
    return {
        row["message_id"]: _snapshot(row, person) for row, person in zip(rows, people, strict=True)
    }


async def mark_attempted(
    conn: asyncpg.Connection,
    hashed: AddressHash,
    attempts: Sequence[Attempt],
    *,
    now: datetime,
    lease_seconds: float,
) -> dict[str, asyncpg.Record]:
    """Marks attempts, and returns by id the messages that were still ours to send."""
    rows = await _queries.mark_attempted(
        conn,
        ids=[attempt.message.message_id for attempt in attempts],
        tokens=[attempt.message.lease_token for attempt in attempts],
        channels=[attempt.route.channel for attempt in attempts],
        hashes=[hashed(attempt.route.address) for attempt in attempts],
        tell_how_to_stop=[attempt.words.tells_how_to_stop for attempt in attempts],
        now=now,
        lease_seconds=lease_seconds,
    )
    return {row["message_id"]: row for row in rows}


async def settle(
    conn: asyncpg.Connection,
    hashed: AddressHash,
    settlements: Sequence[Settlement],
    *,
    now: datetime,
) -> Rows:
    """Writes how claims went where the lease is still held, and returns the rows written."""
    rows = [
        {
            "message_id": settled.message_id,
            "lease_token": str(settled.lease_token),
            "state": settled.state,
            "because": settled.because or None,
            "next_attempt_at": settled.next_attempt_at.isoformat(),
            "tries": settled.tries,
            "channel": settled.route.channel if settled.route else None,
            "address_hash": hashed(settled.route.address) if settled.route else None,
            "wording_version": settled.wording_version,
            "failed_there": settled.failed_there,
        }
        for settled in settlements
    ]
    written: Rows = await _queries.settle(conn, rows=json.dumps(rows), now=now)
    return written


async def overdue(conn: asyncpg.Connection, now: datetime) -> list[str]:
    """Locks and returns messages to `expire` or to `recover`, without those that are parked."""
    rows = await _queries.overdue(conn, job=SWEEPING, now=now, limit=SWEEP)
    return [row["message_id"] for row in rows]


async def expire(
    conn: asyncpg.Connection, ids: Sequence[str], *, now: datetime, because: str
) -> Rows:
    """Ends overdue messages that nobody has claimed; for those never tried, `because` says why."""
    rows: Rows = await _queries.expire(conn, ids=list(ids), now=now, because=because)
    return rows


async def recover(
    conn: asyncpg.Connection, ids: Sequence[str], *, now: datetime, because: str
) -> Rows:
    """Returns, or declares uncertain, the overdue messages that somebody had claimed."""
    rows: Rows = await _queries.recover(conn, ids=list(ids), now=now, because=because)
    return rows


async def _mark_unreadable(
    conn: asyncpg.Connection, rows: Rows, people: Sequence[Recipient | Because], now: datetime
) -> None:
    """Shows operators the people whose kept state cannot be read."""
    unreadable = {
        row["recipient_id"]: row["recipient"]
        for row, person in zip(rows, people, strict=True)
        if person is Because.RECIPIENT_UNREAD and not row["unread_since"]
    }
    if unreadable and (marked := await mark_unreadable(conn, unreadable, now)):
        _log.warning("recipients.unreadable", recipients=marked)


def _claim(
    row: asyncpg.Record, recipient: Recipient | Because
) -> ClaimedMessage | UnreadableMessage:
    try:
        return ClaimedMessage(
            _message(row), _snapshot(row, recipient), recipients.reader(row["reader"])
        )
    except ValueError:  # of which pydantic's ValidationError is one
        return UnreadableMessage(row["message_id"], row["lease_token"])


def _snapshot(row: asyncpg.Record, recipient: Recipient | Because) -> Snapshot:
    return Snapshot(
        recipient,
        row["database_now"],
        row["partitions"],
        row["partitions_heard"],
        row["known_until"],
        row["holds"],
    )


def _message(row: asyncpg.Record) -> Message:
    kind = row["purpose"]
    return Message(
        message_id=row["message_id"],
        lease_token=row["lease_token"],
        recipient_id=row["recipient_id"],
        purpose=kind if kind in _FACTS else Purpose(kind),
        channels=[known for known in map(Channel, row["channels"]) if known.is_known],
        facts=_FACTS.get(kind, ContactFacts).model_validate_json(row["facts"]),
        windows=[Window(opens_at=span.lower, closes_at=span.upper) for span in row["windows"]],
        expires_at=row["expires_at"],
        received_at=row["received_at"],
        tries=row["tries"],
        has_failed=bool(row["failed_at"] and row["address_hash"]),
        told_how_to_stop=frozenset(row["told_how_to_stop"]),
        withdrawn_at=row["withdrawn_at"],
        contact_id=row["contact_id"],
        shortlist_id=row["shortlist_id"],
        application_id=row["application_id"],
        about=_about(row),
    )


def _about(row: asyncpg.Record) -> PersonName | None:
    """Returns the name of whom a recruiter is told about, as their application has it."""
    if row["about"] is None:
        return None
    person = RecipientChanged.model_validate_json(row["about"])
    return person.speaking_of(row["application_id"]).name
