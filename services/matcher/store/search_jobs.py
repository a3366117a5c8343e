"""The searches that wait to be made, and who makes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_suffix(".sql"))


@dataclass(frozen=True)
class SearchJob:
    """A search to be made, and the lease under which this process makes it."""

    id: str
    vacancy_id: str
    newcomers: Sequence[str] | None
    attempts: int
    lease: UUID
    correlation_id: str | None
    causation_id: str | None


async def cancel(conn: asyncpg.Connection, vacancy_ids: Sequence[str]) -> list[str]:
    """Cancels every search for these vacancies that has not ended, and returns their ids.

    None of them leads to anything.
    """
    return [row["id"] for row in await _queries.cancel(conn, ids=vacancy_ids)]


async def ask_for_searches(
    conn: asyncpg.Connection,
    jobs: Sequence[tuple[str, str, str | None, str]],
    settle_seconds: float,
) -> None:
    """Asks for searches: (job id, vacancy id, correlation id, causation id)."""
    ids, vacancies, correlations, causations = zip(*jobs, strict=True) if jobs else ((),) * 4
    await _queries.ask_for_searches(
        conn,
        ids=ids,
        vacancies=vacancies,
        correlations=correlations,
        causations=causations,
        settle=settle_seconds,
    )


async def ask_about_newcomers(
    conn: asyncpg.Connection,
    candidates: Sequence[str],
    *,
    event_id: str,
    correlation_id: str,
    settle_seconds: float,
) -> None:
    """Asks, for every open vacancy, whether these people should be shown too."""
    await _queries.ask_about_newcomers(
        conn,
        candidates=candidates,
        event_id=event_id,
        correlation_id=correlation_id,
        settle=settle_seconds,
    )


async def waiting(conn: asyncpg.Connection, most: int) -> int:
    """Returns how many searches are due and not being made, up to so many."""
    return int(await _queries.waiting(conn, most=most))


async def claim(
    conn: asyncpg.Connection,
    lease: UUID,
    seconds: float,
    *,
    job: str,
    indexing: str,
    analysis: int,
) -> SearchJob | None:
    """Takes the search that waited longest, or was left by a process that died.

    Leaves out what the job has parked. It waits for whoever is not indexed yet, unless the job that
    indexes has parked them.
    """
    if not await _queries.is_due(conn):
        return None
    row = await _queries.claim(
        conn, lease=lease, seconds=seconds, job=job, indexing=indexing, analysis=analysis
    )
    return SearchJob(**row, lease=lease) if row else None


async def renew(conn: asyncpg.Connection, job: SearchJob, seconds: float) -> bool:
    """Keeps a search for longer; False if it was cancelled, or somebody else has taken it over."""
    return await _queries.renew(conn, id=job.id, lease=job.lease, seconds=seconds) is not None


async def finish(conn: asyncpg.Connection, job: SearchJob, state: str) -> bool:
    """Ends a search, or parks it; False if it was cancelled, or somebody else has taken it over."""
    return await _queries.finish(conn, id=job.id, lease=job.lease, state=state) is not None
