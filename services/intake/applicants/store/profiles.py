"""What people can do: as it came, and as the matcher may know it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("profiles.sql"))

Row = tuple[str, str, str | None, datetime, str]
"""Candidate, the JSON of the profile, the same without the person if it differs, time, event id."""


async def keep(conn: asyncpg.Connection, rows: Sequence[Row]) -> set[str]:
    """Keeps profiles that are later than those known, one a person; returns whose were kept."""
    if not rows:
        return set()
    ids, profiles, scrubbed, times, ranks = map(list, zip(*rows, strict=True))
    kept = await _queries.keep(
        conn, ids=ids, profiles=profiles, scrubbed=scrubbed, times=times, ranks=ranks
    )
    return {row["candidate_id"] for row in kept}


async def of(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> list[Row]:
    """Returns the profiles of people as `keep` takes them."""
    ids = list(candidate_ids)
    return [tuple(found) for found in await _queries.of(conn, ids=ids)] if ids else []


async def put_scrubbed(
    conn: asyncpg.Connection, scrubbed: Sequence[tuple[str, str | None]]
) -> set[str]:
    """Replaces the profiles that are published; returns those who have a different one now."""
    if not scrubbed:
        return set()
    ids, texts = map(list, zip(*scrubbed, strict=True))
    rows = await _queries.put_scrubbed(conn, ids=ids, scrubbed=texts)
    return {row["candidate_id"] for row in rows}
