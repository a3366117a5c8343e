"""The vacancies that are known, and whether they are open."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from services.intake.applicants.domain.register import Claim
from shared.contract.events.cloudevents import Event
from shared.contract.events.payload import as_version
from shared.contract.events.vacancies import Vacancy, VacancyClosed, VacancyState
from shared.contract.topics import VACANCIES
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("vacancies.sql"))


async def mention(conn: asyncpg.Connection, vacancies: Mapping[str, Claim[Vacancy]]) -> list[str]:
    """Keeps what rejections say of vacancies without events of their own; returns those it kept."""
    rows = await _queries.mention(
        conn,
        ids=list(vacancies),
        vacancies=[_json(known.value) for known in vacancies.values()],
        times=[known.stamp.time for known in vacancies.values()],
        event_ids=[known.stamp.rank for known in vacancies.values()],
    )
    return [row["vacancy_id"] for row in rows]


async def keep(conn: asyncpg.Connection, events: Sequence[Event]) -> None:
    """Keeps the newest state of each vacancy, as it was posted or as its stream tells it."""
    newest = {event.key: event for event in sorted(events, key=_order)}
    states = [event.data for event in newest.values() if isinstance(event.data, VacancyState)]
    await _queries.keep(
        conn,
        ids=list(newest),
        statuses=["closed" if isinstance(it, VacancyClosed) else "open" for it in states],
        types=[event.type for event in newest.values()],
        versions=[_order(event)[0] for event in newest.values()],
        vacancies=[_json(state) for state in states],
        times=[event.time for event in newest.values()],
        event_ids=[event.id for event in newest.values()],
    )


async def delete(conn: asyncpg.Connection, vacancy_ids: Sequence[str]) -> None:
    """Forgets vacancies, and who was told of them."""
    await _queries.delete(conn, ids=list(vacancy_ids))


async def out_of_date(conn: asyncpg.Connection, before: datetime, limit: int) -> list[str]:
    """Locks and returns vacancies that are not open, and have had no event since then."""
    rows = await _queries.out_of_date(conn, before=before, limit=limit)
    return [row["vacancy_id"] for row in rows]


async def events(conn: asyncpg.Connection, vacancy_ids: Sequence[str]) -> list[Event]:
    """Returns the newest event of each vacancy again, as it was."""
    rows = await _queries.states(conn, ids=list(vacancy_ids))
    return [_event(row["type"], row["vacancy"], row["event_time"], row["event_id"]) for row in rows]


async def known(conn: asyncpg.Connection, after: str, limit: int) -> list[str]:
    """Returns vacancies with events of their own in order of id, for a walk through all of them."""
    rows = await _queries.known(conn, after=after, limit=limit)
    return [row["vacancy_id"] for row in rows]


def _event(type: str, vacancy: str, time: datetime, event_id: str) -> Event:
    data = VACANCIES.event_types[type].model_validate_json(vacancy)
    return Event.about(data, source="intake", at=time, id=event_id)


def _order(event: Event) -> tuple[int, str]:
    version = event.data.version if isinstance(event.data, VacancyState) else None
    return version or as_version(event.time), event.id


def _json(vacancy: Vacancy) -> str:
    return vacancy.model_dump_json(by_alias=True, exclude_none=True)
