"""All states and tombstones can be published again."""

import pytest

from services.intake.applicants.republishing import republish, republish_everything
from services.intake.vacancies.handlers import VacancyRecorder
from shared.contract.topics import CANDIDATES, OPENINGS, RECIPIENTS
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    NOW,
    erased,
    published,
    record,
    rejected,
    rows,
    the_candidate,
)
from tests.services.intake.vacancies.stream import INES, keep, told_of, vacancy


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def test_everything_can_be_said_again(database: Database) -> None:
    await the_candidate(database)
    await record(database, rejected("p-2", "a-2", person={"emails": ["b@mail.example"]}))
    await record(database, erased("p-2"))
    await keep(database, vacancy(INES))
    last = (
        "select distinct on (topic, key) topic, key, convert_from(value, 'UTF8') as value "
        "from outbox order by topic, key, id desc"
    )
    before = await rows(database, last)
    async with database.transaction() as conn:
        await conn.execute("delete from outbox")
    counted: list[int] = []
    await republish_everything(database, NOW, VacancyRecorder(), counted.append)
    assert await rows(database, last) == before
    assert sum(counted) == 4


async def test_what_a_paused_relay_may_have_buried_is_said_again(database: Database) -> None:
    candidate_id = await the_candidate(database)
    await record(database, rejected("p-2", "a-2", person={"emails": ["b@mail.example"]}))
    await record(database, erased("p-2"))
    [gone] = await rows(database, "select candidate_id from former_candidates")
    await keep(database, vacancy(INES))
    [recruiter] = await rows(database, "select recruiter_id from recruiters")
    recorder = VacancyRecorder()
    async with database.transaction() as conn:
        await conn.execute("delete from outbox")
        await republish(conn, CANDIDATES, [candidate_id, gone["candidate_id"]], NOW, recorder)
        await republish(conn, RECIPIENTS, [recruiter["recruiter_id"]], NOW, recorder)
        await republish(conn, OPENINGS, ["v-1", "unknown"], NOW, recorder)
    assert (await published(database, "candidates", candidate_id))[-1]["version"] == 1
    assert await published(database, "candidates", gone["candidate_id"]) == [None]
    assert await told_of(database) == {"ines@work.example": ["v-1"]}
    assert len(await published(database, "openings")) == 1
