"""What is said of vacancies in these tests, and what recruiters are told by it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.intake.interests.desk import keep_desk
from services.intake.settings import Settings
from services.intake.vacancies.domain import SourcePolicy
from services.intake.vacancies.handlers import ANY_SOURCE, VacancyRecorder
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import RecruiterContact
from shared.contract.events.vacancies import (
    VacancyOpened,
    VacancyState,
)
from shared.runtime.postgres import Database
from tests.services.intake.upstream import (
    ATS,
    NOW,
    published,
)

INES = RecruiterContact(name="Ines Albers", email="Ines@Work.Example", locale="de_DE")
TOM = RecruiterContact(name="Tom Reed", email="tom@work.example")
NOBODY = RecruiterContact(name="Nobody", email="no address")
HOUR = timedelta(hours=1)


def vacancy(
    *recruiters: RecruiterContact,
    kind: type[VacancyState] = VacancyOpened,
    id: str = "v-1",
    hours: int = 0,
    source: str = ATS,
    **fields: Any,
) -> Event:
    said = {"vacancy_id": id, "title": "Shift lead", "recruiters": list(recruiters)}
    state = kind(**said | fields)
    event = Event.about(state, source="intake", at=NOW + hours * HOUR)
    return replace(event, source=source)


async def keep(
    database: Database, *events: Event, policy: SourcePolicy = ANY_SOURCE, now: datetime = NOW
) -> None:
    async with database.transaction() as conn:
        await VacancyRecorder(policy).record(conn, events, now)


async def told_of(database: Database) -> dict[str, list[str]]:
    """Returns each recruiter's newest list of vacancies, by address."""
    told = filter(None, await published(database, "recipients"))
    states = [state for state in told if state["kind"] == "recruiter"]
    return {state["emails"][0]: state["vacancies"] for state in states}


async def recruit_at(database: Database, address: str | None, now: datetime = NOW) -> None:
    """Configures who hears of vacancies that name nobody."""
    settings = Settings.model_construct(
        employer_name="Hartmann", employer_time_zone="Europe/Berlin", recruiting_email=address
    )
    await keep_desk(database, settings, now)
