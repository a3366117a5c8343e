"""What intake keeps of vacancies, and tells their recruiters."""

import asyncio
from dataclasses import replace

import pytest

from services.intake.applicants.republishing import republish
from services.intake.vacancies.handlers import VacancyRecorder
from services.intake.vacancies.store import recruiters
from shared.contract.events.cloudevents import Event
from shared.contract.events.vacancies import (
    VacancyClosed,
    VacancyOpened,
    VacancyReopened,
)
from shared.contract.topics import OPENINGS, RECIPIENTS, Topic
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    ATS,
    NOW,
    published,
    record,
    rejected,
    rows,
)
from tests.services.intake.vacancies.stream import (
    HOUR,
    INES,
    NOBODY,
    TOM,
    keep,
    recruit_at,
    told_of,
    vacancy,
)


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def test_a_vacancy_makes_its_recruiters_known_once(database: Database) -> None:
    await keep(database, vacancy(INES, TOM, NOBODY), vacancy(INES, id="v-2"))
    assert await told_of(database) == {
        "ines@work.example": ["v-1", "v-2"],
        "tom@work.example": ["v-1"],
    }
    [state] = [it for it in await published(database, "recipients") if "ines" in it["emails"][0]]
    assert state["name"] == {"fullName": "Ines Albers"}
    assert state["locale"] == "de-DE"


async def test_a_recruiters_mobile_number_is_known_where_it_can_be_one(database: Database) -> None:
    ines = INES.model_copy(update={"mobile": "+49 1512 3456789"})
    tom = TOM.model_copy(update={"mobile": "extension 7"})
    await keep(database, vacancy(ines, tom))
    states = {it["emails"][0]: it for it in await published(database, "recipients")}
    assert states["ines@work.example"]["phone"] == "+4915123456789"
    assert "phone" not in states["tom@work.example"]


async def test_a_recruiter_who_left_a_vacancy_is_told_nothing_of_it(database: Database) -> None:
    await keep(database, vacancy(INES, TOM))
    await keep(database, vacancy(TOM, hours=1))
    assert await told_of(database) == {"ines@work.example": [], "tom@work.example": ["v-1"]}


async def test_a_closed_vacancy_leaves_the_lists_until_it_reopens(database: Database) -> None:
    await keep(database, vacancy(INES))
    await keep(database, vacancy(INES, kind=VacancyClosed, hours=1))
    assert await told_of(database) == {"ines@work.example": []}
    assert (await published(database, "recipients"))[-1]["closedVacancies"] == ["v-1"]
    await keep(database, vacancy(INES, kind=VacancyReopened, hours=2))
    assert await told_of(database) == {"ines@work.example": ["v-1"]}


async def test_a_deleted_vacancy_leaves_the_lists(database: Database) -> None:
    await keep(database, vacancy(INES))
    gone = Event.tombstone("v-1", VacancyOpened.type, source="intake", at=NOW + HOUR)
    await keep(database, replace(gone, source=ATS))
    assert await told_of(database) == {"ines@work.example": []}


async def test_a_rejection_tells_of_a_vacancy_only_until_it_speaks_for_itself(
    database: Database,
) -> None:
    mentioned = {
        "vacancyId": "v-1",
        "title": "Shift lead",
        "recruiters": [{"name": "Tom Reed", "email": "tom@work.example"}],
    }
    await record(database, rejected(vacancy=mentioned))
    assert await told_of(database) == {"tom@work.example": ["v-1"]}
    await keep(database, vacancy(INES))
    await record(database, rejected(application_id="a-2", vacancy=mentioned, time=NOW + HOUR))
    assert await told_of(database) == {"tom@work.example": [], "ines@work.example": ["v-1"]}


async def test_a_vacancy_that_names_nobody_is_the_desks_until_it_names_somebody(
    database: Database,
) -> None:
    await keep(database, vacancy(id="v-0"), vacancy(INES, id="v-1"))
    await recruit_at(database, "jobs@work.example")
    await keep(database, vacancy(NOBODY, id="v-2"))
    await record(database, rejected(vacancy={"vacancyId": "v-3", "title": "Shift lead"}))
    assert await told_of(database) == {
        "ines@work.example": ["v-1"],
        "jobs@work.example": ["v-0", "v-2", "v-3"],
    }
    await keep(database, vacancy(id="v-2", hours=1, title="Foreman"))
    assert (await told_of(database))["jobs@work.example"] == ["v-0", "v-2", "v-3"]
    await keep(database, vacancy(TOM, id="v-2", hours=2))
    await recruit_at(database, "other@work.example")
    assert await told_of(database) == {
        "ines@work.example": ["v-1"],
        "jobs@work.example": ["v-0", "v-3"],
        "other@work.example": ["v-0", "v-3"],
        "tom@work.example": ["v-2"],
    }


async def test_of_very_many_vacancies_a_recruiter_is_told_the_newest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recruiters, "MOST_VACANCIES", 2)
    await keep(database, *(vacancy(INES, id=f"v-{hours}", hours=-hours) for hours in range(4)))
    assert await told_of(database) == {"ines@work.example": ["v-0", "v-1"]}


async def test_what_is_published_again_waits_for_a_change_that_is_under_way(
    database: Database,
) -> None:
    """Else an older state would follow the newest, and be all that is left on the stream."""
    await keep(database, vacancy(INES))
    [ines] = await rows(database, "select recruiter_id from recruiters")

    async def again(topic: Topic, key: str) -> None:
        async with database.transaction() as conn:
            await republish(conn, topic, [key], NOW, VacancyRecorder())

    async with database.transaction() as changing:
        changed = vacancy(INES, title="Foreman", hours=1)
        await VacancyRecorder().record(changing, [changed], NOW)
        waiting = [
            asyncio.create_task(again(*each))
            for each in ((OPENINGS, "v-1"), (RECIPIENTS, ines["recruiter_id"]))
        ]
        await asyncio.wait(waiting, timeout=0.5)
    await asyncio.gather(*waiting)
    for stream in ("openings", "recipients"):
        first, second, again_told = [it["version"] for it in await published(database, stream)]
        assert first < second == again_told
