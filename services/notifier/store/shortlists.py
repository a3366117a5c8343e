"""Shortlists that recruiters are still to be told of."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("shortlists.sql"))

Rows = Sequence[asyncpg.Record]

TELLING = "tell recruiters"
"""By this name it is parked that a recruiter cannot be told of a shortlist, under `key`."""


def key(row: asyncpg.Record) -> str:
    """Returns under which key it is parked that a recruiter cannot be told of a shortlist."""
    return f"{row['shortlist_id']}/{row['recipient_id']}"


async def add(conn: asyncpg.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keeps shortlists until nobody needs to be told of them any more."""
    await _queries.add(conn, rows=json.dumps(rows))


async def replace(conn: asyncpg.Connection, vacancy_ids: Sequence[str]) -> list[str]:
    """Deletes the shortlists of vacancies that have newer ones, and returns their ids."""
    rows = await _queries.replace(conn, vacancy_ids=list(vacancy_ids))
    return [row["shortlist_id"] for row in rows]


async def look_again(conn: asyncpg.Connection, vacancy_ids: Sequence[str]) -> None:
    """Makes the shortlists of these vacancies due: their recruiters may have changed."""
    await _queries.look_again(conn, job=TELLING, vacancy_ids=list(vacancy_ids))


async def take(conn: asyncpg.Connection, limit: int) -> list[str]:
    """Returns shortlists whose recruiters are due to be looked at, and puts off their next look."""
    return [row["shortlist_id"] for row in await _queries.take(conn, limit=limit)]


async def unaddressed(
    conn: asyncpg.Connection, shortlist_ids: Sequence[str], now: datetime
) -> Rows:
    """Returns each of these shortlists with each of its recruiters who has no message yet.

    What is parked is left out.
    """
    rows: Rows = await _queries.unaddressed(
        conn, job=TELLING, shortlist_ids=list(shortlist_ids), now=now
    )
    return rows


async def forget(conn: asyncpg.Connection, now: datetime, limit: int) -> int:
    """Deletes shortlists that are out of date, and returns how many it found."""
    return len(await _queries.forget(conn, job=TELLING, now=now, limit=limit))
