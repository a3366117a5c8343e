"""An id that a source gives to two people swallows neither, and its sender is told."""

from datetime import timedelta
from itertools import pairwise
from string import ascii_lowercase
from typing import Any

import pytest

from services.intake.applicants.domain.grouping import MOST_NEAR
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
    assert "Only if it is ONE person, send applicant.updated first" in ANOTHER_PERSON.detail
    assert "with a new Idempotency-Key" in ANOTHER_PERSON.detail
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


@pytest.mark.parametrize("by", ["m-1", "m-2"])
@pytest.mark.parametrize(
    ("later", "is_known"),
    [
        (person("Olga Orth", "olga@mail.example"), False),
        (person("Olga Orth", "ann@mail.example"), True),
        (person("Olga Best", "olga@mail.example"), True),
        (person("Ann Able", "new@mail.example"), True),
    ],
    ids=["a stranger", "an address of one", "the surname of one", "the name of one"],
)
async def test_after_a_merge_only_who_shares_something_with_one_of_them_is_known(
    database: Database, later: Person, is_known: bool, by: str
) -> None:
    await record(
        database,
        rejected("m-1", "a-1", person=ANN),
        rejected("m-2", "a-2", person=BOB),
        merged("m-1", "m-2"),
    )
    refused = await record(database, rejected(by, "a-3", person=later))
    assert (refused == []) is is_known


async def test_by_an_id_that_was_merged_ahead_of_them_somebody_of_any_name_comes_once(
    database: Database,
) -> None:
    await record(database, rejected("m-1", "a-1", person=ANN))
    await record(database, merged("m-1", "m-2"))
    assert await record(database, rejected("m-2", "a-2", person=BOB)) == []
    olga = rejected("m-2", "a-3", person=person("Olga Orth", "olga@mail.example"))
    assert await record(database, olga) == [olga]


async def come_as_one(database: Database, first: Person, later: Person) -> bool:
    """Tells whether two who are told of by one id, the later one another time, count as one."""
    await record(database, rejected(person=first))
    return await record(database, rejected("p-1", "a-2", person=later)) == []


def elsewhere(name: str | dict[str, str], number: int) -> Person:
    """Returns somebody who has neither address nor telephone in common with others."""
    named = name if isinstance(name, dict) else {"fullName": name}
    return {"name": named, "emails": [f"{number}@x.example"], "phone": f"+493090182{number}"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jan van Dijk", "Piet van Houten"),
        ("MARIA DE LA CRUZ", "ANA DE SOUZA"),
        ("van Dijk", "van Houten"),
        ("Mag. Ann Able", "Mag. Bob Best"),
        ("Señora Ann Able", "Señora Eva Best"),
        ("Ann Able, MSc", "Bob Best, MSc"),
        ("Ann Able DI", "Bob Best DI"),
        ("ANN ABLE MBA", "BOB BEST MBA"),
        ("Ann Able Jr.", "Bob Best Jr."),
        ("Ann Able MPhil", "Bob Best MPhil"),
        ("Maria Huber MSc", "Maria Gruber MSc"),
        ("A. Able", "Bob A. Best"),
        ("A.", "Ann Able"),
        ("Ann Able (extern)", "Bob Best (extern)"),
        ("Ann Able (she/her)", "Bob Best (he/him)"),
        ("Ann Able extern", "Bob Best extern"),
        ("Candidate Ann Able", "Candidate Bob Best"),
        ("Ann Able", "Bob Ann"),
        ("Ann Able-Bell", "Bob Bell-Best"),
        ("Maria Huber", "Maria Gruber"),
        ({"givenName": "Jan", "familyName": "van Dijk"}, "Piet van Houten"),
        ("Ann Able", ""),
        ("", "Bob Best"),
        ("Unknown", "Unknown"),
        ("Þór Ðavíðsson", "Bob Best"),
        ("Jana Ebel", "Ann Able"),
        ("Ann Able", "Иван Петров"),
    ],
)
async def test_a_word_that_names_nobody_or_many_makes_no_two_people_one(
    database: Database, one: str | dict[str, str], other: str | dict[str, str]
) -> None:
    assert not await come_as_one(database, elsewhere(one, 1), elsewhere(other, 2))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Able", "able, ann"),
        ("Zoë Müller", "ZOE MUELLER"),
        ("Mag. Ann Able (she/her)", "Ann Able"),
        ("Jan van Dijk", "J. van Dijk"),
        ({"givenName": "Jan", "familyName": "van Dijk"}, "Kees van Dijk"),
        ("Jean ROUX", "Paul Roux"),
        ("Anna Maria Huber", "Eva Huber"),
        ("Hans-Peter Huber", "Karl-Heinz Huber"),
        (
            {"givenName": "Anna Maria", "familyName": "Huber"},
            {"givenName": "Eva Lea", "familyName": "Huber"},
        ),
        ("Anna Huber-Maier", "Eva Huber"),
        ("María García López", "Maria Garcia"),
        ("Ann Able (née Brown)", "Ann Brown"),
        ("AnnAble", "Ann Able"),
        ("Hans-Peter Maier", "Hanspeter Maier"),
        ("O'Brien Sean", "Sean OBrien"),
        ("Mohammed Al-Hussein", "Mohamed Elhussein"),
        ("Yulia Ivanova", "Julia Iwanowa"),
        ("Юлия Иванова", "Юлія Іванова"),
        ("Oksana Shevchenko", "Oxana Schewtschenko"),
    ],
)
async def test_whose_name_may_be_theirs_in_another_spelling_is_known_wherever_they_have_moved(
    database: Database, one: str | dict[str, str], other: str | dict[str, str]
) -> None:
    assert await come_as_one(database, elsewhere(one, 1), elsewhere(other, 2))


