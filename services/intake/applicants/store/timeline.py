"""What was ever said and decided about each person, in order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
from pydantic_core import to_json

from services.intake.applicants.domain.normalisation import TimelineEntry
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("timeline.sql"))


async def add_entries(
    conn: asyncpg.Connection, entries: Sequence[tuple[str, TimelineEntry]]
) -> None:
    """Adds lines to the timelines of applicants."""
    await _queries.add_entries(
        conn,
        keys=[key for key, _ in entries],
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
    said = to_json(facts).decode()
    await _queries.note_people(conn, ids=list(candidate_ids), kind=kind, facts=said, now=now)


async def note_applicant(
    conn: asyncpg.Connection, key: str, kind: str, facts: Mapping[str, Any], now: datetime
) -> None:
    """Writes what somebody did with a letter about an application of this applicant."""
    said = to_json(facts).decode()
    await _queries.note(conn, keys=[key], kind=kind, facts=said, now=now)
