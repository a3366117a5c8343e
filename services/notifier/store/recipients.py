"""To whom the notifier may write: the one place where names and addresses are kept."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

import asyncpg
from pydantic import ValidationError

from services.notifier.addresses import AddressHash
from services.notifier.domain import Because, Correspondent, Recipient
from shared.contract.events.cloudevents import RecordPosition
from shared.contract.events.decoding import Record
from shared.contract.events.people import Channel
from shared.contract.events.recipients import RecipientChanged, RecipientsHeartbeat
from shared.runtime.marks import key_of
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("recipients.sql"))

Rows = Sequence[asyncpg.Record]


async def remember(
    conn: asyncpg.Connection, hashed: AddressHash, states: Sequence[RecipientChanged]
) -> None:
    """Keeps the newest state of each, and opens again what a later yes has opened."""
    rows = [
        {
            "recipient_id": state.recipient_id,
            "kind": state.kind,
            "vacancies": state.vacancies,
            "closed_vacancies": state.closed_vacancies,
            "state": state.model_dump(mode="json", by_alias=True, exclude_none=True),
        }
        for state in states
    ]
    await _queries.remember(conn, rows=json.dumps(rows))
    agreed = [
        (every, consent.since)
        for state in states
        for consent in state.consents
        if consent.purpose.is_known and not Recipient(state).has_stopped(consent.channel)
        for address in Recipient(state).addresses(consent.channel)
        for every in hashed.every(address)
    ]
    await _queries.lift_suppressions(
        conn, hashes=[every for every, _ in agreed], consented_at=[since for _, since in agreed]
    )


async def mark_unread(
    conn: asyncpg.Connection, missed: Mapping[str, RecordPosition], now: datetime
) -> None:
    """Remembers that states of these people were missed, and where the newest of each lies."""
    await _queries.mark_unread(
        conn,
        ids=list(missed),
        partitions=[place.partition for place in missed.values()],
        offsets=[place.offset for place in missed.values()],
        now=now,
    )


async def mark_unreadable(
    conn: asyncpg.Connection, stored: Mapping[str, str], now: datetime
) -> int:
    """Remembers that what is kept of these people cannot be read; returns how many are new."""
    ids, states = list(stored), list(stored.values())
    return len(await _queries.mark_unreadable(conn, ids=ids, states=states, now=now))


async def mark_read(
    conn: asyncpg.Connection, read: Sequence[tuple[str, RecordPosition | None]]
) -> None:
    """Ends the marks of people whose state was read from a place behind what was missed.

    A state without a place was read as it came, and lies behind all that was missed before.
    """
    await _queries.mark_read(
        conn,
        ids=[recipient_id for recipient_id, _ in read],
        partitions=[place.partition if place else None for _, place in read],
        offsets=[place.offset if place else None for _, place in read],
    )


async def unread(conn: asyncpg.Connection, limit: int) -> Rows:
    """Returns those of whom a state could not be taken in, the longest waiting first."""
    rows: Rows = await _queries.unread(conn, limit=limit)
    return rows


async def forget(conn: asyncpg.Connection, ids: Sequence[str]) -> set[str]:
    """Deletes all that identifies these people, and returns the names and addresses it was."""
    gone = await _queries.forget(conn, ids=list(ids))
    return {row["known_as"] for row in gone if row["known_as"]}


async def is_known(conn: asyncpg.Connection, record: Record, _marks: Collection[bytes]) -> bool:
    """Tells whether a record, by its key, is about somebody who may be written to."""
    return bool(await _queries.is_known(conn, id=key_of(record)))


async def forget_never_read(
    conn: asyncpg.Connection, *, now: datetime, kept: timedelta, limit: int
) -> int:
    """Deletes those of whom nothing was ever read and for whom nothing waits; returns how many."""
    return len(await _queries.forget_never_read(conn, now=now, kept=kept, limit=limit))


async def remember_heartbeats(
    conn: asyncpg.Connection, heartbeats: Sequence[RecipientsHeartbeat]
) -> None:
    """Moves each partition's mark forward, never back."""
    in_order = sorted(heartbeats, key=lambda beat: beat.written_at)
    newest = {beat.partition: beat for beat in in_order}.values()
    await _queries.remember_heartbeats(
        conn,
        partitions=[beat.partition for beat in newest],
        written_at=[beat.written_at for beat in newest],
        of=[beat.partitions for beat in newest],
    )


async def suppress(
    conn: asyncpg.Connection, hashes: Sequence[str], because: Sequence[str], *, now: datetime
) -> None:
    """Ends all sending to these addresses, which are known by their hashes alone."""
    await _queries.suppress(conn, hashes=list(hashes), because=list(because), now=now)


async def read(
    conn: asyncpg.Connection, hashed: AddressHash, rows: Sequence[asyncpg.Record]
) -> list[Recipient | Because]:
    """Reads who people are from rows that may hold them, or tells why that is not known.

    The addresses at which a row's message failed count as suppressed.
    """
    states = [_state(row) for row in rows]
    known = [state for state in states if isinstance(state, RecipientChanged)]
    hashes = {
        address: set(hashed.every(address)) for state in known for address in _addresses(state)
    }
    there = await _suppressed(conn, list(chain.from_iterable(hashes.values())))
    suppressed = {address for address, every in hashes.items() if not there.isdisjoint(every)}

    def is_out(address: str, row: asyncpg.Record) -> bool:
        return address in suppressed or not hashes[address].isdisjoint(row["failed_at"])

    return [
        Recipient(state, frozenset(a for a in _addresses(state) if is_out(a, row)))
        if isinstance(state, RecipientChanged)
        else state
        for state, row in zip(states, rows, strict=True)
    ]


async def _suppressed(conn: asyncpg.Connection, hashes: Sequence[str]) -> set[str]:
    """Returns those of the hashes whose addresses are suppressed."""
    found = await _queries.suppressed(conn, hashes=hashes) if hashes else []
    return {row["address_hash"] for row in found}


def reader(state: str | None) -> Correspondent | None:
    """Reads a recruiter who can be replied to; None where nobody can, or none can be read."""
    try:
        known = RecipientChanged.model_validate_json(state) if state else None
    except ValidationError:
        return None
    return Correspondent(known.name.display, known.emails[0]) if known and known.emails else None


def _state(row: asyncpg.Record) -> RecipientChanged | Because:
    if row["unread_since"]:
        return Because.RECIPIENT_UNREAD
    if row["recipient"] is None:
        return Because.RECIPIENT_UNKNOWN
    try:
        return RecipientChanged.model_validate_json(row["recipient"])
    except ValidationError:
        return Because.RECIPIENT_UNREAD


def _addresses(state: RecipientChanged) -> list[str]:
    own = [state.speaking_of(it.application_id) for it in state.applications if it.is_own]
    found = (Recipient(each).addresses(channel) for each in (state, *own) for channel in Channel)
    given = filter(None, (state.to_verify, state.phone_to_verify))
    return list(dict.fromkeys(chain(*found, given)))
