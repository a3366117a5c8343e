"""One decision is known as one however two systems write the vacancy's title."""

import pytest

from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import record, rejected, rows, standing


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def compared(database: Database, *titles: str) -> list[str]:
    found = await rows(
        database,
        "select compared_title(title) as title "
        "from unnest($1::text []) with ordinality as each (title, nth) order by nth",
        titles,
    )
    return [row["title"] for row in found]


async def test_what_says_that_everybody_may_apply_makes_no_other_title(database: Database) -> None:
    written = [
        "Data Engineer (m/f/d)",
        "DATA ENGINEER (f/m/x)",
        "Data Engineer (w/m/div.)",
        "Data Engineer [all genders]",
        "Data Engineer (gn)",
        "Data Engineer m/w/d",
        "Data Engineer - H/F",
        "(m/w/divers) Data Engineer",
        "Data Engineer (m, w, d)",
    ]
    assert set(await compared(database, *written)) == {"data engineer"}


async def test_what_belongs_to_a_title_stays(database: Database) -> None:
    titles = [
        "nurse i/ii",
        "c/d developer",
        "nurse (icu)",
        "a/b tester",
        "engineer (x-ray)",
        "driver b/c",
        "fm/am technician",
    ]
    assert await compared(database, *titles) == titles


async def test_a_decision_that_two_systems_tell_by_such_titles_is_told_once(
    database: Database,
) -> None:
    for source, vacancy_id, title in (
        ("ats", "v-1", "Data Engineer (m/f/d)"),
        ("own", "job-9", "Data engineer"),
    ):
        vacancy = {"vacancyId": vacancy_id, "title": title}
        await record(database, rejected(f"{source}-1", "a-1", source=source, vacancy=vacancy))
    [person] = await standing(database)
    assert [("toldWith" in one) for one in person["rejections"]].count(True) == 1
