"""Publishes all states again: for a reader that was away too long, or a topic that was lost."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.store import people
from services.intake.vacancies.handlers import VacancyRecorder
from services.intake.vacancies.store import recruiters
from services.intake.vacancies.store.vacancies import known as known_vacancies
from shared.contract.topics import OPENINGS, Topic
from shared.runtime.postgres import Database

AT_A_TIME = 500

Walk = Callable[[asyncpg.Connection, str, int], Awaitable[list[str]]]
Republish = Callable[[asyncpg.Connection, Sequence[str], datetime], Awaitable[None]]


async def republish(
    conn: asyncpg.Connection,
    topic: Topic,
    keys: Collection[str],
    now: datetime,
    vacancies: VacancyRecorder,
) -> None:
    """Puts the present state of these entities of a topic into the outbox once more."""
    if topic == OPENINGS:
        await vacancies.republish(conn, list(keys), now)
        return
    await republish_candidates(conn, list(keys), now)
    await recruiters.publish_again(conn, list(keys), now)
    await publishing.bury(conn, await publishing.gone(conn, keys), now)


async def republish_everything(
    database: Database, now: datetime, vacancies: VacancyRecorder, told: Callable[[int], None]
) -> None:
    """Puts all states and tombstones into the outbox, in transactions of a few hundred."""
    walks: tuple[tuple[Walk, Republish], ...] = (
        (publishing.present, republish_candidates),
        (publishing.former, publishing.bury),
        (recruiters.present, recruiters.publish_again),
        (known_vacancies, vacancies.republish),
    )
    for walk, again in walks:
        after = ""
        while True:
            async with database.transaction() as conn:
                keys = await walk(conn, after, AT_A_TIME)
                await again(conn, keys, now)
            told(len(keys))
            if len(keys) < AT_A_TIME:
                break
            after = keys[-1]


async def republish_candidates(conn: asyncpg.Connection, ids: Sequence[str], now: datetime) -> None:
    """Puts the present state of people into the outbox; nobody changes them meanwhile."""
    held = await people.lock(conn, ids)
    await publishing.publish_again(conn, held, now)
