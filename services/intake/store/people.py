"""Who is in the record, and who is no more."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
from pydantic_core import to_json

from services.intake.domain.changes import Held
from services.intake.domain.hearing import Entry
from services.intake.domain.joining import Identity
from services.intake.domain.knowledge import PERSON_JSON
from services.intake.store import publishing
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("people.sql"))
_erasing = Queries(Path(__file__).with_name("erasing.sql"))


async def propose(conn: asyncpg.Connection, hashes: Mapping[bytes, str]) -> None:
    """Has each hash stand for the given person, unless it stands for somebody already."""
    await _queries.propose(conn, hashes=list(hashes), candidate_ids=list(hashes.values()))


async def identities(conn: asyncpg.Connection, hashes: Collection[bytes]) -> dict[bytes, Identity]:
    """Gives whom each hash stands for by now."""
    rows = await _queries.identities(conn, hashes=list(hashes))
    return {
        row["hash"]: Identity(row["candidate_id"], row["erased"], row["forgotten_at"])
        for row in rows
    }


async def lock(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> dict[str, Held]:
    """Gives those people who are there and has nobody else change them, in one order for all."""
    rows = await _queries.lock(conn, ids=list(candidate_ids))
    return {
        row["candidate_id"]: Held(
            PERSON_JSON.validate_json(row["known"]), row["last_human_contact_at"]
        )
        for row in rows
    }


async def present_id(conn: asyncpg.Connection, candidate_id: str) -> str | None:
    """Gives the id of a person today, who may have been merged; None if they were erased."""
    return (await present_ids(conn, [candidate_id])).get(candidate_id)


async def present_ids(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> dict[str, str]:
    """Gives the ids of people today; who was erased is not among them."""
    rows = await _queries.present(conn, ids=list(candidate_ids))
    return {row["asked"]: row["candidate_id"] for row in rows}


async def keep(
    conn: asyncpg.Connection, people: Mapping[str, Held], begun: Collection[str], now: datetime
) -> None:
    """Keeps what is known of people, new ones and locked ones; the begun get their version 1."""
    await _queries.keep(
        conn,
        ids=list(people),
        versions=[int(candidate_id in begun) for candidate_id in people],
        known=[
            PERSON_JSON.dump_json(held.known, by_alias=True, exclude_none=True).decode()
            for held in people.values()
        ],
        contacts=[held.last_human_contact_at for held in people.values()],
        now=now,
    )


async def add_entries(conn: asyncpg.Connection, entries: Sequence[tuple[str, Entry]]) -> None:
    """Adds lines to timelines."""
    await _queries.add_entries(
        conn,
        ids=[candidate_id for candidate_id, _ in entries],
        ats=[entry.at for _, entry in entries],
        kinds=[entry.kind for _, entry in entries],
        facts=[to_json(entry.facts).decode() for _, entry in entries],
    )


async def note(
    conn: asyncpg.Connection,
    candidate_ids: Iterable[str],
    kind: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> None:
    """Writes what people did, or was decided about them, into their timelines."""
    await _queries.note(
        conn, ids=list(candidate_ids), kind=kind, facts=to_json(facts).decode(), now=now
    )


async def erase(conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime) -> None:
    """Leaves nothing of people but their ids, and the hashes by which they do not come back."""
    if not candidate_ids:
        return
    ids = list(candidate_ids)
    gone = await _erasing.delete(conn, ids=ids)
    await _erasing.remember(conn, ids=ids, now=now)
    await publishing.bury(conn, [row["candidate_id"] for row in gone if row["version"]], now)


async def forget(conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime) -> None:
    """Erases people whose time is over; with a new application they may come back."""
    await erase(conn, candidate_ids, now)
    await _erasing.mark_forgotten(conn, ids=list(candidate_ids), now=now)


async def recognise_again(conn: asyncpg.Connection, returned: Mapping[bytes, str]) -> None:
    """Has hashes of people who were forgotten stand for who they are now."""
    if returned:
        await _erasing.recognise_again(conn, hashes=list(returned), ids=list(returned.values()))


async def out_of_date(
    conn: asyncpg.Connection, before: datetime, now: datetime, limit: int
) -> list[str]:
    """Gives people with whom nobody had to do since then, and who agreed to nothing longer."""
    rows = await _erasing.out_of_date(conn, before=before, now=now, limit=limit)
    return [row["candidate_id"] for row in rows]


async def to_search(conn: asyncpg.Connection, limit: int) -> list[str]:
    """Gives erased people for whom the quarantine was not searched yet."""
    return [row["candidate_id"] for row in await _erasing.to_search(conn, limit=limit)]


async def hashes(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> set[bytes]:
    """Gives by what these people are recognised."""
    rows = await _erasing.hashes(conn, ids=list(candidate_ids))
    return {row["hash"] for row in rows}


async def mark_searched(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime
) -> None:
    """Remembers that the quarantine holds nothing of them any more."""
    await _erasing.mark_searched(conn, ids=list(candidate_ids), now=now)
