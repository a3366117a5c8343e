"""What is held of somebody, as the tables have it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from pydantic_core import from_json

from services.intake.applicants.store.people import Addressee
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))

Held = dict[str, list[dict[str, Any]]]
"""All that is held, by what it is, in the order in which it came about."""


async def held(conn: asyncpg.Connection, keys: Collection[str]) -> Held:
    """Returns all that is held of applicants of one person."""
    found: Held = from_json(await _queries.held(conn, keys=list(keys)))
    return found


async def of_source(
    conn: asyncpg.Connection,
    keys: Collection[str],
    source: str,
    private: Collection[str],
    most: int,
) -> tuple[str, str] | None:
    """Returns of which person an applicant is and, as JSON, what their source may know of them.

    Messages of `private` purposes are left out, and the oldest of more than so many.
    """
    row = await _queries.of_source(
        conn, keys=list(keys), source=source, private=list(private), most=most
    )
    return (row["candidate_id"], row["known"]) if row else None


async def reached_at(
    conn: asyncpg.Connection, email: str | None, phone: str | None, now: datetime, most: int
) -> list[tuple[Addressee, str | None]]:
    """Returns who is written to at an address or number, each with their last application."""
    rows = await _queries.reached_at(conn, email=email, phone=phone, now=now, most=most)
    return [
        (Addressee(row["candidate_id"], row["applicant_key"]), row["application_id"])
        for row in rows
    ]


async def changed(
    conn: asyncpg.Connection,
    candidate_id: str,
    kinds: Collection[str],
    now: datetime,
    within: timedelta,
) -> int:
    """Returns how often somebody lately changed what is held of them, in these ways."""
    times: int = await _queries.changed(
        conn, candidate_id=candidate_id, kinds=list(kinds), since=now - within
    )
    return times


async def asked(
    conn: asyncpg.Connection, applicant_key: str, now: datetime, within: timedelta
) -> list[datetime]:
    """Returns when a link was asked for behind letters to an applicant, the latest first."""
    rows = await _queries.asked(conn, applicant_key=applicant_key, since=now - within)
    return [row["at"] for row in rows]
