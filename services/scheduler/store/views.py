"""What operators look at: who is known, and what is due for them and when."""

from datetime import datetime
from pathlib import Path

import asyncpg

from shared.contract.events.candidates import CandidateChanged
from shared.runtime.sql import Queries

queries = Queries(Path(__file__).with_suffix(".sql"))


async def page_of_ids(conn: asyncpg.Connection, after: str, limit: int) -> list[str]:
    """Returns the ids of known people page by page, beginning behind `after`."""
    return [
        row["candidate_id"] for row in await queries.page_of_ids(conn, after=after, limit=limit)
    ]


async def state_of(conn: asyncpg.Connection, candidate_id: str) -> CandidateChanged | None:
    """Returns the newest state of somebody, unless they are unknown or erased."""
    state = await queries.state_of(conn, id=candidate_id)
    return CandidateChanged.model_validate_json(state) if state else None


async def coming(conn: asyncpg.Connection, limit: int) -> list[asyncpg.Record]:
    """Returns what is due next of all people: candidate, kind, due_at, event."""
    return list(await queries.coming(conn, limit=limit))


async def unanswered(conn: asyncpg.Connection) -> tuple[int, datetime | None]:
    """Returns how many wait for a recruiter's word, and since when the first does."""
    row = await queries.unanswered(conn)
    return row["number"], row["since"]


async def timeline(
    conn: asyncpg.Connection, candidate_id: str, until: datetime
) -> list[asyncpg.Record]:
    """Returns what was and will be due for somebody, in order."""
    return list(await queries.timeline(conn, id=candidate_id, until=until))
