"""What was taken back and decided again is owed an answer of its own; the same decision is not."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.intake.applicants import publishing
from services.intake.applicants.store import applications
from services.intake.applicants.store.applications import Letter
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantUnrejected,
    ApplicantWithdrawn,
)
from shared.contract.events.cloudevents import Event
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import DECIDED, decided, published, record, rejected, standing

DAY = timedelta(days=1)
SENT = DECIDED + 2 * DAY


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def told(database: Database, at: datetime = SENT) -> list[str]:
    """Reports that the letter about the application left then."""
    async with database.transaction() as conn:
        candidate_id = await conn.fetchval("select candidate_id from candidates where version > 0")
        owed = await applications.end_letters(conn, [Letter(candidate_id, "a-1", at, told=True)])
        await publishing.publish_candidates(conn, owed, at)
    return owed


async def owed(database: Database) -> list[Any]:
    """Returns whether an answer is owed, and when what was told before was taken back."""
    [*_, recipient] = await published(database, "recipients")
    [person] = await standing(database)
    return [
        (spoken_of["answerOwed"], said.get("takenBackAt"))
        for spoken_of, said in zip(
            recipient.get("applications", []), person.get("rejections", []), strict=True
        )
    ]


def back(
    days: int,
    kind: type[ApplicantUnrejected | ApplicantHired | ApplicantWithdrawn] = ApplicantUnrejected,
    who: str = "p-1",
) -> Event:
    return decided(kind, who, time=DECIDED + days * DAY)


def no(days: int = 0, who: str = "p-1", **more: Any) -> Event:
    return rejected(who, time=DECIDED + days * DAY, **more)


async def come(database: Database, *events: Event, now: datetime = SENT + 9 * DAY) -> None:
    for event in events:
        await record(database, event, now=now)


@pytest.mark.parametrize("kind", [ApplicantUnrejected, ApplicantWithdrawn])
@pytest.mark.parametrize("other", ["p-1", "p-2"])
@pytest.mark.parametrize("turn", [1, -1])
async def test_a_second_no_after_the_first_was_taken_back_is_owed_once(
    database: Database, kind: type[ApplicantUnrejected], other: str, turn: int
) -> None:
    await come(database, no(), now=DECIDED)
    assert await told(database)
    assert await owed(database) == [(False, None)]
    await come(database, *[back(3, kind, other), no(9)][::turn])
    assert [each[0] for each in await owed(database)] == [True]
    assert await told(database, SENT + 11 * DAY)
    assert not await told(database, SENT + 12 * DAY)
    await come(database, no(9, reason={"code": "other"}), no(10))
    assert [each[0] for each in await owed(database)] == [False]


@pytest.mark.parametrize("again", [no(9), no(reason={"code": "other"}), no(9, stage="final")])
async def test_the_same_decision_with_another_day_or_reason_is_owed_nothing_more(
    database: Database, again: Event
) -> None:
    await come(database, no(), now=DECIDED)
    await told(database)
    await come(database, again)
    assert await owed(database) == [(False, None)]


async def test_a_letter_that_left_before_the_second_no_was_heard_tells_nothing_of_it(
    database: Database,
) -> None:
    await come(database, no(), now=DECIDED)
    await come(database, back(3), no(9), now=SENT + DAY)
    assert await told(database)
    assert [each[0] for each in await owed(database)] == [True]


@pytest.mark.parametrize("days", [0, 1, 90])
@pytest.mark.parametrize("turn", [1, -1])
async def test_what_is_decided_of_the_application_of_a_hire_soon_after_it_is_told_nobody(
    database: Database, days: int, turn: int
) -> None:
    said = [back(0, ApplicantHired), no(days)]
    await come(database, *(said[::turn] if days else said))
    [person] = await standing(database)
    assert person["hiredAt"]
    assert await owed(database) == []


@pytest.mark.parametrize(
    "events",
    [
        [back(0, ApplicantHired), no(91)],
        [back(0, ApplicantHired), back(1), no(2)],
        [no(2), back(1), back(0, ApplicantHired)],
        [back(0, ApplicantHired), back(0), no()],
    ],
)
async def test_whoever_was_not_hired_after_all_or_long_ago_is_owed_an_answer(
    database: Database, events: list[Event]
) -> None:
    await come(database, *events)
    [person] = await standing(database)
    assert "hiredAt" not in person
    assert [each[0] for each in await owed(database)] == [True]
