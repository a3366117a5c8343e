"""What is recorded of applicants, and what others learn of it."""

import json
from datetime import timedelta

import pytest

from services.intake.applicants.store import joining
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantUnrejected,
    ApplicantWithdrawn,
)
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.profiles import ProfileChanged
from shared.contract.events.recipients import RecipientChanged
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    DECIDED,
    NOW,
    RECEIVING,
    decided,
    merged,
    published,
    record,
    rejected,
    rows,
    standing,
    updated,
)

HOUR = timedelta(hours=1)
LATER = DECIDED + HOUR


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def test_a_rejection_is_published_in_three_parts_that_know_of_each_other_by_id(
    database: Database,
) -> None:
    profile = {"work": [{"position": "Picker", "startDate": "2024-02"}]}
    await record(database, rejected(profile=profile, person={"phone": "030 901820"}))

    [candidate] = await published(database, "candidates")
    [recipient] = await published(database, "recipients")
    [able] = await published(database, "profiles")
    assert candidate["candidateId"] == recipient["recipientId"] == able["candidateId"]
    assert candidate["channels"] == ["email", "sms"]
    assert candidate["rejections"][0]["tier"] == "not_yet"
    assert recipient["emails"] == ["mira@mail.example"]
    assert recipient["phone"] == "+4930901820"
    assert recipient["applications"] == [{"applicationId": "a-1", "answerOwed": True}]
    assert able["profile"] == profile
    assert "mira" not in str(candidate).lower() + str(able).lower()


async def test_what_is_published_is_what_the_contract_says(database: Database) -> None:
    await record(
        database,
        rejected(
            person={"phone": "+4930901820", "locale": "de_DE", "timeZone": "Europe/Berlin"},
            profile={"summary": "Picks."},
            reason={"code": "other", "note": "Kind."},
            shortfalls=[{"requirementId": "r", "kind": "licence", "expectedAt": "2027-01-01"}],
        ),
    )
    for stream, model in (
        ("candidates", CandidateChanged),
        ("recipients", RecipientChanged),
        ("profiles", ProfileChanged),
    ):
        [body] = await published(database, stream)
        model.model_validate(body, extra="forbid")


async def test_the_same_event_counts_once_however_often_it_comes(database: Database) -> None:
    event = rejected()
    await record(database, event, event)
    await record(database, event)
    assert len(await published(database, "candidates")) == 1
    assert len(await rows(database, "select * from timeline")) == 1


async def test_the_same_first_address_and_name_is_the_same_person_in_every_source(
    database: Database,
) -> None:
    await record(database, rejected("p-1", "a-1"))
    person = {
        "emails": ["MIRA@Mail.Example "],
        "name": {"fullName": "OKAFOR, Míra"},
    }
    elsewhere = {"vacancyId": "v-2", "title": "Cook"}
    await record(database, rejected("x-9", "a-7", source="other", person=person, vacancy=elsewhere))
    [person] = await standing(database)
    assert {it["applicationId"] for it in person["rejections"]} == {"a-1", "a-7"}


async def test_two_sources_may_call_different_applications_alike(database: Database) -> None:
    elsewhere = {"vacancyId": "v-2", "title": "Cook"}
    for _ in range(2):
        other = rejected("x-9", "17", source="other", vacancy=elsewhere)
        await record(database, rejected("p-1", "17"), other)
    [person] = await standing(database)
    ids = [it["applicationId"] for it in person["rejections"]]
    assert len(set(ids)) == 2
    assert "17" in ids


async def test_a_shared_telephone_only_suggests(database: Database) -> None:
    await record(
        database,
        rejected("p-1", person={"phone": "+49 30 901820"}),
        rejected("p-2", "a-2", person={"emails": ["b@mail.example"], "phone": "030 901820"}),
    )
    assert len(await standing(database)) == 2
    async with database.connection() as conn:
        assert [it.because for it in await joining.suggestions(conn, 9)] == ["telephone"]


