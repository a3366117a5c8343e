"""What a press proves of who is one person, and for how long it does."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.applicants import deciding
from services.intake.applicants.store import joining
from services.intake.consent import store as consent
from services.intake.consent.domain import LinkedMessage
from services.intake.consent.verification import verify
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
)

HOUR = timedelta(hours=1)
ADDRESS = "mira@mail.example"
EVIL = {"emails": ["evil@mail.example"]}
MIRA: dict[str, Any] = {"name": {"fullName": "Mira Okafor"}, "emails": [ADDRESS]}
INITIAL: dict[str, Any] = {"name": {"fullName": "M. Okafor"}, "emails": [ADDRESS]}


@pytest.fixture
async def database(databases: Databases) -> Database:
    """A record of one person in two systems, who has pressed in a letter about the first."""
    database = await databases("intake")
    await record(database, rejected(person=MIRA))
    await record(database, elsewhere(INITIAL))
    await press(database)
    assert await people(database) == [["a-1", "b-1"]]
    return database


def elsewhere(person: dict[str, Any], application_id: str = "b-1", *, hours: int = 0) -> Event:
    """What another system, of another vacancy each time, says of its applicant."""
    of = {"vacancyId": application_id, "title": f"Job {application_id}"}
    at = DECIDED + hours * HOUR
    return rejected("x-1", application_id, source="other", vacancy=of, person=person, time=at)


async def press(database: Database, address: str = ADDRESS) -> None:
    """Answers a letter about the first application that was sent to this address."""
    [ours] = await rows(database, "select candidate_id from applications where source <> 'other'")
    letter = LinkedMessage(ours["candidate_id"], "m-1", "letter.en.1", application_id="a-1")
    async with database.transaction() as conn:
        await verify(conn, letter, lambda to: to == address, NOW)


async def people(database: Database) -> list[list[str]]:
    """Returns the applications of each person."""
    return sorted(
        sorted(it["applicationId"] for it in one["rejections"]) for one in await standing(database)
    )


@pytest.mark.parametrize("later", [EVIL, {"name": {"fullName": "Eve Evil"}}])
async def test_whoever_changes_address_or_name_is_no_more_who_pressed(
    database: Database, later: dict[str, Any]
) -> None:
    await record(database, elsewhere(INITIAL | later, "b-2", hours=1))
    assert await people(database) == [["a-1"], ["b-1", "b-2"]]
    async with database.connection() as conn:
        assert await joining.joined(conn, 9) == []


async def test_nor_is_the_one_who_pressed_once_theirs_is_another(database: Database) -> None:
    moved = MIRA | {"emails": ["new@mail.example"]}
    await record(database, rejected(person=moved, time=DECIDED + HOUR))
    assert await people(database) == [["a-1"], ["b-1"]]


async def test_a_press_counts_at_the_address_where_it_was_pressed_alone(
    database: Database,
) -> None:
    new = {"emails": ["new@mail.example"]}
    for event in (
        rejected(person=MIRA | new, time=DECIDED + HOUR),
        elsewhere(INITIAL | new, hours=1),
    ):
        await record(database, event)
    assert await people(database) == [["a-1"], ["b-1"]]
    await press(database, "new@mail.example")
    assert await people(database) == [["a-1", "b-1"]]
    for event in (rejected(person=MIRA, time=DECIDED + 2 * HOUR), elsewhere(INITIAL, hours=2)):
        await record(database, event)
    assert await people(database) == [["a-1"], ["b-1"]]


async def test_who_is_one_by_a_press_does_not_depend_on_the_order_of_what_is_said(
    database: Database,
) -> None:
    back, away = elsewhere(INITIAL, "b-3", hours=2), elsewhere(INITIAL | EVIL, "b-2", hours=1)
    for event in (back, away):
        await record(database, event)
    assert await people(database) == [["a-1", "b-1", "b-2", "b-3"]]


async def test_what_a_human_has_said_is_so_whatever_address_they_have(database: Database) -> None:
    async with database.transaction() as conn:
        [pair] = await joining.joined(conn, 9)
        assert await deciding.accept(conn, pair.join_id, NOW)
    await record(database, elsewhere(INITIAL | EVIL, "b-2", hours=1))
    assert await people(database) == [["a-1", "b-1", "b-2"]]


async def test_a_stop_stays_with_both_of_those_who_are_two_again(database: Database) -> None:
    [person] = await standing(database)
    async with database.transaction() as conn:
        await consent.stop(conn, [person["candidateId"]], list(Channel), "page", NOW)
    await record(database, elsewhere(INITIAL | EVIL, "b-2", hours=1))
    assert [set(one["stopped"]) for one in await standing(database)] == [{"email", "sms"}] * 2


async def test_what_was_verified_of_somebody_goes_with_what_their_system_erases(
    database: Database,
) -> None:
    gone, anew = (
        erased("x-1", source="other", time=DECIDED + HOUR),
        elsewhere(INITIAL, "b-2", hours=2),
    )
    for event in (gone, anew):
        await record(database, event)
    assert await people(database) == [["a-1"], ["b-2"]]
    assert await rows(database, "select from joins") == []
