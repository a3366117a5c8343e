"""Where somebody is written to whom several sources know: never where only another one said."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from services.intake.applicants import deciding, joining
from services.intake.applicants.jobs import count_unreachable
from services.intake.applicants.store import joining as store
from services.intake.consent import store as consent
from services.intake.metrics import IntakeMetrics
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from shared.contract.events.recipients import RecipientChanged
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    ATS,
    DECIDED,
    NOW,
    published,
    record,
    rejected,
    rows,
    standing,
    updated,
)

MIRA: dict[str, Any] = {"name": {"fullName": "Mira Okafor"}, "emails": ["mira@mail.example"]}
NUMBER = "+4930901899"
OTHER_VACANCY = {"vacancyId": "v-2", "title": "Cook"}


@pytest.fixture
async def database(databases: Databases) -> Database:
    """A record of one person: both sources know the address, only the other one a number."""
    database = await databases("intake")
    await record(database, rejected(person=MIRA))
    theirs = MIRA | {"phone": NUMBER}
    other = rejected("x-1", "b-1", source="other", vacancy=OTHER_VACANCY, person=theirs)
    await record(database, other)
    return database


async def recipient(database: Database) -> RecipientChanged:
    state = (await published(database, "recipients"))[-1]
    return RecipientChanged.model_validate(state)


async def answer(database: Database, source: str, now: datetime) -> None:
    """Answers a letter about this source's application."""
    said = "select applicant_key from applications where source = $1"
    [one] = await rows(database, said, source)
    async with database.transaction() as conn:
        await consent.hat_answered(conn, one["applicant_key"], "yes", now)
        regrouped = await joining.regroup(conn, [one["applicant_key"]], now)
        await joining.publish(conn, regrouped, now)


async def test_a_number_is_used_for_the_applications_of_its_own_source_alone(
    database: Database,
) -> None:
    state = await recipient(database)
    assert state.speaking_of("a-1").phone is None
    assert state.speaking_of("a-1").emails == MIRA["emails"]
    assert state.speaking_of("b-1").phone == NUMBER
    [candidate] = await standing(database)
    assert candidate["channels"] == ["email", "sms"]


async def test_whoever_agreed_is_reached_over_what_was_known_where_they_agreed(
    database: Database,
) -> None:
    await answer(database, "other", NOW)
    assert (await recipient(database)).phone == NUMBER
    await answer(database, ATS, NOW + timedelta(hours=1))
    state = await recipient(database)
    assert (state.phone, state.emails) == (None, MIRA["emails"])
    assert state.speaking_of("b-1").phone == NUMBER
    assert state.speaking_of("a-1").phone is None


async def test_an_applicant_with_a_number_alone_is_not_written_to_at_anothers_address(
    databases: Databases,
) -> None:
    database = await databases("intake")
    await record(database, rejected(person=MIRA | {"phone": NUMBER}))
    only = {"name": {"fullName": "Mira Okafor"}, "emails": [], "phone": NUMBER}
    await record(database, rejected("x-1", "b-1", source="o", vacancy=OTHER_VACANCY, person=only))
    async with database.transaction() as conn:
        [pair] = await store.suggestions(conn, 9)
        assert await deciding.accept(conn, pair.join_id, NOW)
    state = await recipient(database)
    assert (state.speaking_of("b-1").emails, state.speaking_of("b-1").phone) == ([], NUMBER)


REFUSING = MIRA | {"refusesEmail": True}


def refused(source: str) -> Event:
    """What a source tells that says besides that the person refuses email."""
    return rejected("x-9", "c-9", source=source, vacancy=OTHER_VACANCY, person=REFUSING)


@pytest.mark.parametrize("first", [True, False])
async def test_who_refuses_email_by_the_word_of_one_source_gets_the_answer_another_owes(
    databases: Databases, first: bool
) -> None:
    database = await databases("intake")
    said = [rejected(person=MIRA), refused("other")]
    for event in reversed(said) if first else said:
        await record(database, event)
    [candidate] = await standing(database)
    assert candidate.get("stopped") is None
    state = await recipient(database)
    assert state.stopped == []
    assert state.speaking_of("a-1").emails == MIRA["emails"]
    assert state.speaking_of("c-9").emails == []


async def test_who_refuses_email_by_the_word_of_their_only_source_gets_none(
    databases: Databases,
) -> None:
    database = await databases("intake")
    await record(database, rejected(person=MIRA))
    await record(database, refused(ATS))
    assert (await recipient(database)).stopped == ["email"]


