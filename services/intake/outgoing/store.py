"""Where sources hear what became of their applicants; what is secret is kept sealed."""

from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg

from services.intake.outgoing.domain import State
from shared.runtime.sealing import Seal
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))

BY_OPERATOR: Final = "an operator has said so"


async def is_known(conn: asyncpg.Connection, source: str) -> bool:
    """Tells whether anything was ever said to come from a source, or may come from it."""
    return bool(await _queries.is_known(conn, source=source))


async def add(
    conn: asyncpg.Connection, source: str, url: str, secret: str, seal: Seal, now: datetime
) -> str:
    """Adds an endpoint of a source, and returns its id."""
    endpoint_id = uuid4().hex[:12]
    await _queries.add(
        conn,
        endpoint_id=endpoint_id,
        source=source,
        url=url,
        secrets=[seal.close(secret.encode())],
        now=now,
    )
    return endpoint_id


async def write_notes(conn: asyncpg.Connection, source: str, now: datetime) -> None:
    """Starts noting in a source what becomes of its applicants."""
    await _queries.write_notes(conn, endpoint_id=uuid4().hex[:12], source=source, now=now)


async def write_no_notes(conn: asyncpg.Connection, source: str) -> None:
    """Stops noting anything in a source, and drops what was still waiting."""
    await _queries.write_no_notes(conn, source=source)


async def every(conn: asyncpg.Connection, limit: int) -> list[asyncpg.Record]:
    """Lists endpoints, without what is secret, with how much waits, was told and was given up."""
    return list(await _queries.every(conn, limit=limit))


async def disabled(conn: asyncpg.Connection, source: str) -> list[asyncpg.Record]:
    """Returns the endpoints of a source that are called no more, since when, and why."""
    return list(await _queries.disabled(conn, source=source))


async def one(conn: asyncpg.Connection, endpoint_id: str) -> asyncpg.Record | None:
    """Returns one of them."""
    row: asyncpg.Record | None = await _queries.one(conn, endpoint_id=endpoint_id)
    return row


async def rotate(conn: asyncpg.Connection, endpoint_id: str, secret: str, seal: Seal) -> None:
    """Signs with a new secret too; the one before it goes on, any older one does not."""
    await _queries.rotate(conn, endpoint_id=endpoint_id, secret=seal.close(secret.encode()))


async def end_former(conn: asyncpg.Connection, endpoint_id: str) -> None:
    """Signs with the newest secret alone."""
    await _queries.end_former(conn, endpoint_id=endpoint_id)


async def enable(conn: asyncpg.Connection, endpoint_id: str) -> int:
    """Calls an endpoint again, as if it had never failed; returns how much waits for it."""
    return len(await _queries.enable(conn, endpoint_id=endpoint_id))


async def disable(conn: asyncpg.Connection, endpoint_id: str) -> None:
    """Calls an endpoint no more; what it would be told waits."""
    await _queries.disable(conn, endpoint_id=endpoint_id, because=BY_OPERATOR)


async def remove(conn: asyncpg.Connection, endpoint_id: str) -> int:
    """Deletes an endpoint and all that it was to be told; returns how much of that waited."""
    return int(await _queries.remove(conn, endpoint_id=endpoint_id))


async def replay(
    conn: asyncpg.Connection, endpoint_id: str, states: list[State], since: datetime | None
) -> int:
    """Tells an endpoint again, under the same ids, what is in these states; returns how much."""
    rows = await _queries.replay(conn, endpoint_id=endpoint_id, states=states, since=since)
    return len(rows)


async def measures(conn: asyncpg.Connection) -> list[asyncpg.Record]:
    """Returns of each source how much waits and was given up, and how many endpoints are off."""
    return list(await _queries.measures(conn))
