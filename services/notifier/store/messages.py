"""Messages as they come in from the streams, and what is heard of them later."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from services.notifier.domain.reports import arrived
from shared.contract.events.purposes import LETTERS
from shared.contract.events.responses import DeliveryReported
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("messages.sql"))

Rows = Sequence[asyncpg.Record]


async def add(conn: asyncpg.Connection, rows: Sequence[Mapping[str, Any]]) -> Rows:
    """Adds messages and returns those added; one that is there already stays as it is."""
    added: Rows = await _queries.add(conn, rows=json.dumps(rows), letters=list(LETTERS))
    return added


async def withdraw(conn: asyncpg.Connection, contact_ids: Sequence[str], now: datetime) -> Rows:
    """Withdraws messages; returns those still under way, of which some are dropped by it."""
    rows: Rows = await _queries.withdraw(conn, contact_ids=list(contact_ids), now=now)
    return rows


async def drop_for(
    conn: asyncpg.Connection, recipient_ids: Sequence[str], because: str, now: datetime
) -> Rows:
    """Drops all that waits for these recipients, and returns it."""
    rows: Rows = await _queries.drop_for(conn, ids=list(recipient_ids), because=because, now=now)
    return rows


async def drop_lists(
    conn: asyncpg.Connection, shortlist_ids: Sequence[str], because: str, now: datetime
) -> Rows:
    """Drops what waits to tell recruiters of these shortlists, and returns it."""
    rows: Rows = await _queries.drop_lists(
        conn, shortlist_ids=list(shortlist_ids), because=because, now=now
    )
    return rows


async def forget_addresses(conn: asyncpg.Connection, recipient_ids: Sequence[str]) -> None:
    """Deletes by which address the messages of these recipients went."""
    await _queries.forget_addresses(conn, ids=list(recipient_ids))


async def learn_ends(conn: asyncpg.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Records ends that are not known here, and tells how many those were."""
    return len(await _queries.learn_ends(conn, rows=json.dumps(rows)))


async def follow_up(conn: asyncpg.Connection, said: Sequence[DeliveryReported]) -> Rows:
    """Records what became of messages that were tried, and returns those where it was news."""
    rows: Rows = await _queries.follow_up(
        conn,
        ids=[one.message_id for one in said],
        delivered_at=[one.at if arrived(one) else None for one in said],
        bounced_at=[None if arrived(one) else one.at for one in said],
    )
    return rows


async def worn_out(conn: asyncpg.Connection, ids: Sequence[str], in_a_row: int) -> list[str]:
    """Returns the hashes of the addresses from which so many mails came back, these the last."""
    rows = await _queries.worn_out(conn, ids=list(ids), in_a_row=in_a_row)
    return [row["address_hash"] for row in rows]


async def address_hashes(conn: asyncpg.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Returns the hash of the address that each of the messages was tried on."""
    rows = await _queries.address_hashes(conn, ids=list(ids))
    return {row["message_id"]: row["address_hash"] for row in rows}


async def shortlists(conn: asyncpg.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Returns the shortlist that each of the messages came of, where one did."""
    rows = await _queries.shortlists(conn, ids=list(ids))
    return {row["message_id"]: row["shortlist_id"] for row in rows}


async def forget(conn: asyncpg.Connection, *, now: datetime, kept: timedelta, limit: int) -> int:
    """Deletes messages that ended longer ago than `kept`, and returns how many it found."""
    return len(await _queries.forget(conn, now=now, kept=kept, limit=limit))
