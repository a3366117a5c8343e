"""An id that a source gives to two people swallows neither, and its sender is told."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from services.intake.applicants.handlers import ANOTHER_PERSON
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    DECIDED,
    erased,
    merged,
    record,
    rejected,
    standing,
    updated,
)

DAY = timedelta(days=1)

Person = dict[str, Any]


def person(name: str, *emails: str, **more: Any) -> Person:
    return {"name": {"fullName": name}, "emails": list(emails)} | more


ANN = person("Ann Able", "ann@mail.example", phone="+4930901820")
BOB = person("Bob Best", "bob@mail.example")


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


@pytest.mark.parametrize("at_once", [True, False], ids=["in one batch", "later"])
async def test_a_stranger_under_an_id_in_use_is_refused_and_may_come_again(
    database: Database, at_once: bool
) -> None:
    events = [rejected(person=ANN), rejected(application_id="a-2", person=BOB)]
    batches = [events] if at_once else [events[:1], events[1:]]
    assert [await record(database, *batch) for batch in batches][-1] == events[1:]
    [known] = await standing(database)
    assert [it["applicationId"] for it in known["rejections"]] == ["a-1"]
    assert ANOTHER_PERSON.reason == "another_person"
    of_his_own = rejected("p-2", "a-2", person=BOB)
    assert await record(database, of_his_own) == []
    assert len(await standing(database)) == 2


@pytest.mark.parametrize(
    "later",
    [
        person("Ann Brown", "brown@mail.example"),
        person("Anne Able", "anne@mail.example"),
        person("Annabel Lee", "ANN@mail.example"),
        person("Annabel Lee", "lee@mail.example", phone="+49 30 901820"),
        person("Анна Иванова", "anna@mail.example"),
        person("A. A.", "a@mail.example"),
        person("", "nobody@mail.example"),
        person("Bob Best"),
    ],
    ids=[
        "one word of the name is the same",
        "a slip of the pen",
        "the address",
        "the number",
        "another script",
        "initials",
        "no name",
        "no way to reach them",
    ],
)
async def test_who_can_be_the_same_person_is(database: Database, later: Person) -> None:
    await record(database, rejected(person=ANN))
    assert await record(database, rejected("p-1", "a-2", person=later)) == []
    [known] = await standing(database)
    assert {it["applicationId"] for it in known["rejections"]} == {"a-1", "a-2"}


async def test_whoever_has_another_name_and_address_now_is_told_of_as_such_first(
    database: Database,
) -> None:
    await record(database, rejected(person=ANN))
    assert await record(database, updated(time=DECIDED + DAY, **BOB)) == []
    anew = rejected("p-1", "a-2", person=BOB, time=DECIDED + DAY)
    assert await record(database, anew) == []
    [known] = await standing(database)
    assert {it["applicationId"] for it in known["rejections"]} == {"a-1", "a-2"}


@pytest.mark.parametrize("cuts", [(0, 3), (0, 1, 3), (0, 1, 2, 3)])
@pytest.mark.parametrize("turn", [1, -1])
async def test_whom_a_source_has_merged_may_have_as_many_names(
    database: Database, turn: int, cuts: tuple[int, ...]
) -> None:
    of_both = [rejected("p-1", "a-1", person=ANN), rejected("p-2", "a-2", person=BOB)]
    events = [merged("p-1", "p-2"), *of_both[::turn]]
    for begins, ends in pairwise(cuts):
        assert await record(database, *events[begins:ends]) == []
    [known] = await standing(database)
    assert {it["applicationId"] for it in known["rejections"]} == {"a-1", "a-2"}


async def test_an_id_is_free_for_another_person_once_its_owner_is_erased(
    database: Database,
) -> None:
    await record(database, rejected(person=ANN), erased(time=DECIDED + DAY))
    anew = rejected("p-1", "a-2", person=BOB, time=DECIDED + 2 * DAY)
    assert await record(database, anew) == []
    [known] = await standing(database)
    assert [it["applicationId"] for it in known["rejections"]] == ["a-2"]
