"""One person who cannot be deleted for their age keeps nobody else in the record."""

import pytest
from dateutil.relativedelta import relativedelta

from services.intake.privacy.jobs import PrivacyJobs
from shared.runtime import parking
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.privacy.test_erasure import jobs
from tests.services.intake.shell import shell_on
from tests.services.intake.upstream import ERASURE, NOW, record, rejected, rows

YEARS_LATER = NOW + relativedelta(years=5)
TIMES_OVER = "update parked_rows set parked_until = clock_timestamp()"

NO_DATE = """
update applications set rejection = jsonb_set(rejection, '{decidedAt}', '"some day"')
where application_id = 'a-2'
"""
NO_FLAG = """
update applications set rejection = jsonb_set(rejection, '{alreadyTold}', '"perhaps"')
where application_id = 'a-2'
"""
NO_END = "update applications set decided_at = '9999-12-31' where application_id = 'a-2'"
MENDED = """
update applications
set
    decided_at = $1::timestamptz,
    rejection = rejection || jsonb_build_object('decidedAt', $1::timestamptz, 'alreadyTold', true)
"""


@pytest.fixture
async def database(databases: Databases) -> Database:
    """Three people whose time is over, five years later."""
    database = await databases("intake")
    for number in (1, 2, 3):
        person = {"emails": [f"{number}@mail.example"]}
        one = rejected(f"p-{number}", f"a-{number}", person=person, alreadyTold=True)
        await record(database, one)
    return database


async def execute(database: Database, sql: str, *values: object) -> None:
    async with database.transaction() as conn:
        await conn.execute(sql, *values)


async def left(database: Database) -> list[str]:
    found = await rows(database, "select application_id from applications order by 1")
    return [row["application_id"] for row in found]


async def parked(database: Database) -> list[tuple[str, str]]:
    found = await rows(database, "select job, reason from parked_rows")
    return [(row["job"], row["reason"]) for row in found]


@pytest.fixture
async def work(database: Database) -> PrivacyJobs:
    return jobs(database)


@pytest.mark.parametrize(
    ("poison", "reason"),
    [(NO_DATE, "InvalidDatetimeFormatError"), (NO_END, "ValueError")],
    ids=["no date", "no end"],
)
async def test_whoever_cannot_be_deleted_is_parked_and_the_others_leave(
    database: Database, work: PrivacyJobs, poison: str, reason: str
) -> None:
    await execute(database, poison)
    assert not await work.forget_people(YEARS_LATER)
    assert await left(database) == ["a-2"]
    assert await parked(database) == [("retention", reason)]
    [one] = await rows(database, "select applicant_key from applicants")
    [row] = await rows(database, "select key from parked_rows")
    assert row["key"] == one["applicant_key"]
    async with database.connection() as conn:
        assert await parking.counts(conn) == {"retention": 1}
    [departed] = await rows(database, "select sum(people) from departures")
    assert departed["sum"] == 2, "each is counted once"


async def test_whoever_may_be_owed_an_answer_for_all_that_can_be_read_keeps_nobody_else(
    database: Database, work: PrivacyJobs
) -> None:
    await execute(database, NO_FLAG)
    await work.forget_people(YEARS_LATER)
    assert await left(database) == ["a-2"]


async def test_whoever_is_parked_leaves_their_place_to_the_next_and_leaves_once_mended(
    database: Database, work: PrivacyJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.privacy.erasure.LOOKED_AT", 2)
    await execute(database, NO_DATE)
    while await work.forget_people(YEARS_LATER):
        pass
    assert await left(database) == ["a-2"]
    assert not await work.forget_people(YEARS_LATER)
    await execute(database, MENDED, NOW)
    await work.forget_people(YEARS_LATER)
    assert await left(database) == ["a-2"], "it rests"
    await execute(database, TIMES_OVER)
    await work.forget_people(YEARS_LATER)
    assert not await left(database)
    assert not await parked(database)


async def test_whoever_is_erased_or_comes_back_is_parked_no_longer(
    database: Database, work: PrivacyJobs
) -> None:
    await execute(database, NO_DATE)
    await work.forget_people(YEARS_LATER)
    await execute(database, MENDED, NOW)
    again = rejected("p-2", "a-9", time=YEARS_LATER, alreadyTold=True)
    await record(database, again, now=YEARS_LATER)
    await work.forget_people(YEARS_LATER)
    assert await parked(database) == []

    await execute(database, NO_END)
    await work.forget_people(YEARS_LATER + relativedelta(years=5))
    assert len(await parked(database)) == 1
    await execute(database, MENDED, NOW)
    [person] = await rows(database, "select candidate_id from candidates")
    async with database.transaction() as conn:
        await ERASURE.erase(conn, [person["candidate_id"]], YEARS_LATER)
    await work.forget_people(YEARS_LATER)
    assert await parked(database) == []


async def test_a_purge_by_hand_says_whom_it_could_not_let_go_and_they_are_listed(
    database: Database, databases: Databases
) -> None:
    shell = shell_on(databases)
    await execute(database, "update applicants set last_human_contact_at = '2020-01-01Z'")
    await execute(database, NO_DATE)
    code, said = await shell("privacy", "purge")
    assert (code, "unknown: 2 left" in said, "1 could not be let go" in said) == (0, True, True)
    _, said = await shell("privacy", "purge")
    assert "Nobody's time is over" not in said
    _, said = await shell("parked", "list")
    assert "InvalidDatetimeFormatError" in said