AGENCY = "jobs@agency.example"


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        (person("Hue Hay", "hue@x.example", AGENCY), person("Ira Ink", "i@x.example", AGENCY), 0),
        (person("Hue Hay", "hue@x.example", AGENCY), person("Ira Ink", AGENCY), 0),
        (person("Hue Hay", "hue@x.example", AGENCY), person("Hue Ink", "i@x.example", AGENCY), 1),
        (person("Hue Hay", "hue@x.example", AGENCY), person("", "i@x.example", AGENCY), 1),
        (person("Hue Hay", "hue@x.example"), person("Ira Ink", "hue@x.example", AGENCY), 1),
    ],
    ids=["second of both", "second of one", "the given name too", "no name", "the first"],
)
async def test_a_second_address_in_common_is_nothing_where_the_names_have_nothing(
    database: Database, one: Person, other: Person, are_one: int
) -> None:
    assert await come_as_one(database, one, other) == bool(are_one)


@pytest.mark.parametrize(("others", "are_one"), [(0, True), (MOST_NEAR, False)])
async def test_nor_is_an_address_of_very_many(
    database: Database, others: int, are_one: bool
) -> None:
    everybody = [person(f"{letter}a Fox{letter}", AGENCY) for letter in ascii_lowercase[:others]]
    for number, each in enumerate(everybody):
        await record(database, rejected(f"q-{number}", f"b-{number}", person=each))
    gil = person("Gil Gem", AGENCY)
    assert await come_as_one(database, person("Flo Hay", AGENCY), gil) is are_one


@pytest.mark.parametrize("kept", [{"emails": ["1@x.example"]}, {"phone": "+4930901821"}])
async def test_whoever_marries_keeps_address_or_number_and_is_known(
    database: Database, kept: Person
) -> None:
    later = elsewhere("Anna Gruber", 2) | kept
    assert await come_as_one(database, elsewhere("Anna Huber", 1), later)


async def test_what_was_decided_ahead_of_a_change_of_name_and_address_is_theirs(
    database: Database,
) -> None:
    await record(database, rejected(person=ANN), updated(time=DECIDED + DAY, **BOB))
    before = rejected("p-1", "a-2", person=person("Ann Able", "ann@mail.example"))
    assert await record(database, before) == []


async def test_an_id_is_free_for_another_person_once_its_owner_is_erased(
    database: Database,
) -> None:
    await record(database, rejected(person=ANN), erased(time=DECIDED + DAY))
    anew = rejected("p-1", "a-2", person=BOB, time=DECIDED + 2 * DAY)
    assert await record(database, anew) == []
    [known] = await standing(database)
    assert [it["applicationId"] for it in known["rejections"]] == ["a-2"]
