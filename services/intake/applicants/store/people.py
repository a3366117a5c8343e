"""Who is in the record, and who is no more."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path

import asyncpg

from services.intake.applicants.domain.identity_resolution import Identity
from services.intake.applicants.domain.record_changes import PersonRecord
from services.intake.applicants.domain.register import PERSONAL_DATA_JSON
from shared.runtime import erasures
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("people.sql"))


async def receive(conn: asyncpg.Connection, count: int) -> list[int]:
    """Numbers what has been received, in ascending order."""
    return [row["number"] for row in await _queries.receive(conn, count=count)]


async def propose(conn: asyncpg.Connection, hashes: Mapping[bytes, str]) -> None:
    """Assigns each hash to the given person, unless it belongs to somebody already."""
    await _queries.propose(conn, hashes=list(hashes), candidate_ids=list(hashes.values()))


async def identities(conn: asyncpg.Connection, hashes: Collection[bytes]) -> dict[bytes, Identity]:
    """Returns the person that each hash belongs to."""
    rows = await _queries.identities(conn, hashes=list(hashes))
    return {
        row["hash"]: Identity(row["candidate_id"], row["erased"], row["forgotten_at"])
        for row in rows
    }


async def lock(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> dict[str, PersonRecord]:
    """Locks people, in one order for all, and returns those who are in the record."""
    rows = await _queries.lock(conn, ids=list(candidate_ids))
    return {
        row["candidate_id"]: PersonRecord(
            PERSONAL_DATA_JSON.validate_json(row["personal_data"]), row["last_human_contact_at"]
        )
        for row in rows
    }


async def present_id(conn: asyncpg.Connection, candidate_id: str) -> str | None:
    """Returns a person's present id, as they may have been merged; None if they were erased."""
    return (await present_ids(conn, [candidate_id])).get(candidate_id)


async def present_ids(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> dict[str, str]:
    """Returns the present ids of people; those who were erased are left out."""
    rows = await _queries.present(conn, ids=list(candidate_ids))
    return {row["asked"]: row["candidate_id"] for row in rows}


async def keep(
    conn: asyncpg.Connection,
    people: Mapping[str, PersonRecord],
    begun: Collection[str],
    now: datetime,
) -> None:
    """Keeps what is known of people, new ones and locked ones; the begun get their version 1."""
    await _queries.keep(
        conn,
        ids=list(people),
        versions=[int(candidate_id in begun) for candidate_id in people],
        personal_data=[
            PERSONAL_DATA_JSON.dump_json(
                held.personal_data, by_alias=True, exclude_none=True
            ).decode()
            for held in people.values()
        ],
        contacts=[held.last_human_contact_at for held in people.values()],
        now=now,
    )


async def recognise_again(conn: asyncpg.Connection, returned: Mapping[bytes, str]) -> None:
    """Assigns the hashes of people who were forgotten to who they are now."""
    if returned:
        await _queries.recognise_again(conn, hashes=list(returned), ids=list(returned.values()))
        await erasures.withdraw(conn, returned)
