"""What people can do: as it came, and as the matcher may know it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("profiles.sql"))

Row = tuple[str, str, str, str | None, datetime, str]
"""Applicant, candidate, the JSON of the profile, the same without the person if it differs, time,
rank."""


async def keep(conn: asyncpg.Connection, rows: Sequence[Row]) -> set[str]:
    """Keeps profiles later than those known, one an applicant; returns the applicants' keys."""
    if not rows:
        return set()
    keys, ids, profiles, scrubbed, times, ranks = map(list, zip(*rows, strict=True))
    kept = await _queries.keep(
        conn, keys=keys, ids=ids, profiles=profiles, scrubbed=scrubbed, times=times, ranks=ranks
    )
    return {row["applicant_key"] for row in kept}


async def of_applicants(conn: asyncpg.Connection, keys: Iterable[str]) -> list[Row]:
    """Returns the profiles of applicants as `keep` takes them."""
    asked = list(keys)
    return (
        [tuple(found) for found in await _queries.of_applicants(conn, keys=asked)] if asked else []
    )


async def of_people(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> list[Row]:
    """Returns the profiles of people's applicants as `keep` takes them."""
    ids = list(candidate_ids)
    rows = await _queries.of_people(conn, ids=ids) if ids else ()
    return [tuple(found) for found in rows]


async def put_scrubbed(
    conn: asyncpg.Connection, scrubbed: Sequence[tuple[str, str | None]]
) -> set[str]:
    """Replaces what is published of profiles, by applicant; returns whose is another now."""
    if not scrubbed:
        return set()
    keys, texts = map(list, zip(*scrubbed, strict=True))
    rows = await _queries.put_scrubbed(conn, keys=keys, scrubbed=texts)
    return {row["applicant_key"] for row in rows}
