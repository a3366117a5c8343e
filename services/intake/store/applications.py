"""What was decided about each application, and what is still owed for it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from services.intake.domain.applications import Application, rejection_of
from shared.sql import Queries

_queries = Queries(Path(__file__).with_name("applications.sql"))

Row = Sequence[Any]

_COLUMNS = (
    "ids",
    "sources",
    "source_ids",
    "statuses",
    "decided_ats",
    "status_times",
    "status_event_ids",
    "rejections",
    "rejection_times",
    "rejection_event_ids",
    "notes",
    "decided_bys",
    "answered_ats",
)


def row(candidate_id: str, application: Application, scrubbed_note: str | None) -> Row:
    """Gives an application as `keep` takes it."""
    decision, declined = application.decision, application.declined
    decided = (decision.value.status, decision.value.decided_at, *decision.stamp)
    head = (candidate_id, *application.key, *decided)
    if declined is None:
        return (*head, None, None, None, None, None, None)
    said = declined.value
    rejection = rejection_of(said, scrubbed_note).model_dump_json(by_alias=True, exclude_none=True)
    return (*head, rejection, *declined.stamp, said.reason.note, said.decided_by, None)


async def keep(conn: asyncpg.Connection, rows: Sequence[Row]) -> None:
    """Joins applications with what is known of them; each may be there once."""
    if rows:
        columns = map(list, zip(*rows, strict=True))
        await _queries.keep(conn, **dict(zip(_COLUMNS, columns, strict=True)))


async def of(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> list[Row]:
    """Gives the applications of people as `keep` takes them."""
    return [tuple(found) for found in await _queries.of(conn, ids=list(candidate_ids))]


async def notes(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> list[asyncpg.Record]:
    """Gives deciders' notes as they were written: candidate, application, note, vacancy title."""
    return list(await _queries.notes(conn, ids=list(candidate_ids)))


async def put_notes(conn: asyncpg.Connection, scrubbed: Sequence[tuple[str, str, str]]) -> None:
    """Has these notes published from now on: candidate, application and text."""
    if scrubbed:
        ids, application_ids, texts = map(list, zip(*scrubbed, strict=True))
        await _queries.put_notes(conn, ids=ids, application_ids=application_ids, notes=texts)


async def answer(
    conn: asyncpg.Connection, told: Collection[tuple[str, str, datetime]]
) -> list[str]:
    """Remembers that people were told the outcome; gives those for whom that was still owed."""
    if not told:
        return []
    ids, application_ids, ats = map(list, zip(*told, strict=True))
    rows = await _queries.answer(conn, ids=ids, application_ids=application_ids, ats=ats)
    return [found["candidate_id"] for found in rows]
