"""Very many of one name, or of one person: what each event costs has a bound, and nobody loses."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.applicants import publishing
from services.intake.applicants.domain.grouping import MOST_ALIKE
from services.intake.applicants.domain.register import MOST_KNOWN_AS
from services.intake.applicants.store import joining, people
from services.intake.consent import store as consent
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    DECIDED,
    NOW,
    erased,
    record,
    rejected,
    rows,
    standing,
    updated,
)

ADDRESS = "test@mail.example"
TEST: dict[str, Any] = {"name": {"fullName": "Test Test"}, "emails": [ADDRESS]}


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


def placeholders(first: int, end: int) -> list[Event]:
    return [rejected(f"p-{each}", f"a-{each}", person=TEST) for each in range(first, end)]


async def sizes(database: Database) -> list[int]:
    """Returns of how many applicants each person is, the largest first."""
    counts = "select count(*) as size from applicants group by candidate_id order by 1 desc"
    return [row["size"] for row in await rows(database, counts)]


async def test_of_very_many_of_one_name_and_address_nobody_new_is_one_with_them(
    database: Database,
) -> None:
    await record(database, *placeholders(0, MOST_ALIKE - 1))
    assert await sizes(database) == [MOST_ALIKE - 1]
    await record(database, *placeholders(MOST_ALIKE, MOST_ALIKE + 3))
    assert await sizes(database) == [MOST_ALIKE - 1, 1, 1, 1]
    async with database.connection() as conn:
        assert await joining.suggestions(conn, 99)
    await record(database, rejected("p-0", "a-0b", person=TEST))
    assert await sizes(database) == [MOST_ALIKE - 1, 1, 1, 1]


async def test_an_event_about_one_of_very_many_looks_at_nobody_else(database: Database) -> None:
    await record(database, *placeholders(0, MOST_ALIKE + 20))
    [one] = await rows(database, "select applicant_key, name_key from applicants limit 1")
    async with database.transaction() as conn:
        assert len(await people.kin(conn, [one["applicant_key"]])) == 1
        assert not await people.kin(conn, [], {(ADDRESS, one["name_key"])})


async def test_those_who_are_not_so_many_any_more_are_one_again(database: Database) -> None:
    await record(database, *placeholders(0, MOST_ALIKE))
    assert len(await sizes(database)) == MOST_ALIKE
    await record(database, erased("p-0", time=DECIDED + timedelta(hours=1)))
    await record(database, rejected("p-1", "a-1b", person=TEST))
    assert await sizes(database) == [MOST_ALIKE - 1]


async def test_a_stop_of_those_who_are_one_holds_however_many_come(database: Database) -> None:
    await record(database, *placeholders(0, 3))
    [person] = await rows(database, "select candidate_id from candidates")
    async with database.transaction() as conn:
        await consent.stop(conn, [person["candidate_id"]], [Channel.EMAIL], "page", NOW)
    await record(database, *placeholders(3, MOST_ALIKE + 3))
    await record(database, rejected("p-0", "a-0b", person=TEST))
    [of_many] = [one for one in await standing(database) if len(one["rejections"]) > 1]
    assert of_many["candidateId"] == person["candidate_id"]
    assert of_many["stopped"] == ["email"]


async def test_of_very_many_decisions_that_two_systems_tell_the_eldest_are_told_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(publishing._BOUNDS, "most_compared", 4)

    def told(source: str, each: int) -> Event:
        return rejected(
            f"{source}-1",
            f"{source}-{each}",
            source=source,
            vacancy={"vacancyId": f"{source}-{each}", "title": f"Job {each}"},
            person=TEST,
            time=DECIDED + timedelta(minutes=each),
        )

    await record(database, *(told(source, each) for source in ("one", "two") for each in range(3)))
    [person] = await standing(database)
    alone = {one["applicationId"] for one in person["rejections"] if "toldWith" not in one}
    assert alone == {"one-0", "one-1", "one-2", "two-2"}


async def test_of_ever_new_names_and_addresses_the_newest_are_remembered(
    database: Database,
) -> None:
    def named(each: int) -> Event:
        person: dict[str, Any] = {
            "name": {"fullName": f"Given{each} Family{each}"},
            "emails": [f"e{each}@x.example"],
        }
        return updated(**person, time=DECIDED + timedelta(minutes=each))

    events = [named(each) for each in range(MOST_KNOWN_AS)]
    await record(database, *events[::2])
    await record(database, *events[1::2])
    [known] = await rows(
        database,
        "select array(select jsonb_object_keys(personal_data -> 'also_known_as')) as as "
        "from applicants",
    )
    assert len(known["as"]) == MOST_KNOWN_AS
    assert f"e{MOST_KNOWN_AS - 1}@x.example" in known["as"]
    assert "e0@x.example" not in known["as"]