async def test_bad_addresses_are_left_out_and_noted_and_the_person_is_kept(
    database: Database,
) -> None:
    said = rejected(person={"emails": ["nobody"], "phone": "1", "timeZone": "Mars/Base"})
    await record(database, RECEIVING.take(said, NOW))
    [person] = await standing(database)
    assert "channels" not in person or person["channels"] == []
    [line] = await rows(database, "select facts from timeline")
    left_out = json.loads(line["facts"])["leftOut"]
    assert [it["field"] for it in left_out] == [
        *("applicant.emails.0", "applicant.phone", "applicant.timeZone")
    ]
    assert all(it["why"].startswith("write ") for it in left_out)
    assert "nobody" not in line["facts"]


@pytest.mark.parametrize("kind", [ApplicantUnrejected, ApplicantWithdrawn])
async def test_what_is_taken_back_no_longer_stands(
    database: Database, kind: type[ApplicantUnrejected]
) -> None:
    await record(database, rejected())
    await record(database, decided(kind, time=DECIDED + HOUR))
    [person] = await standing(database)
    assert person.get("rejections", []) == []
    recipient = (await published(database, "recipients"))[-1]
    assert recipient.get("applications", []) == []


async def test_a_take_back_that_overtakes_its_rejection_still_wins(database: Database) -> None:
    await record(database, decided(ApplicantUnrejected, time=DECIDED + HOUR))
    assert await published(database, "candidates") == []
    await record(database, rejected())
    assert await published(database, "candidates") == []


async def test_nobody_learns_of_somebody_who_was_never_turned_down(database: Database) -> None:
    await record(database, updated(), decided(ApplicantHired))
    assert await rows(database, "select * from outbox") == []


async def test_whoever_is_hired_is_written_to_about_nothing(database: Database) -> None:
    await record(database, rejected(), rejected(application_id="a-2"))
    async with database.transaction() as conn:
        await conn.execute(
            "insert into interests (interest_id, candidate_id, applicant_key, message_id, answer,"
            " raised_at) select 'i-1', candidate_id, applicant_key, 'm-1', 'interested', $1"
            " from applicants",
            DECIDED,
        )
    await record(database, decided(ApplicantHired, application_id="a-2", time=DECIDED + HOUR))
    assert await rows(database, "select ended_as from interests") == [{"ended_as": "hired"}]
    [person] = await standing(database)
    assert person["hiredAt"]
    assert person.get("rejections", []) == []
    assert (await published(database, "recipients"))[-1].get("applications", []) == []


@pytest.mark.parametrize(("days", "is_owed"), [(30, False), (89, False), (91, True)])
async def test_whoever_was_hired_and_applies_again_much_later_is_owed_an_answer(
    database: Database, days: int, is_owed: bool
) -> None:
    later = DECIDED + timedelta(days=days)
    again = rejected(application_id="a-3", time=later)
    await record(database, rejected(), decided(ApplicantHired, application_id="a-2"), again)
    [person] = await standing(database)
    assert [it["applicationId"] for it in person.get("rejections", [])] == ["a-3"] * is_owed


async def test_a_merge_leaves_one_person_with_all_that_both_had(database: Database) -> None:
    await record(database, rejected("p-1", "a-1", profile={"summary": "Earlier."}))
    await record(database, rejected("p-2", "a-2", person={"emails": ["b@mail.example"]}))
    before = {
        row["applicationId"]: it["candidateId"]
        for it in await standing(database)
        for row in it["rejections"]
    }
    await record(database, merged("p-1", "p-2"))
    [person] = await standing(database)
    assert person["candidateId"] == before["a-2"]
    assert person["mergedFrom"] == [before["a-1"]]
    assert {it["applicationId"] for it in person["rejections"]} == {"a-1", "a-2"}
    for stream in ("candidates", "recipients", "profiles"):
        assert (await published(database, stream, before["a-1"]))[-1] is None
    assert (await published(database, "profiles", before["a-2"]))[-1]["profile"]["summary"]


async def test_a_merge_takes_the_names_of_both_out_of_what_both_had(database: Database) -> None:
    note = {"code": "other", "strengths": ["skills"], "note": "Adeyemi led the shift."}
    await record(database, rejected("p-1", profile={"summary": "Adeyemi picks."}, reason=note))
    other = updated("p-2", name={"fullName": "Li Adeyemi"}, emails=["b@mail.example"])
    await record(database, other, merged("p-1", "p-2"))
    [person] = await standing(database)
    assert person["rejections"][0]["reason"] == note | {"note": "[name] led the shift."}
    assert (await published(database, "profiles"))[-1]["profile"]["summary"] == "[name] picks."


