"""By what the vacancies of each source are known to everybody else."""

from collections.abc import Collection, Sequence
from pathlib import Path

import asyncpg

from services.intake.vacancies.domain import VacancyKey
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("vacancy_ids.sql"))


async def of(conn: asyncpg.Connection, keys: Collection[VacancyKey]) -> dict[VacancyKey, str]:
    """Returns the id of each vacancy, and keeps it; the first source with an id has it plainly."""
    known = await _known(conn, keys)
    new = sorted(set(keys) - known.keys())
    if new:
        plain = [key for key in new if key.is_plain]
        await _keep(conn, plain, [key.source_id for key in plain])
        await _keep(conn, new, [key.apart for key in new])
        known |= await _known(conn, new)
    return known


async def _known(conn: asyncpg.Connection, keys: Collection[VacancyKey]) -> dict[VacancyKey, str]:
    rows = await _queries.known(conn, **_columns(keys)) if keys else ()
    return {VacancyKey(row["source"], row["source_vacancy_id"]): row["vacancy_id"] for row in rows}


async def _keep(conn: asyncpg.Connection, keys: Sequence[VacancyKey], ids: Sequence[str]) -> None:
    if keys:
        await _queries.keep(conn, **_columns(keys), ids=list(ids))


def _columns(keys: Collection[VacancyKey]) -> dict[str, list[str]]:
    return {
        "sources": [key.source for key in keys],
        "source_ids": [key.source_id for key in keys],
    }
