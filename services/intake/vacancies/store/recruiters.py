"""Recruiters, known by source and work address, and the vacancies they are told about."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import asyncpg

from services.intake.vacancies.domain import Hiring, RecruiterKey
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import PersonName
from shared.contract.events.recipients import RecipientChanged, RecipientKind
from shared.contract.topics import RECIPIENTS
from shared.runtime import outbox
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("recruiters.sql"))

MOST_VACANCIES = 500
"""How many open vacancies a recruiter's state names at most."""
MOST_CLOSED = 200
"""How many that have closed."""


class Changed(NamedTuple):
    """The recruiters of whom something is new, and the vacancies that have others than before."""

    recruiters: set[str]
    vacancies: set[str]


async def keep(
    conn: asyncpg.Connection, hiring: Hiring, now: datetime, *, is_desk: bool = False
) -> Changed:
    """Links each vacancy to exactly these recruiters; returns what changed by it.

    One that names nobody, as those that come by web hook do not, is linked to the desk.
    """
    recruiters = hiring.recruiters
    changed = await _queries.keep(
        conn,
        ids=[str(uuid4()) for _ in recruiters],
        sources=[key.source for key in recruiters],
        emails=[key.email for key in recruiters],
        names=[known.value.name for known in recruiters.values()],
        locales=[known.value.locale for known in recruiters.values()],
        time_zones=[known.value.time_zone for known in recruiters.values()],
        mobiles=[known.value.mobile for known in recruiters.values()],
        times=[known.stamp.time for known in recruiters.values()],
        event_ids=[known.stamp.rank for known in recruiters.values()],
        is_desk=is_desk,
    )
    desk = [] if all(hiring.vacancies.values()) else await _desk(conn)
    pairs = [
        (vacancy_id, key) for vacancy_id, keys in hiring.vacancies.items() for key in keys or desk
    ]
    links = {
        "pair_vacancy_ids": [vacancy_id for vacancy_id, _ in pairs],
        "pair_sources": [key.source for _, key in pairs],
        "pair_emails": [key.email for _, key in pairs],
    }
    left = await _queries.unlink(conn, vacancy_ids=list(hiring.vacancies), **links)
    came = await _queries.link(conn, **links, now=now)
    return Changed(
        {row["recruiter_id"] for rows in (changed, left, came) for row in rows},
        {row["vacancy_id"] for rows in (left, came) for row in rows},
    )


async def without_recruiters(conn: asyncpg.Connection, job: str) -> list[str]:
    """Returns the vacancies that a desk is to have, but those that the job has parked."""
    return [row["vacancy_id"] for row in await _queries.without_recruiters(conn, job=job)]


async def give_to_desk(
    conn: asyncpg.Connection, vacancy_ids: Collection[str], now: datetime
) -> Changed:
    """Links those of these vacancies that have no recruiters to the desk, and returns both."""
    given = await _queries.give_to_desk(conn, vacancy_ids=list(vacancy_ids), now=now)
    return Changed({row["recruiter_id"] for row in given}, {row["vacancy_id"] for row in given})


async def of(conn: asyncpg.Connection, vacancy_ids: Collection[str]) -> set[str]:
    """Returns the recruiters of these vacancies."""
    rows = await _queries.of(conn, vacancy_ids=list(vacancy_ids))
    return {row["recruiter_id"] for row in rows}


async def publish(conn: asyncpg.Connection, recruiter_ids: Collection[str], now: datetime) -> None:
    """Puts the new state of recruiters into the outbox."""
    if recruiter_ids:
        bumped = await _queries.bump(conn, ids=list(recruiter_ids))
        await _put(conn, [row["recruiter_id"] for row in bumped], now)


async def publish_again(
    conn: asyncpg.Connection, recruiter_ids: Sequence[str], now: datetime
) -> None:
    """Puts the state that was published last into the outbox once more; nobody changes it then."""
    await _queries.lock(conn, ids=list(recruiter_ids))
    await _put(conn, recruiter_ids, now)


async def present(conn: asyncpg.Connection, after: str, limit: int) -> list[str]:
    """Returns recruiters in order of id, for a walk through all of them."""
    rows = await _queries.present(conn, after=after, limit=limit)
    return [row["recruiter_id"] for row in rows]


async def delete_out_of_date(
    conn: asyncpg.Connection, before: datetime, limit: int, now: datetime
) -> list[str]:
    """Deletes recruiters without a vacancy who were not named since then; returns their ids."""
    rows = await _queries.delete_out_of_date(conn, before=before, limit=limit, now=now)
    return [row["candidate_id"] for row in rows]


async def bury(conn: asyncpg.Connection, recruiter_ids: Sequence[str], now: datetime) -> None:
    """Puts a tombstone for each into the outbox."""
    tombstones = [
        Event.tombstone(recruiter_id, RecipientChanged.type, source="intake", at=now)
        for recruiter_id in recruiter_ids
    ]
    await outbox.put(conn, RECIPIENTS, tombstones)


async def _desk(conn: asyncpg.Connection) -> list[RecruiterKey]:
    """Returns who hears where there is nobody else: one address, or none."""
    return [RecruiterKey(row["source"], row["email"]) for row in await _queries.desk(conn)]


async def _put(conn: asyncpg.Connection, recruiter_ids: Sequence[str], now: datetime) -> None:
    rows = await _queries.states(
        conn, ids=list(recruiter_ids), most=MOST_VACANCIES, most_closed=MOST_CLOSED
    )
    states = [
        RecipientChanged(
            recipient_id=row["recruiter_id"],
            version=row["version"],
            kind=RecipientKind.RECRUITER,
            name=PersonName(full_name=row["name"]),
            emails=[row["email"]],
            phone=row["mobile"],
            locale=row["locale"] or "en",
            time_zone=row["time_zone"],
            vacancies=row["vacancies"],
            closed_vacancies=row["closed_vacancies"],
        )
        for row in rows
    ]
    await outbox.put(
        conn, RECIPIENTS, [Event.about(state, source="intake", at=now) for state in states]
    )
