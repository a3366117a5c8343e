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
