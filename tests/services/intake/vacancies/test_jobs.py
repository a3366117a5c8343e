"""Vacancies long closed leave the record, and recruiters who have had none for as long."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta

from services.intake.applicants.republishing import republish
from services.intake.vacancies.handlers import VacancyRecorder
from services.intake.vacancies.jobs import VacancyJobs
from shared.contract.events.vacancies import VacancyClosed
from shared.contract.topics import RECIPIENTS
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import NOW, published, record, rejected, rows
from tests.services.intake.vacancies.stream import INES, TOM, keep, told_of, vacancy

LATER = NOW + relativedelta(months=25)


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def ids(database: Database) -> list[str]:
    found = await rows(database, "select vacancy_id from vacancies order by 1")
    return [row["vacancy_id"] for row in found]


async def test_what_is_not_open_leaves_after_the_time_it_is_kept(database: Database) -> None:
    await record(database, rejected(vacancy={"vacancyId": "mentioned", "title": "Picker"}))
    await keep(database, vacancy(INES, id="open"), vacancy(INES, id="closed"))
    await keep(database, vacancy(INES, id="closed", kind=VacancyClosed, hours=1))
    work = VacancyJobs(database, 24)
    assert not await work.forget_vacancies(NOW + timedelta(days=300))
    assert await ids(database) == ["closed", "mentioned", "open"]
    assert not await work.forget_vacancies(LATER)
    assert await ids(database) == ["open"]


async def test_recruiters_are_told_of_a_vacancy_that_left(database: Database) -> None:
    contact = {"name": "Tom Reed", "email": "tom@work.example"}
    mentioned = {"vacancyId": "v-1", "title": "Picker", "recruiters": [contact]}
    await record(database, rejected(vacancy=mentioned))
    assert await told_of(database) == {"tom@work.example": ["v-1"]}
    await VacancyJobs(database, 24).forget_vacancies(LATER)
    assert await told_of(database) == {"tom@work.example": []}


async def test_a_vacancy_that_cannot_be_deleted_is_parked_and_the_others_leave(
    database: Database,
) -> None:
    for id, recruiter in (("v-1", INES), ("v-2", TOM), ("v-3", INES)):
        await keep(database, vacancy(recruiter, id=id))
        await keep(database, vacancy(recruiter, id=id, kind=VacancyClosed, hours=1))
    async with database.transaction() as conn:
        await conn.execute(
            "update recruiters set locale = repeat('x', 5000) where name = 'Tom Reed'"
        )
    work = VacancyJobs(database, 24)
    assert not await work.forget_vacancies(LATER)
    assert await ids(database) == ["v-2"]
    [parked] = await rows(database, "select job, key, reason from parked_rows")
    assert list(parked.values()) == ["old vacancies", "v-2", "ValidationError"]

    async with database.transaction() as conn:
        await conn.execute("update recruiters set locale = null")
    await keep(database, vacancy(hours=24 * 700, id="v-2"), now=LATER)
    await work.forget_vacancies(LATER)
    assert not await rows(database, "select * from parked_rows")


async def test_a_recruiter_without_a_vacancy_leaves_everywhere_and_for_good(
    database: Database,
) -> None:
    await keep(database, vacancy(INES, TOM))
    await keep(database, vacancy(INES, hours=1))
    [tom] = await rows(database, "select recruiter_id from recruiters where name = 'Tom Reed'")
    work = VacancyJobs(database, 24)
    await work.forget_recruiters(NOW + timedelta(days=300))
    assert len(await rows(database, "select * from recruiters")) == 2
    await work.forget_recruiters(LATER)
    assert [row["name"] for row in await rows(database, "select name from recruiters")] == [
        "Ines Albers"
    ]
    assert (await published(database, "recipients", tom["recruiter_id"]))[-1] is None

    async with database.transaction() as conn:
        await conn.execute("delete from outbox")
        await republish(conn, RECIPIENTS, [tom["recruiter_id"]], LATER, VacancyRecorder())
    assert await published(database, "recipients", tom["recruiter_id"]) == [None]
