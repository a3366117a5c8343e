"""What is left of somebody who leaves the record, and who is to leave it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from shared.contract.events.decoding import Record
from shared.contract.events.people import PersonName
from shared.runtime.marks import key_of
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))


async def first_addresses(
    conn: asyncpg.Connection, candidate_ids: Sequence[str]
) -> list[tuple[str, str, PersonName | None]]:
    """Returns the applicants of these people with their first address and name."""
    rows = await _queries.first_addresses(conn, ids=list(candidate_ids))
    return [(key, at, name and PersonName.model_validate_json(name)) for key, at, name in rows]


async def mark_erased(
    conn: asyncpg.Connection,
    candidate_ids: Sequence[str],
    now: datetime,
    names: Sequence[tuple[str, bytes, bytes]],
) -> None:
    """Remembers that people were erased, so that nothing said until then makes them again.

    `names` are what is kept of their names: by applicant the first address and the parts, hashed.
    """
    keys, addresses, parts = map(list, zip(*names, strict=True)) if names else ([], [], [])
    await _queries.mark_erased(
        conn, ids=list(candidate_ids), now=now, keys=keys, addresses=addresses, parts=parts
    )


async def delete(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> list[str]:
    """Deletes people with all that hangs on them; returns those whom others were told about."""
    rows = await _queries.delete(conn, ids=list(candidate_ids))
    return [row["candidate_id"] for row in rows if row["version"]]


async def remember(conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime) -> None:
    """Keeps the ids of people who are no more, so that nothing makes them again."""
    if candidate_ids:
        await _queries.remember(conn, ids=list(candidate_ids), now=now)


async def out_of_date(
    conn: asyncpg.Connection, before: datetime, now: datetime, limit: int
) -> list[str]:
    """Returns people without human contact since then who agreed to nothing longer."""
    rows = await _queries.out_of_date(conn, before=before, now=now, limit=limit)
    return [row["candidate_id"] for row in rows]


async def applicants(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> list[str]:
    """Returns the applicants of whom these people consist."""
    rows = await _queries.applicants(conn, ids=list(candidate_ids))
    return [row["applicant_key"] for row in rows]


async def known_as(conn: asyncpg.Connection, keys: Sequence[str]) -> set[str]:
    """Returns every name, address and number that these applicants had."""
    return {row["known_as"] for row in await _queries.known_as(conn, keys=list(keys))}


async def identities(conn: asyncpg.Connection, keys: Sequence[str]) -> set[bytes]:
    """Returns the hashes by which these applicants alone are recognised."""
    return {row["hash"] for row in await _queries.identities(conn, keys=list(keys))}


async def addresses(conn: asyncpg.Connection, keys: Sequence[str]) -> set[bytes]:
    """Returns the hashes of addresses that these applicants may share with others."""
    return {row["hash"] for row in await _queries.addresses(conn, keys=list(keys))}


async def is_known(conn: asyncpg.Connection, record: Record, hashes: Collection[bytes]) -> bool:
    """Tells whether a record, by its key or its hashes, is about somebody who is held."""
    return bool(await _queries.is_known(conn, key=key_of(record), hashes=list(hashes)))
