"""Messages as they come in from the streams, and what is heard of them later."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from services.notifier.domain.reports import arrived
from shared.contract.events.responses import DeliveryReported
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("messages.sql"))

Rows = Sequence[asyncpg.Record]


async def add(conn: asyncpg.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds messages; one whose id or contact is there already stays as it is."""
    await _queries.add(conn, rows=json.dumps(rows))


async def withdraw(conn: asyncpg.Connection, contact_ids: Sequence[str], now: datetime) -> Rows:
    """Withdraws messages; gives those still under way, of which some are dropped by it."""
    rows: Rows = await _queries.withdraw(conn, contact_ids=list(contact_ids), now=now)
    return rows


async def drop_for(
    conn: asyncpg.Connection, recipient_ids: Sequence[str], because: str, now: datetime
) -> Rows:
    """Drops all that waits for these recipients, and gives it."""
    rows: Rows = await _queries.drop_for(conn, ids=list(recipient_ids), because=because, now=now)
    return rows


async def add_shortlists(conn: asyncpg.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keeps shortlists until all recruiters were written to, or nobody needs to be any more."""
    await _queries.add_shortlists(conn, rows=json.dumps(rows))


async def unaddressed(conn: asyncpg.Connection, now: datetime, limit: int) -> Rows:
    """Gives shortlists with recruiters of the same vacancy who have no message about them yet."""
    rows: Rows = await _queries.unaddressed(conn, now=now, limit=limit)
    return rows


async def forget_shortlists(conn: asyncpg.Connection, now: datetime) -> None:
    """Deletes those that are out of date."""
    await _queries.forget_shortlists(conn, now=now)


async def learn_ends(conn: asyncpg.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Records ends that are not known here, and tells how many those were."""
    return len(await _queries.learn_ends(conn, rows=json.dumps(rows)))


async def follow_up(conn: asyncpg.Connection, said: Sequence[DeliveryReported]) -> Rows:
    """Records what became of messages that were tried, and gives those where it was news."""
    rows: Rows = await _queries.follow_up(
        conn,
        ids=[one.message_id for one in said],
        delivered_at=[one.at if arrived(one) else None for one in said],
        bounced_at=[None if arrived(one) else one.at for one in said],
    )
    return rows


async def address_hashes(conn: asyncpg.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Gives the hash of the address that each of the messages was tried on."""
    rows = await _queries.address_hashes(conn, ids=list(ids))
    return {row["message_id"]: row["address_hash"] for row in rows}
