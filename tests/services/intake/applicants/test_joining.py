"""Who is one person, for what reason, what of them reaches whom, and that it can be undone."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.intake.applicants import deciding
from services.intake.applicants.publishing import publish_candidates
from services.intake.applicants.store import applications, joining
from services.intake.applicants.store.applications import Letter
from services.intake.consent import store as consent
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantUnrejected,
    ApplicantWithdrawn,
)
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from shared.contract.events.recipients import RecipientChanged
from shared.runtime.outbox import MOST_BYTES
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    ATS,
    DECIDED,
    NOW,
    decided,
    erased,
    merged,
    published,
    record,
    rejected,
    rows,
    standing,
    updated,
)

HOUR = timedelta(hours=1)
AGENCY = "people@agency.example"
MIRA: dict[str, Any] = {"name": {"fullName": "Mira Okafor"}, "emails": ["mira@mail.example"]}
COOK = {"vacancyId": "v-2", "title": "Cook"}
PHONE = {"phone": "+4930901820"}


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


def elsewhere(
    applicant_id: str = "x-1", application_id: str = "b-1", *, vacancy: str = "v-2", **more: Any
) -> Event:
    """A rejection by another source, for another vacancy."""
    of = {"vacancyId": vacancy, "title": f"Job {vacancy}"}
    return rejected(applicant_id, application_id, source="other", vacancy=of, **more)


async def recipients(database: Database) -> list[RecipientChanged]:
    """Returns the newest state of everybody who is still there, as the notifier knows them."""
    there = {person["candidateId"] for person in await standing(database)}
    newest = {
        state["recipientId"]: state for state in await published(database, "recipients") if state
    }
    return [RecipientChanged.model_validate(newest[key]) for key in sorted(there)]


async def letter_arrived(database: Database, application_id: str, at: datetime = NOW) -> None:
    [person] = await standing(database)
    candidate_id = person["candidateId"]
    async with database.transaction() as conn:
        await applications.end_letters(conn, [Letter(candidate_id, application_id, at, told=True)])
        await publish_candidates(conn, [candidate_id], NOW)


async def decide(database: Database, what: Any, join_id: str) -> None:
    async with database.transaction() as conn:
        assert await what(conn, join_id, NOW) not in (None, False)


async def suggested(database: Database) -> list[str]:
    async with database.connection() as conn:
        return [pair.join_id for pair in await joining.suggestions(conn, 99)]


async def joined(database: Database) -> list[str]:
    async with database.connection() as conn:
        return [pair.join_id for pair in await joining.joined(conn, 99)]


async def applications_of(database: Database) -> list[set[str]]:
    people = await standing(database)
    return sorted(({it["applicationId"] for it in one["rejections"]} for one in people), key=str)


async def test_people_of_one_mailbox_are_each_greeted_by_their_own_name(
    database: Database,
) -> None:
    for number, name in enumerate(("Mona Sand", "Karl Fink")):
        person = {"name": {"fullName": name}, "emails": [AGENCY]}
        await record(database, rejected(f"p-{number}", f"a-{number}", person=person))
    assert {it.name.display for it in await recipients(database)} == {"Mona Sand", "Karl Fink"}
    assert len(await suggested(database)) == 1


async def test_whoever_lists_anothers_address_second_takes_over_nothing(
    database: Database,
) -> None:
    await record(database, rejected(person=MIRA))
    other = {"name": {"fullName": "Mira Okafor"}, "emails": ["x@mail.example", "mira@mail.example"]}
    await record(database, elsewhere(person=other))
    assert len(await standing(database)) == 2
    assert len(await suggested(database)) == 1


async def test_a_second_source_neither_renames_nor_redirects_what_the_first_has_told(
    database: Database,
) -> None:
    await record(database, rejected(person=MIRA | {"phone": "+4930901820"}))
    await record(database, elsewhere(person=MIRA | {"phone": "+4930901899"}, time=DECIDED + HOUR))
    [state] = await recipients(database)
    assert state.speaking_of("a-1").phone == "+4930901820"
    assert state.speaking_of("b-1").phone == "+4930901899"
    eve = {"name": {"fullName": "Eve Evil"}, "emails": ["evil@mail.example"]}
    await record(database, updated("x-1", source="other", time=DECIDED + 2 * HOUR, **eve))
    by_application = {it.applications[0].application_id: it for it in await recipients(database)}
    assert by_application["a-1"].emails == ["mira@mail.example"]
    assert by_application["a-1"].name.display == "Mira Okafor"
    assert by_application["b-1"].emails == ["evil@mail.example"]


async def test_whoever_was_joined_by_a_human_is_written_to_by_each_application_as_it_has_them(
    database: Database,
) -> None:
    await record(database, rejected(person=MIRA))
    wed = {
        "name": {"fullName": "Mira Schulz"},
        "emails": ["schulz@mail.example"],
        "phone": "+4930901820",
    }
    await record(database, updated(phone="+4930901820", time=DECIDED, **MIRA))
    await record(database, elsewhere(person=wed, time=DECIDED + HOUR))
    [join_id] = await suggested(database)
    await decide(database, deciding.accept, join_id)
    [state] = await recipients(database)
    assert state.speaking_of("a-1").emails == ["mira@mail.example"]
    assert state.speaking_of("a-1").name.display == "Mira Okafor"
    assert state.speaking_of("b-1").emails == ["schulz@mail.example"]
    assert state.speaking_of("b-1").name.display == "Mira Schulz"


async def test_a_join_that_is_undone_leaves_each_with_what_its_own_source_said(
    database: Database,
) -> None:
    mine = rejected(person=MIRA | {"locale": "de"}, profile={"summary": "Leads."})
    theirs = elsewhere(
        person=MIRA | {"locale": "fr"}, profile={"summary": "Packs."}, time=DECIDED + HOUR
    )
    await record(database, mine)
    [before] = await recipients(database)
    await record(database, theirs, now=NOW + HOUR)
    assert await applications_of(database) == [{"a-1", "b-1"}]
    [join_id] = await joined(database)
    await decide(database, deciding.undo, join_id)
    assert await applications_of(database) == [{"a-1"}, {"b-1"}]
    kept, left = sorted(
        await recipients(database), key=lambda it: it.recipient_id != before.recipient_id
    )
    assert kept.model_copy(update={"version": 1}) == before
    assert (left.locale, left.emails) == ("fr", ["mira@mail.example"])
    summaries = {
        state["candidateId"]: state["profile"]["summary"]
        for state in await published(database, "profiles")
    }
    assert summaries == {kept.recipient_id: "Leads.", left.recipient_id: "Packs."}
    [state] = [it for it in await standing(database) if it["candidateId"] == left.recipient_id]
    assert state["splitFrom"] == [kept.recipient_id]


async def test_a_join_that_is_undone_leaves_each_where_they_were_invited(
    database: Database,
) -> None:
    await record(database, rejected(person=MIRA))
    await record(database, elsewhere(person=MIRA), now=NOW + HOUR)
    [join_id] = await joined(database)
    async with database.transaction() as conn:
        for shortlist_id, whose in (("theirs", "other"), ("ours", ATS)):
            await conn.execute(
                "insert into shortlists values ($1, 'v-9', 'Cook', false, 1, 1, $2)",
                shortlist_id,
                NOW,
            )
            await conn.execute(
                "insert into shortlisted (shortlist_id, candidate_id, rank, tier, readiness,"
                " reasons_for, reasons_against)"
                " select $1, candidate_id, 1, 'not_yet', 'unknown', '[]', '[]' from candidates",
                shortlist_id,
            )
            await conn.execute(
                "insert into timeline (candidate_id, applicant_key, at, kind, facts)"
                " select candidate_id, applicant_key, $3, 'message_sent',"
                " jsonb_build_object('shortlistId', $1::text) from applicants where source = $2",
                shortlist_id,
                whose,
                NOW,
            )
    await decide(database, deciding.undo, join_id)
    places = await rows(
        database,
        "select shortlist_id, source from shortlisted inner join applicants using (candidate_id)",
    )
    assert {row["shortlist_id"]: row["source"] for row in places} == {
        "theirs": "other",
        "ours": ATS,
    }


async def test_whoever_was_taken_apart_stays_apart_until_a_human_says_otherwise(
    database: Database,
) -> None:
    await record(database, rejected(person=MIRA), elsewhere(person=MIRA))
    [join_id] = await joined(database)
    await decide(database, deciding.undo, join_id)
    await record(database, elsewhere(application_id="b-2", person=MIRA, vacancy="v-3"))
    newcomer = rejected(
        "y-1", "c-1", source="third", person=MIRA, vacancy={"vacancyId": "v-4", "title": "Job"}
    )
    await record(database, newcomer)
    assert await applications_of(database) == [{"a-1"}, {"b-1", "b-2"}, {"c-1"}]
    await decide(database, deciding.accept, join_id)
    assert {"a-1", "b-1", "b-2"} <= (await applications_of(database))[0]


async def test_of_three_who_are_one_only_the_one_is_taken_out(database: Database) -> None:
    third = rejected(
        "y-1", "c-1", source="third", person=MIRA, vacancy={"vacancyId": "v-3", "title": "Job"}
    )
    for event in (rejected(person=MIRA), elsewhere(person=MIRA), third):
        await record(database, event)
    one, other = await joined(database)
    await decide(database, deciding.undo, one)
    assert sorted(map(len, await applications_of(database))) == [1, 2]
    assert await joined(database) == [other]


async def test_a_suggestion_that_is_rejected_does_not_come_again(database: Database) -> None:
    for number, name in enumerate(("Mona Sand", "Karl Fink", "Ida Brandt")):
        person = {"name": {"fullName": name}, "emails": [AGENCY]}
        await record(database, rejected(f"p-{number}", f"a-{number}", person=person))
    first, *others = await suggested(database)
    await decide(database, deciding.reject, first)
    assert await suggested(database) == others
    assert len(await standing(database)) == 3


async def test_a_stop_is_lost_neither_by_a_join_nor_by_its_undoing(database: Database) -> None:
    await record(database, rejected(person=MIRA))
    [person] = await standing(database)
    async with database.transaction() as conn:
        await consent.stop(conn, [person["candidateId"]], [Channel.SMS], "sms", NOW)
    await record(database, elsewhere(person=MIRA))
    [state] = await recipients(database)
    assert state.stopped == [Channel.SMS]
    async with database.transaction() as conn:
        await consent.stop(conn, [state.recipient_id], [Channel.EMAIL], "page", NOW)
    [join_id] = await joined(database)
    await decide(database, deciding.undo, join_id)
    stops = {it.applications[0].application_id: it.stopped for it in await recipients(database)}
    assert stops == {"a-1": [Channel.EMAIL, Channel.SMS], "b-1": [Channel.EMAIL]}


async def test_a_yes_lifts_no_stop_of_somebody_who_turns_out_to_be_another(
    database: Database,
) -> None:
    await record(database, rejected(person=MIRA))
    [person] = await standing(database)
    async with database.transaction() as conn:
        await consent.stop(conn, [person["candidateId"]], [Channel.EMAIL], "page", NOW)
    await record(database, elsewhere(person=MIRA))
    [person] = await standing(database)
    [theirs] = await rows(database, "select applicant_key from applicants where source = 'other'")
    async with database.transaction() as conn:
        await consent.lift_stops(
            conn, [person["candidateId"]], [Channel.EMAIL], "page", NOW, by=theirs["applicant_key"]
        )
    [join_id] = await joined(database)
    await decide(database, deciding.undo, join_id)
    stops = {it.applications[0].application_id: it.stopped for it in await recipients(database)}
    assert stops == {"a-1": [Channel.EMAIL], "b-1": []}


async def owed(database: Database) -> list[str]:
    """Returns the applications that a letter is still to be written about."""
    return sorted(
        spoken_of.application_id
        for state in await recipients(database)
        for spoken_of in state.applications
        if spoken_of.answer_owed
    )


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(
    "again",
    [
        {"person": MIRA},
        {"person": MIRA | {"name": {"fullName": "M. Okafor"}}},
        {"person": MIRA, "time": DECIDED.replace(hour=0)},
        {"person": MIRA, "vacancy": {"vacancyId": "made-up", "title": "SHIFT lead"}},
    ],
)
async def test_a_decision_that_two_systems_tell_leads_to_one_letter(
    databases: Databases, again: dict[str, Any], turn: int
) -> None:
    database = await databases("intake")
    told = [rejected(person=MIRA), rejected("x-1", "export-1", source="hr", **again)]
    for event in told[::turn]:
        await record(database, event)
    [letter] = await owed(database)
    [person] = await standing(database)
    of_each = {it["source"]: it for it in person["rejections"]}
    assert set(of_each) == {ATS, "hr"}
    assert {it.get("toldWith") for it in of_each.values()} == {None, letter}


@pytest.mark.parametrize(
    "again",
    [
        {"person": MIRA | {"name": {"fullName": "Karl Okafor"}}},
        {"person": MIRA, "time": DECIDED + timedelta(days=3)},
        {"person": MIRA, "vacancy": {"vacancyId": "v-2", "title": "Cook"}},
        {"person": MIRA | {"emails": ["other@mail.example"]}},
    ],
)
async def test_another_decision_is_another_letter(
    database: Database, again: dict[str, Any]
) -> None:
    await record(database, rejected(person=MIRA))
    await record(database, rejected("x-1", "export-1", source="hr", **again))
    assert await owed(database) == ["a-1", "export-1"]


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(
    ("told", "letters"),
    [
        ([("one", 0), ("other", 20), ("one", 39)], {"one-0", "one-39"}),
        ([("one", 0), ("other", 20), ("third", 39), ("one", 58)], {"one-0", "third-39"}),
        ([("one", 0), ("one", 1), ("other", 2), ("other", 3)], {"one-0", "one-1"}),
        ([("one", 0), ("other", 1), ("third", 2)], {"one-0"}),
        ([("one", 0), ("other", 1), ("other", 2), ("other", 3)], {"one-0", "other-2", "other-3"}),
    ],
)
async def test_one_decision_stands_for_one_application_of_each_other_system(
    databases: Databases, told: list[tuple[str, int]], letters: set[str], turn: int
) -> None:
    database = await databases("intake")
    for source, hours in told[::turn]:
        at = f"{source}-{hours}"
        vacancy = {"vacancyId": f"v-{at}", "title": "Night Porter"}
        time = DECIDED - 90 * HOUR + hours * HOUR
        await record(
            database,
            rejected(f"p-{source}", at, source=source, person=MIRA, vacancy=vacancy, time=time),
        )
    assert set(await owed(database)) == letters


async def test_two_applicants_of_one_system_are_each_told_even_of_the_same(
    database: Database,
) -> None:
    initial = MIRA | {"name": {"fullName": "M. Okafor"}}
    await record(database, rejected(person=MIRA), rejected("p-2", "a-2", person=initial))
    assert await owed(database) == ["a-1", "a-2"]


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(
    ("told", "letters"),
    [
        ([("a-1", "v", 0), ("a-2", "v", 1), ("a-3", "v", 3)], ["a-1"]),
        ([("a-1", "v", 0), ("a-2", "v", 24)], ["a-1", "a-2"]),
        ([("a-1", "v", 0), ("a-2", "w", 1)], ["a-1", "a-2"]),
        ([("a-1", "v", 0), ("a-2", "w", 0), ("a-3", "v", 1), ("a-4", "w", 2)], ["a-1", "a-2"]),
        ([("a-1", "v", 0), ("a-2", "v", 1), ("b-1", "v", 2), ("b-2", "v", 3)], ["a-1"]),
        ([("a-1", "v", 0), ("b-1", "x", 1), ("b-2", "y", 2), ("b-3", "x", 3)], ["a-1", "b-2"]),
    ],
)
async def test_several_applications_for_one_vacancy_turned_down_within_a_day_get_one_letter(
    databases: Databases, told: list[tuple[str, str, int]], letters: list[str], turn: int
) -> None:
    database = await databases("intake")
    for application, vacancy, hours in told[::turn]:
        event = rejected(
            f"p-{application[0]}",
            application,
            source={"a": ATS, "b": "hr"}[application[0]],
            person=MIRA,
            vacancy={"vacancyId": vacancy, "title": "Night Porter"},
            time=DECIDED + hours * HOUR,
        )
        await record(database, event)
    assert await owed(database) == letters


@pytest.mark.parametrize("email", ["mira@mail.example", "mira@other.example"])
async def test_two_records_of_one_person_for_one_vacancy_get_one_letter(
    database: Database, email: str
) -> None:
    other = MIRA | {"emails": [email]}
    await record(database, rejected(person=MIRA), rejected("p-2", "a-2", person=other))
    await record(database, merged("p-1", "p-2"))
    assert await owed(database) == ["a-1"]
    await letter_arrived(database, "a-1")
    assert await owed(database) == []


async def test_what_was_told_with_another_application_and_is_decided_again_is_told_again(
    database: Database,
) -> None:
    def no(hours: int) -> Event:
        return rejected(application_id="a-2", person=MIRA, time=DECIDED + hours * HOUR)

    def back(hours: int) -> Event:
        return decided(ApplicantUnrejected, application_id="a-2", time=DECIDED + hours * HOUR)

    await record(database, rejected(person=MIRA), no(1), back(2), no(3))
    assert await owed(database) == ["a-1"]
    await letter_arrived(database, "a-1", DECIDED + 4 * HOUR)
    assert await owed(database) == []
    await record(database, back(5))
    assert await owed(database) == []
    await record(database, no(6))
    assert await owed(database) == ["a-2"]


async def test_two_vacancies_are_told_of_though_a_system_calls_both_applications_alike(
    database: Database,
) -> None:
    another = {"vacancyId": "v-2", "title": "Night shift lead"}
    await record(database, rejected(person=MIRA), rejected("p-2", person=MIRA, vacancy=another))
    [person] = await standing(database)
    assert {it["vacancyTitle"] for it in person["rejections"]} == {"Shift lead", "Night shift lead"}
    await record(database, rejected("p-3", person=MIRA, vacancy=another))
    [person] = await standing(database)
    assert len(person["rejections"]) == 2


@pytest.mark.parametrize("undone", [ApplicantUnrejected, ApplicantWithdrawn, ApplicantHired])
@pytest.mark.parametrize("turn", [1, -1])
async def test_what_one_system_undoes_is_still_told_by_another_that_owes_it(
    databases: Databases,
    undone: type[ApplicantUnrejected | ApplicantWithdrawn | ApplicantHired],
    turn: int,
) -> None:
    database = await databases("intake")
    again = rejected("x-1", "export-1", source="hr", person=MIRA)
    undoing = decided(undone, "x-1", "export-1", source="hr", time=DECIDED + HOUR)
    for event in [rejected(person=MIRA), again, undoing][::turn]:
        await record(database, event)
    assert await owed(database) == ["a-1"]
    await record(database, decided(undone, time=DECIDED + HOUR))
    assert await owed(database) == []


async def test_whoever_another_system_hired_hears_what_is_owed_and_nothing_by_consent(
    database: Database,
) -> None:
    await record(database, rejected(person=MIRA), rejected(application_id="a-2", vacancy=COOK))
    await record(database, rejected("x-1", "export-1", source="hr", person=MIRA))
    await record(database, rejected("x-1", "b-2", source="hr", person=MIRA, alreadyTold=True))
    await record(database, decided(ApplicantHired, "x-1", "b-3", source="hr", time=DECIDED + HOUR))
    [person] = await standing(database)
    assert person["hiredAt"]
    assert [it["applicationId"] for it in person["rejections"]] == ["a-1", "a-2"]
    assert await owed(database) == ["a-1", "a-2"]
    await letter_arrived(database, "a-1")
    assert await owed(database) == ["a-2"]


async def test_an_answer_goes_by_the_zone_that_its_own_system_told(database: Database) -> None:
    await record(database, rejected(person=MIRA | {"timeZone": "Europe/Berlin"}))
    moved = MIRA | {"timeZone": "Pacific/Auckland", "country": "NZ"}
    later = DECIDED + 2 * HOUR
    await record(
        database, rejected("x-1", "b-1", source="hr", person=moved, time=later, vacancy=COOK)
    )
    [person] = await standing(database)
    zones = {it["applicationId"]: it["timeZone"] for it in person["rejections"]}
    assert zones == {"a-1": "Europe/Berlin", "b-1": "Pacific/Auckland"}


async def test_what_another_system_told_settles_its_own_application_alone(
    database: Database,
) -> None:
    await record(database, rejected("x-1", "export-1", source="hr", person=MIRA, alreadyTold=True))
    await record(database, rejected(person=MIRA))
    assert await owed(database) == ["a-1"]
    [person] = await standing(database)
    assert {it.get("toldWith") for it in person["rejections"]} == {None, "a-1"}


VAGUE: dict[str, Any] = {"stage": "interviewed"}
CLOSE: dict[str, Any] = {"stage": "final", "finishingPlace": 2}
FAR: dict[str, Any] = {"reason": {"code": "not_qualified"}}
GAP: dict[str, Any] = {
    "kind": "experience",
    "name": "pharmacy",
    "requiredMonths": 24,
    "observedMonths": 9,
}
PRECISE = VAGUE | {"shortfalls": [{"requirementId": "pharmacy", **GAP}]}


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("hours", [-3, 0, 3])
@pytest.mark.parametrize(
    ("one", "other"),
    [(CLOSE, VAGUE), (CLOSE, FAR), (PRECISE, VAGUE), (VAGUE, FAR), (CLOSE, PRECISE)],
)
async def test_of_what_is_told_together_the_letter_is_about_what_says_most(
    databases: Databases, one: dict[str, Any], other: dict[str, Any], hours: int, turn: int
) -> None:
    database = await databases("intake")
    told = [
        rejected(person=MIRA, **one),
        rejected("x-1", "export-1", source="hr", person=MIRA, time=DECIDED + hours * HOUR, **other),
    ]
    for event in told[::turn]:
        await record(database, event)
    assert await owed(database) == ["a-1"]


async def test_a_close_finish_that_is_heard_once_another_letter_has_left_is_told_as_that(
    database: Database,
) -> None:
    await record(database, rejected(person=MIRA, **VAGUE))
    await letter_arrived(database, "a-1")
    await record(database, rejected("x-1", "export-1", source="hr", person=MIRA, **CLOSE))
    for title in ("Shift lead", "Shift lead, days"):
        again = {"vacancyId": "other", "title": title}
        late = rejected("x-1", "export-1", source="hr", person=MIRA, vacancy=again, **CLOSE)
        await record(database, late)
        assert await owed(database) == []
        [person] = await standing(database)
        told_as = {it["source"]: it.get("toldAs") for it in person["rejections"]}
        assert told_as == {ATS: None, "hr": "not_yet"}


async def test_what_a_letter_told_of_a_decision_is_not_told_again(database: Database) -> None:
    await record(database, rejected(person=MIRA))
    await letter_arrived(database, "a-1")
    await record(database, rejected("x-1", "export-1", source="hr", person=MIRA))
    assert await owed(database) == []
    await record(database, decided(ApplicantUnrejected, time=DECIDED + HOUR))
    assert await owed(database) == []
    [person] = await standing(database)
    assert [it["alreadyTold"] for it in person["rejections"]] == [True]


@pytest.mark.parametrize("late", [False, True])
async def test_whoever_a_human_takes_apart_hears_what_the_letter_of_the_other_had_told(
    database: Database, late: bool
) -> None:
    decisions = [rejected(person=MIRA), rejected("x-1", "export-1", source="hr", person=MIRA)]
    await record(database, *(decisions[:1] if late else decisions))
    await letter_arrived(database, "a-1")
    await record(database, *(decisions if late else []))
    assert await owed(database) == []
    [join_id] = await joined(database)
    await decide(database, deciding.undo, join_id)
    assert await owed(database) == ["export-1"]


@pytest.mark.parametrize("name", ["Mira Okafor", "M. Okafor", "Mira Okaofr", "Mira Okafo"])
@pytest.mark.parametrize("is_told", [True, False])
async def test_an_application_that_comes_under_another_applicant_id_is_told_once(
    database: Database, name: str, is_told: bool
) -> None:
    await record(database, rejected(person=MIRA))
    if is_told:
        await letter_arrived(database, "a-1")
    again = MIRA | {"name": {"fullName": name}}
    await record(database, rejected("p-2", person=again, stage="final", time=DECIDED + HOUR))
    assert len(await owed(database)) == (0 if is_told else 1)
    [person] = await standing(database)
    [rejection] = person["rejections"]
    assert (rejection["stage"], rejection["alreadyTold"]) == ("final", is_told)


@pytest.mark.parametrize("name", ["Karl Okafor", "Mia Okafor", "Kira Okafor"])
async def test_an_application_of_one_id_is_two_where_two_people_have_it(
    database: Database, name: str
) -> None:
    await record(database, rejected(person=MIRA))
    await record(database, rejected("p-2", person=MIRA | {"name": {"fullName": name}}))
    assert len(await owed(database)) == len(await standing(database)) == 2


async def test_each_profile_is_published_by_its_source_and_leaves_with_what_its_source_erases(
    database: Database,
) -> None:
    old, new = {"summary": "Ran a kiln."}, {"summary": "Ran three kilns."}
    theirs = rejected("x-1", "b-1", source="hr", person=MIRA, profile={"summary": "Kept bees."})
    await record(database, rejected(person=MIRA, profile=old), theirs)
    await record(database, rejected("p-2", "a-2", person=MIRA, profile=new, time=DECIDED + HOUR))
    newest = (await published(database, "profiles"))[-1]
    assert (newest["source"], newest["profile"]) == (ATS, new)
    assert newest["others"] == [{"source": "hr", "profile": {"summary": "Kept bees."}}]
    await record(database, erased("p-1", time=DECIDED + 2 * HOUR))
    await record(database, erased("p-2", time=DECIDED + 2 * HOUR))
    newest = (await published(database, "profiles"))[-1]
    assert (newest["source"], newest["others"]) == ("hr", [])
    await record(database, rejected(person=MIRA, time=DECIDED + 3 * HOUR))
    await record(database, erased("x-1", source="hr", time=DECIDED + 4 * HOUR))
    assert (await published(database, "profiles"))[-1]["profile"] == {}


async def test_profiles_of_several_systems_are_published_as_far_as_a_broker_takes_them(
    database: Database,
) -> None:
    large: dict[str, Any] = {"work": [{"highlights": ["Kept bees and books. " * 20] * 1_200}]}
    for number, source in enumerate(("first", "second", "third")):
        profile = large | {"summary": source}
        time = DECIDED + number * HOUR
        said: dict[str, Any] = {"source": source, "person": MIRA, "profile": profile, "time": time}
        await record(database, rejected(f"p-{source}", f"a-{source}", **said))
    [*_, newest] = await published(database, "profiles")
    assert (newest["source"], newest["others"]) == ("third", [])
    assert len(json.dumps(newest)) < MOST_BYTES
    small: dict[str, Any] = {"source": "fourth", "person": MIRA, "profile": {"summary": "Bees"}}
    await record(database, rejected("p-4", "a-4", time=DECIDED + 9 * HOUR, **small))
    newest = (await published(database, "profiles"))[-1]
    assert [it["source"] for it in newest["others"]] == ["third"]


async def test_whoever_was_joined_through_somebody_erased_is_two_again(
    database: Database,
) -> None:
    between = MIRA | PHONE | {"name": {"fullName": "Mira Bridge"}}
    far = {"name": {"fullName": "Mo Far"}, "emails": ["far@mail.example"]} | PHONE
    await record(database, rejected(person=MIRA))
    await record(database, elsewhere("x-1", "b-1", person=between))
    await record(database, elsewhere("x-2", "b-2", person=far, vacancy="v-3"))
    for join_id in await suggested(database):
        await decide(database, deciding.accept, join_id)
    assert await applications_of(database) == [{"a-1", "b-1", "b-2"}]
    await record(database, erased("x-1", source="other", time=DECIDED + HOUR))
    assert await applications_of(database) == [{"a-1"}, {"b-2"}]


async def test_very_many_at_one_address_cost_no_more_than_they_are(database: Database) -> None:
    names = [f"Worker Number{number}" for number in range(60)]
    people = [{"name": {"fullName": name}, "emails": [AGENCY]} for name in names]
    await record(
        database,
        *(rejected(f"p-{n}", f"a-{n}", person=person) for n, person in enumerate(people)),
    )
    assert len(await standing(database)) == 60
    async with database.connection() as conn:
        assert len(await joining.suggestions(conn, 9_999)) <= 5 * 60


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("same_system", [True, False])
async def test_what_was_missing_by_each_decision_is_in_the_letter_that_tells_them(
    databases: Databases, same_system: bool, turn: int
) -> None:
    database = await databases("intake")
    where = {} if same_system else {"source": "hr"}
    told = [
        rejected(person=MIRA, **CLOSE),
        rejected("p-1", "a-2", person=MIRA, time=DECIDED + HOUR, **where, **PRECISE),
    ]
    for event in told[::turn]:
        await record(database, event)
    [person] = await standing(database)
    [decision] = CandidateChanged.model_validate(person).decisions
    assert decision.application_id == "a-1"
    assert [gap.name for gap in decision.shortfalls] == ["pharmacy"]
    await letter_arrived(database, "a-1", NOW + HOUR)
    [person] = await standing(database)
    [decision] = CandidateChanged.model_validate(person).decisions
    assert [gap.name for gap in decision.shortfalls] == ["pharmacy"]


@pytest.mark.parametrize("told", [True, False])
async def test_what_a_letter_did_not_say_was_missing_is_no_part_of_it(
    database: Database, told: bool
) -> None:
    await record(database, rejected(person=MIRA, **CLOSE))
    if not told:
        await letter_arrived(database, "a-1", NOW - HOUR)
    late = rejected("x-1", "b-1", source="hr", person=MIRA, alreadyTold=told, **PRECISE)
    await record(database, late)
    [person] = await standing(database)
    assert len(person["rejections"]) == 2
    [decision] = CandidateChanged.model_validate(person).decisions
    assert decision.shortfalls == []
