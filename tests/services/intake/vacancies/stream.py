"""What is said of vacancies in these tests, and what recruiters are told by it."""

from datetime import timedelta

from services.intake.vacancies.handlers import keep_vacancies
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import RecruiterContact
from shared.contract.events.vacancies import (
    VacancyOpened,
    VacancyState,
)
from shared.runtime.postgres import Database
from tests.services.intake.upstream import (
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
) -> Event:
    state = kind(vacancy_id=id, title="Shift lead", recruiters=list(recruiters))
    return Event.about(state, source="intake", at=NOW + hours * HOUR)


async def keep(database: Database, *events: Event) -> None:
    async with database.transaction() as conn:
        await keep_vacancies(conn, events, NOW)


async def told_of(database: Database) -> dict[str, list[str]]:
    """Returns each recruiter's newest list of vacancies, by address."""
    told = filter(None, await published(database, "recipients"))
    states = [state for state in told if state["kind"] == "recruiter"]
    return {state["emails"][0]: state["vacancies"] for state in states}
