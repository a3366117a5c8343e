"""One application of a source is one, whichever of its applicant ids it is told under."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from services.intake.privacy import store as privacy
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantUnrejected,
    ApplicantWithdrawn,
)
from shared.contract.events.cloudevents import Event
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    DECIDED,
    LAWS,
    NOW,
    decided,
    record,
    rejected,
    rows,
    standing,
)

LATER = DECIDED + timedelta(hours=4)
TAKEN_BACK = [ApplicantUnrejected, ApplicantHired, ApplicantWithdrawn]


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def told_of(database: Database) -> list[Any]:
    return [
        it["applicationId"]
        for person in await standing(database)
        for it in person.get("rejections", [])
    ]


@pytest.mark.parametrize("kind", TAKEN_BACK)
@pytest.mark.parametrize("turn", [1, -1])
async def test_what_ends_it_under_another_applicant_id_ends_it(
    database: Database, kind: type[ApplicantUnrejected], turn: int
) -> None:
    for event in [rejected("p-1"), decided(kind, "p-2", time=LATER)][::turn]:
        await record(database, event)
    assert await told_of(database) == []
    await record(database, rejected("p-1", time=LATER + timedelta(hours=1)))
    assert await told_of(database) == ["a-1"]


async def test_what_a_source_calls_alike_of_several_people_is_not_one(database: Database) -> None:
    people = [rejected("p-1"), rejected("p-3", person={"emails": ["li@mail.example"],
        "name": {"fullName": "Li Wei"}})]  # fmt: skip
    await record(database, *people)
    await record(database, decided(ApplicantUnrejected, "p-2", time=LATER))
    assert await told_of(database) == ["a-1", "a-1"]


def mira(who: str, email: str, **more: Any) -> Event:
    return rejected(who, person={"emails": [email], **more.pop("person", {})}, **more)


def orders(*events: Event) -> list[tuple[Event, ...]]:
    return list(permutations(events))


@pytest.mark.parametrize("who", ["p-2", "p-9"])
@pytest.mark.parametrize("turn", [0, 3, 5])
async def test_what_ends_it_ends_it_at_each_address_it_was_told_of(
    database: Database, who: str, turn: int
) -> None:
    ended = decided(ApplicantWithdrawn, who, time=LATER)
    said = mira("p-1", "mira@mail.example"), mira("p-2", "okafor@mail.example")
    for event in orders(*said, ended)[turn]:
        await record(database, event)
    assert await told_of(database) == []
    await record(database, mira("p-2", "okafor@mail.example", time=LATER + timedelta(days=1)))
    assert await told_of(database) == ["a-1"]


async def test_of_one_moment_what_was_received_later_holds_at_each_address(
    database: Database,
) -> None:
    await record(database, mira("p-1", "mira@mail.example"))
    await record(database, mira("p-2", "okafor@mail.example"))
    await record(database, decided(ApplicantUnrejected, "p-2"))
    assert await told_of(database) == []
    await record(database, mira("p-1", "mira@mail.example"))
    assert await told_of(database) == ["a-1"]


@pytest.mark.parametrize(("days", "told"), [(1, []), (91, ["a-1"])])
async def test_a_hire_outlasts_what_is_decided_of_it_soon_after_at_another_address(
    database: Database, days: int, told: list[str]
) -> None:
    later = LATER + timedelta(days=days)
    await record(database, mira("p-2", "okafor@mail.example"))
    await record(database, decided(ApplicantHired, "p-2", time=LATER))
    await record(database, mira("p-1", "mira@mail.example", time=later), now=later)
    assert await told_of(database) == told


LI = {"name": {"fullName": "Li Wei"}, "emails": ["li@mail.example"]}


@pytest.mark.parametrize("kind", [ApplicantHired, ApplicantWithdrawn])
@pytest.mark.parametrize("turn", [0, 1, 5])
async def test_what_is_said_of_somebody_else_under_the_same_id_ends_nothing(
    database: Database, kind: type[ApplicantUnrejected], turn: int
) -> None:
    about_li = rejected("p-2", "a-2", person=LI), decided(kind, "p-2", time=LATER)
    for event in orders(rejected("p-1"), *about_li)[turn]:
        await record(database, event)
    assert "a-1" in await told_of(database)


@pytest.mark.parametrize("turn", range(0, 24, 5))
async def test_a_source_that_calls_several_people_alike_says_of_one_what_it_says(
    database: Database, turn: int
) -> None:
    alike = rejected("p-3", "a-3"), rejected("p-4", "a-3", person=LI)
    unknown = decided(ApplicantHired, "p-2", time=LATER)
    for event in orders(rejected("p-1"), unknown, *alike)[turn]:
        await record(database, event)
    assert sorted(await told_of(database)) == ["a-1", "a-3", "a-3"]


async def test_a_rejection_is_taken_back_under_whatever_name_where_nobody_else_had_one(
    database: Database,
) -> None:
    await record(database, rejected("p-1"), rejected("p-2", "a-2", person=LI))
    await record(database, decided(ApplicantUnrejected, "p-2", time=LATER))
    assert await told_of(database) == ["a-2"]


def owing() -> list[list[Event]]:
    """Returns what leaves nothing to be told, though one of two applicant ids was turned down."""
    told = rejected("p-2", alreadyTold=True, alreadyAsked=True, time=LATER)
    ended = [
        decided(ApplicantUnrejected, "p-2", time=LATER),
        decided(ApplicantWithdrawn, "p-2", time=LATER),
    ]
    found = [[rejected("p-1"), told]]
    for end in ended:
        found += map(list, permutations([rejected("p-1"), rejected("p-2"), end]))
    return found


@pytest.mark.parametrize("events", owing())
async def test_whoever_nothing_will_ever_be_told_is_not_kept_for_it(
    database: Database, events: list[Event]
) -> None:
    for event in events:
        await record(database, event)
    long_after = NOW + timedelta(days=900)
    async with database.transaction() as conn:
        await conn.execute("update applicants set recorded_at = $1", DECIDED)
        idle = await privacy.idle(conn, LAWS, long_after, privacy.FROM_THE_BEGINNING, 10)
        keys = [each.applicant_key for each in idle]
        found = await privacy.out_of_date(conn, LAWS, long_after, keys)
    [person] = await rows(database, "select candidate_id from candidates")
    assert found == [person["candidate_id"]]
