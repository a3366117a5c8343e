"""The vacancies that were heard of, and what searches have measured for those that are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg
import structlog
from pydantic import ValidationError

from services.matcher.domain.vacancies import Opening
from shared.contract.events.vacancies import Vacancy
from shared.runtime.sql import Queries

_log = structlog.get_logger()
_queries = Queries(Path(__file__).with_suffix(".sql"))


@dataclass(frozen=True)
class Measured:
    """What the newest search of everybody measured, and which search that was."""

    search_id: str
    measured_at: datetime
    statistics: bytes


async def openings(conn: asyncpg.Connection, ids: Sequence[str]) -> dict[str, Opening]:
    """Returns those vacancies that are known; what is stored of the others cannot be read."""
    found = {}
    for row in await _queries.openings(conn, ids=ids):
        try:
            vacancy = Vacancy.model_validate_json(row["vacancy"])
        except ValidationError:
            _log.warning("matcher.vacancy_unreadable", vacancy=row["vacancy_id"])
            continue
        found[row["vacancy_id"]] = Opening(
            vacancy=vacancy,
            version=row["version"],
            opened_at=row["opened_at"],
            source=row["source"],
            searches_pool=row["searches_pool"],
            reopened=row["reopened"],
            closed_at=row["closed_at"],
        )
    return found


async def keep_openings(conn: asyncpg.Connection, openings: Sequence[Opening]) -> None:
    """Keeps vacancies, without their recruiters."""
    await _queries.keep_openings(
        conn,
        ids=[at.vacancy.vacancy_id for at in openings],
        versions=[at.version for at in openings],
        vacancies=[
            at.vacancy.model_dump_json(by_alias=True, exclude_none=True, exclude={"recruiters"})
            for at in openings
        ],
        sources=[at.source for at in openings],
        pool=[at.searches_pool for at in openings],
        opened=[at.opened_at for at in openings],
        reopened=[at.reopened for at in openings],
        closed=[at.closed_at for at in openings],
    )
    closed = [at.vacancy.vacancy_id for at in openings if at.closed_at]
    await _queries.drop_statistics(conn, ids=closed)


async def close_openings(conn: asyncpg.Connection, ids: Sequence[str], at: datetime) -> None:
    """Closes vacancies."""
    await _queries.close_openings(conn, ids=ids, at=at)
    await _queries.drop_statistics(conn, ids=ids)


async def measured(
    conn: asyncpg.Connection, opening: Opening, *, ranker: str, asked: str, since: datetime
) -> Measured | None:
    """Returns what was measured for a vacancy as it is now, by this ranker and not too long ago."""
    row = await _queries.statistics_of(
        conn,
        vacancy_id=opening.vacancy.vacancy_id,
        ranker=ranker,
        asked=asked,
        opened_at=opening.opened_at,
        measured_since=since,
    )
    return Measured(**row) if row else None


async def keep_measured(
    conn: asyncpg.Connection, opening: Opening, measured: Measured, *, ranker: str, asked: str
) -> None:
    """Keeps what a search of everybody measured, in place of what an earlier one did."""
    await _queries.keep_statistics(
        conn,
        vacancy_id=opening.vacancy.vacancy_id,
        search_id=measured.search_id,
        ranker=ranker,
        asked=asked,
        opened_at=opening.opened_at,
        now=measured.measured_at,
        statistics=measured.statistics,
    )