@pytest.mark.parametrize("by_email", [True, False])
@pytest.mark.parametrize("phone", [NUMBER, None])
async def test_who_refuses_texts_by_the_word_of_one_source_gets_none_of_what_it_tells(
    databases: Databases, phone: str | None, by_email: bool
) -> None:
    database = await databases("intake")
    reached = MIRA | {"phone": NUMBER}
    theirs = MIRA | {"phone": phone, "refusesSms": True, "refusesEmail": by_email}
    await record(database, rejected(person=reached))
    other = rejected("x-9", "c-9", source="other", vacancy=OTHER_VACANCY, person=theirs)
    await record(database, other)
    state = await recipient(database)
    assert state.stopped == []
    assert state.speaking_of("a-1").phone == NUMBER
    assert state.speaking_of("a-1").emails == MIRA["emails"]
    assert state.speaking_of("c-9").phone is None
    assert state.speaking_of("c-9").emails == ([] if by_email else MIRA["emails"])


async def test_who_refuses_texts_by_the_word_of_their_only_source_gets_none(
    databases: Databases,
) -> None:
    database = await databases("intake")
    await record(database, rejected(person=MIRA | {"phone": NUMBER}))
    await record(database, updated(**MIRA, refusesSms=True))
    assert (await recipient(database)).stopped == ["sms"]


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_refusal_holds_unless_a_later_no_of_that_source_takes_it_back(
    databases: Databases, hours: int, in_order: bool
) -> None:
    database = await databases("intake")
    refusing = updated(**REFUSING, time=DECIDED + timedelta(hours=hours))
    said = [refusing, rejected(person=MIRA | {"refusesEmail": False})]
    for event in [*(said if in_order else reversed(said)), refusing]:
        await record(database, event)
    assert (await recipient(database)).stopped == (["email"] if hours > 0 else [])


async def test_a_no_that_does_not_say_whether_they_refuse_takes_nothing_back(
    databases: Databases,
) -> None:
    database = await databases("intake")
    await record(database, rejected(person=REFUSING))
    await record(database, rejected(application_id="a-2", person=MIRA, time=NOW))
    assert (await recipient(database)).stopped == ["email"]


async def test_a_refusal_by_one_of_two_ids_of_a_source_holds_until_neither_says_so(
    databases: Databases,
) -> None:
    database = await databases("intake")
    public = MIRA | {"refusesEmail": False}
    for number in ("p-1", "p-2"):
        await record(database, rejected(number, f"a-{number}", person=REFUSING))
    [person] = await standing(database)
    assert len(person["rejections"]) == 2
    for number, stopped in (("p-1", ["email"]), ("p-2", [])):
        later = rejected(number, f"b-{number}", person=public, time=DECIDED + timedelta(hours=1))
        await record(database, later)
        assert (await recipient(database)).stopped == stopped


@pytest.mark.parametrize("refusing", [REFUSING, MIRA | {"phone": NUMBER, "refusesSms": True}])
async def test_a_decision_is_not_told_through_a_source_that_says_they_refuse_to_be_told(
    databases: Databases, refusing: dict[str, Any]
) -> None:
    database = await databases("intake")
    await record(database, rejected("x-9", "c-9", source="other", person=refusing))
    await record(database, rejected(person=MIRA))
    owed = {it.application_id: it.answer_owed for it in (await recipient(database)).applications}
    assert owed == {"a-1": True, "c-9": False}


@pytest.mark.parametrize("hours", [-1, 1])
async def test_who_asks_for_email_is_silenced_by_no_refusal_from_before_that(
    databases: Databases, hours: int
) -> None:
    database = await databases("intake")
    await record(database, rejected(person=MIRA))
    [theirs] = await rows(database, "select applicant_key, candidate_id from applicants")
    async with database.transaction() as conn:
        whose = [theirs["candidate_id"]]
        await consent.stop(conn, whose, [Channel.EMAIL], "page", NOW)
        by = theirs["applicant_key"]
        await consent.lift_stops(conn, whose, [Channel.EMAIL], "page", NOW, by=by)
    await record(database, updated(**REFUSING, time=NOW + timedelta(hours=hours)))
    assert (await recipient(database)).stopped == (["email"] if hours > 0 else [])


async def unreachable(database: Database) -> float:
    metrics = IntakeMetrics(CollectorRegistry())
    await count_unreachable(database, metrics, NOW)
    return float(metrics.unreachable_people._value.get())


@pytest.mark.parametrize("phone", [None, NUMBER])
@pytest.mark.parametrize(
    "known",
    [
        updated(emails=["mira@mail.example"], time=DECIDED + timedelta(hours=1)),
        updated(emails=[], phone="+4915112345678", time=DECIDED + timedelta(hours=1)),
        rejected(person={"emails": []}, alreadyTold=True, time=DECIDED + timedelta(hours=1)),
    ],
)
async def test_whom_no_answer_can_reach_is_counted_until_one_can_or_they_were_told(
    databases: Databases, phone: str | None, known: Event
) -> None:
    database = await databases("intake")
    await record(database, rejected("p-2", "a-2", person=MIRA))
    assert await unreachable(database) == 0
    await record(database, rejected(person={"emails": [], "phone": phone}))
    assert await unreachable(database) == 1
    await record(database, known)
    assert await unreachable(database) == 0
