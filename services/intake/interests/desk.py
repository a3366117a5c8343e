"""Who hears of vacancies that have no recruiters, and of interests in them: a configured address.

It is known like a recruiter, of a source that no system has, so that its mails and links are a
recruiter's. That it is the desk is said here alone.
"""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.intake.applicants.domain.register import Claim, Stamp
from services.intake.interests import recording, store
from services.intake.settings import Settings
from services.intake.vacancies.domain import Hiring, Recruiter, RecruiterKey
from services.intake.vacancies.store import recruiters
from shared.runtime import parking
from shared.runtime.postgres import Database

DESK = "recruiting desk"
"""By this name vacancies are parked that the desk cannot be given."""


async def keep_desk(database: Database, settings: Settings, now: datetime) -> bool:
    """Makes the configured address known, with the vacancies that have nobody, and no former.

    Vacancies of which it cannot be told what waits there are parked.
    """
    desk = Recruiter(settings.employer_name, time_zone=settings.employer_time_zone)
    wanted = (
        {RecruiterKey(store.DESK_SOURCE, settings.recruiting_email): Claim(desk, Stamp(now, ""))}
        if settings.recruiting_email
        else {}
    )
    changed: set[str] = set()

    async def give(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
        given = await recruiters.give_to_desk(conn, ids, now)
        await recording.hand_over(conn, given.vacancies)
        changed.update(given.recruiters)

    async with database.transaction() as conn:
        kept = await recruiters.keep(conn, Hiring(wanted), now, is_desk=True)
        former = await store.close_desks(conn, settings.recruiting_email, now)
        ids = await recruiters.without_recruiters(conn, DESK)
        await parking.work(conn, DESK, ids, give, key=str)
        await recruiters.publish(conn, kept.recruiters | changed, now)
        await recruiters.bury(conn, former, now)
    return False
