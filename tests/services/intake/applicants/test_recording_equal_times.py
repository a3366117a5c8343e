"""Of two statements about one moment the one received later holds, within a source."""

from typing import Any

import pytest

from services.intake.applicants.domain.outcomes import EventOutcome
from shared.contract.events.applications import ApplicantUnrejected
from shared.contract.events.cloudevents import Event, Unreadable
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    NOW,
    decided,
    record,
    recorder,
    rejected,
    rows,
    standing,
)


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


def titled(title: str, **more: Any) -> Event:
    return rejected(
        vacancy={"vacancyId": "v-1", "title": title},
        person={"name": {"fullName": f"Mira {title}"}},
        profile={"summary": title},
        reason={"code": "other", "note": title},
        **more,
    )


async def held(database: Database) -> set[str]:
    """Returns every title that is in the record."""
    texts = await rows(
        database,
        "select rejection::text as text from applications union all"
        " select note from applications union all select profile::text from profiles union all"
        " select vacancy ->> 'title' from vacancies union all"
        " select personal_data #>> '{name,value,fullName}' from candidates",
    )
    words = ("Baker", "Cook", "Driver")
    return {word for row in texts for word in words if word in row["text"]}


@pytest.mark.parametrize("first", ["a", "z"])
@pytest.mark.parametrize("together", [True, False])
async def test_a_correction_of_the_same_decision_holds_whatever_its_id(
    database: Database, first: str, together: bool
) -> None:
    said = [titled("Baker", id=first), titled("Cook", id="m"), titled("Driver", id=f"{first}2")]
    for events in [said] if together else [[event] for event in said]:
        await record(database, *events)
    assert await held(database) == {"Driver"}


async def test_between_sources_the_order_of_arrival_decides_nothing(databases: Databases) -> None:
    found = []
    for turn in (1, -1):
        database = await databases("intake")
        said = [
            rejected(source="one", person={"locale": "de"}),
            rejected(person={"locale": "fr"}),
        ]
        await record(database, *said[::turn])
        [row] = await rows(database, "select personal_data #>> '{locale,value}' from candidates")
        found.append(row)
        await database.stop()
    assert found[0] == found[1]


async def test_a_rejection_said_again_at_its_own_time_stands_again(database: Database) -> None:
    await record(database, rejected())
    await record(database, decided(ApplicantUnrejected))
    await record(database, rejected(reason={"code": "other"}))
    [person] = await standing(database)
    assert [it["reason"]["code"] for it in person["rejections"]] == ["other"]


async def outcomes(database: Database, *events: Event) -> list[EventOutcome | Unreadable | None]:
    async with database.transaction() as conn:
        return await recorder().record(conn, events, NOW)


async def test_who_sends_an_event_is_told_what_it_did(database: Database) -> None:
    assert await outcomes(database, titled("Baker")) == [EventOutcome.RECORDED]
    assert await outcomes(database, titled("Baker")) == [EventOutcome.KNOWN]
    assert await outcomes(database, titled("Cook")) == [EventOutcome.CHANGED]
    assert await outcomes(
        database,
        titled("Cook"),
        titled("Cook", application_id="a-2"),
        titled("Baker", application_id="a-2"),
    ) == [EventOutcome.KNOWN, EventOutcome.RECORDED, EventOutcome.CHANGED]


@pytest.mark.parametrize("known", [[], [rejected()]])
async def test_each_event_of_a_batch_is_told_what_it_did_after_those_before_it(
    database: Database, known: list[Event]
) -> None:
    for event in known:
        await record(database, event)
    back = decided(ApplicantUnrejected)
    first = EventOutcome.KNOWN if known else EventOutcome.RECORDED
    assert await outcomes(database, rejected(), back, back, rejected(), back) == [
        first,
        *[EventOutcome.CHANGED, EventOutcome.KNOWN, EventOutcome.CHANGED, EventOutcome.CHANGED],
    ]


@pytest.mark.parametrize(
    "better",
    [
        rejected(person={"phone": "+49 30 901820"}),
        rejected(person={"emails": ["other@mail.example"]}),
        rejected(stage="final"),
        rejected(reason={"code": "experience_too_short", "note": "Kind."}),
        rejected(decidedBy="Ines"),
        rejected(profile={"skills": [{"name": "Excel"}]}),
    ],
)
async def test_whatever_is_another_is_a_change(database: Database, better: Event) -> None:
    await outcomes(database, rejected())
    assert await outcomes(database, better) == [EventOutcome.CHANGED]
    assert await outcomes(database, better) == [EventOutcome.KNOWN]


async def test_what_was_decided_before_changes_nothing_that_holds(database: Database) -> None:
    await record(database, titled("Baker"))
    earlier = decided(ApplicantUnrejected, time=NOW.replace(year=2025))
    assert await outcomes(database, earlier) == [EventOutcome.KNOWN]