async def test_late_events_of_somebody_merged_reach_the_one_who_remains(
    database: Database,
) -> None:
    await record(database, merged("p-1", "p-2"))
    await record(database, rejected("p-2", "a-2", person={"emails": ["b@mail.example"]}))
    await record(database, rejected("p-1", "a-1"))
    [person] = await standing(database)
    assert {it["applicationId"] for it in person["rejections"]} == {"a-1", "a-2"}


async def test_versions_grow_in_the_order_in_which_states_are_published(
    database: Database,
) -> None:
    for number in range(3):
        await record(database, rejected(application_id=f"a-{number}"))
    versions = [state["version"] for state in await published(database, "candidates")]
    assert versions == [1, 2, 3]
    assert [it["version"] for it in await published(database, "recipients")] == versions


async def test_a_profile_is_published_only_when_it_has_changed(database: Database) -> None:
    profile = {"summary": "Picks and packs."}
    await record(database, rejected(profile=profile))
    await record(database, rejected(application_id="a-2"))
    assert len(await published(database, "profiles")) == 1
    await record(database, updated(profile={"summary": "Leads."}, time=DECIDED + HOUR))
    assert [it["profile"]["summary"] for it in await published(database, "profiles")] == [
        "Picks and packs.",
        "Leads.",
    ]


async def test_a_name_learnt_later_leaves_the_texts_that_were_kept(database: Database) -> None:
    note = {"code": "other", "note": "Adeyemi led the shift."}
    await record(database, rejected(profile={"summary": "Adeyemi picks."}, reason=note))
    await record(database, updated(name={"fullName": "Mira Adeyemi"}, time=DECIDED + HOUR))
    [person] = await standing(database)
    assert person["rejections"][0]["reason"]["note"] == "[name] led the shift."
    assert (await published(database, "profiles"))[-1]["profile"]["summary"] == "[name] picks."


async def test_a_name_learnt_later_makes_no_text_too_long_to_be_read(database: Database) -> None:
    texts = "Al Wu led the shift well. " * 76
    note = {"code": "other", "note": texts}
    profile = {"skills": [{"name": texts[:499]}], "resumeText": (texts * 31)[:60_000]}
    await record(database, rejected(profile=profile, reason=note))
    await record(database, updated(name={"givenName": "Al", "familyName": "Wu"}, time=LATER))
    state = CandidateChanged.model_validate((await published(database, "candidates"))[-1])
    able = ProfileChanged.model_validate((await published(database, "profiles"))[-1])
    said = [state.rejections[0].reason.note, able.profile.resume_text, able.profile.skills[0].name]
    for text in filter(None, said):
        assert text.startswith("[name] led the shift well.")
        assert "Wu" not in text
        assert text.rpartition(" ")[2] in {"[name]…", "led…", "the…", "shift…", "well.…"}


async def test_a_profile_that_grows_too_large_stands_in_the_way_of_no_other_change(
    database: Database,
) -> None:
    profile = {"work": [{"highlights": ["Al Wu ok"] * 55_000}]}
    await record(database, rejected(profile=profile))
    await record(database, updated(name={"fullName": "Al Wu"}, time=LATER))
    assert (await published(database, "recipients"))[-1]["name"] == {"fullName": "Al Wu"}
    assert (await published(database, "profiles"))[-1]["profile"] == {}


async def test_each_published_state_names_the_event_that_caused_it(database: Database) -> None:
    event = rejected(id="cause-1")
    await record(database, event)
    for row in await rows(database, "select correlation_id, causation_id from outbox"):
        assert row == {"correlation_id": "cause-1", "causation_id": "cause-1"}


async def test_an_answer_that_another_system_gave_is_not_owed(database: Database) -> None:
    await record(database, rejected(alreadyTold=True))
    [recipient] = await published(database, "recipients")
    assert recipient["applications"] == [{"applicationId": "a-1", "answerOwed": False}]
