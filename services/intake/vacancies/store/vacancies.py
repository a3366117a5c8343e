"""The vacancies that are known, and whether they are open."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from services.intake.applicants.domain.register import Claim
from services.intake.vacancies.domain import SourcePolicy
from shared.contract.events.cloudevents import Event
from shared.contract.events.openings import OpeningChanged, OpeningState
from shared.contract.events.payload import as_version, stable_id
from shared.contract.events.vacancies import (
    Vacancy,
    VacancyClosed,
    VacancyOpened,
    VacancyReopened,
    VacancyState,
    VacancyUpdated,
)
from shared.runtime.sql import Queries

_STATES = {
    VacancyOpened.type: OpeningState.OPENED,
    VacancyUpdated.type: OpeningState.UPDATED,
    VacancyReopened.type: OpeningState.REOPENED,
    VacancyClosed.type: OpeningState.CLOSED,
}

_queries = Queries(Path(__file__).with_name("vacancies.sql"))


async def mention(
    conn: asyncpg.Connection, vacancies: Mapping[str, Claim[Vacancy]]
) -> dict[str, str]:
    """Keeps what rejections say of vacancies without events of their own.

    Returns the source of each that is new, or whose recruiters have changed.
    """
    rows = await _queries.mention(
        conn,
        ids=list(vacancies),
        vacancies=[_json(known.value) for known in vacancies.values()],
        times=[known.stamp.time for known in vacancies.values()],
        event_ids=[known.stamp.rank for known in vacancies.values()],
    )
    return {row["vacancy_id"]: row["source"] for row in rows}


async def keep(conn: asyncpg.Connection, events: Sequence[Event], now: datetime) -> set[str]:
    """Keeps the newest state of each vacancy; returns the vacancies that changed.

    Of two states with one version the one received later holds.
    """
    versions = {id(event): _version(event, now) for event in events}
    newest = {event.key: event for event in sorted(events, key=lambda it: versions[id(it)])}
    states = [event.data for event in newest.values() if isinstance(event.data, VacancyState)]
    rows = await _queries.keep(
        conn,
        ids=list(newest),
        sources=[event.source for event in newest.values()],
        statuses=["closed" if isinstance(it, VacancyClosed) else "open" for it in states],
        types=[event.type for event in newest.values()],
        versions=[versions[id(event)] for event in newest.values()],
        vacancies=[_json(state) for state in states],
        times=[event.time for event in newest.values()],
        event_ids=[event.id for event in newest.values()],
        now=now,
    )
    return {row["vacancy_id"] for row in rows}


async def delete(conn: asyncpg.Connection, vacancy_ids: Sequence[str]) -> None:
    """Forgets vacancies, and who was told of them."""
    await _queries.delete(conn, ids=list(vacancy_ids))


async def out_of_date(
    conn: asyncpg.Connection, job: str, before: datetime, limit: int
) -> list[str]:
    """Locks and returns vacancies that are not open, and have had no event since then.

    What the job has parked is not among them.
    """
    rows = await _queries.out_of_date(conn, job=job, before=before, limit=limit)
    return [row["vacancy_id"] for row in rows]


async def openings(
    conn: asyncpg.Connection, vacancy_ids: Collection[str], policy: SourcePolicy
) -> list[Event]:
    """Returns the newest state of each vacancy as it is published: without its recruiters."""
    rows = await _queries.states(conn, ids=list(vacancy_ids))
    return [_opening(row, policy) for row in rows]


async def known(conn: asyncpg.Connection, after: str, limit: int) -> list[str]:
    """Returns vacancies with events of their own in order of id, for a walk through all of them."""
    rows = await _queries.known(conn, after=after, limit=limit)
    return [row["vacancy_id"] for row in rows]


def _opening(row: asyncpg.Record, policy: SourcePolicy) -> Event:
    source = row["source"]
    vacancy = Vacancy.model_validate_json(row["vacancy"]).model_copy(update={"recruiters": []})
    opening = OpeningChanged(
        **dict(vacancy),
        version=row["version"],
        state=_STATES[row["type"]],
        source=source,
        searches_pool=policy.searches_pool(source),
    )
    event_id = stable_id(source, row["event_id"])
    return Event.about(opening, source="intake", at=row["event_time"], id=event_id)


def _version(event: Event, now: datetime) -> int:
    """Returns how its source counts a state; a clock that is ahead counts no further than ours."""
    version = event.data.version if isinstance(event.data, VacancyState) else None
    return version or as_version(min(event.time, now))


def _json(vacancy: Vacancy) -> str:
    return vacancy.model_dump_json(by_alias=True, exclude_none=True)
