"""What a recruiter can look up of somebody: what was sent, what they wrote, where they applied."""

import json
from datetime import timedelta

import pytest

from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.front import a_rejection, opened
from tests.services.intake.house import House
from tests.services.intake.shortlisting import link

URL = "https://ats.example/applications/a-1?tab=notes"


async def page(house: House) -> str:
    return (await house.client.get(link(house))).text


async def test_the_resume_is_shown_as_it_is_published(shortlist: House) -> None:
    for scrubbed, expected in ((None, "Ada keeps engines"), ("X keeps <engines>", "&lt;engines")):
        await shortlist.execute("delete from profiles")
        await shortlist.execute(
            "insert into profiles values ('ada', 'ada', $1, $2, $3, 'e')",
            json.dumps({"resumeText": "Ada keeps engines"}),
            json.dumps({"resumeText": scrubbed}) if scrubbed else None,
            shortlist.clock.now(),
        )
        assert expected in await page(shortlist)
    assert "Ada keeps" not in await page(shortlist)


async def test_what_was_taken_out_of_a_resume_is_a_dash(shortlist: House) -> None:
    await shortlist.execute(
        "insert into profiles values ('ada', 'ada', $1, null, $2, 'e')",
        json.dumps({"resumeText": "Report to [name]. Call [number]!"}),
        shortlist.clock.now(),
    )
    text = await page(shortlist)
    assert "Report to —. Call —!" in text
    assert "a dash stands for what was left out" in text


async def test_a_structured_resume_is_shown_by_its_sections(shortlist: House) -> None:
    profile = {
        "work": [{"position": "Dispatcher", "name": "Hall & Sons", "startDate": "2020-03"}],
        "education": [{"studyType": "BSc", "area": "Logistics", "endDate": "1999"}],
        "skills": [{"name": "Excel"}, {"name": "SAP"}],
        "certificates": [{"name": "Licence C1", "date": "2024-05"}],
    }
    await shortlist.execute(
        "insert into profiles values ('ada', 'ada', $1, null, $2, 'e')",
        json.dumps(profile),
        shortlist.clock.now(),
    )
    text = (await page(shortlist)).partition("Résumé")[2]
    for words in (
        "Dispatcher, Hall &amp; Sons, since March 2020",
        "BSc, Logistics",
        "Excel, SAP",
        "Licence C1, May 2024",
    ):
        assert words in text
    assert "1999" not in text


async def test_everything_that_was_sent_is_listed_latest_first(shortlist: House) -> None:
    for days, purpose in (
        (90, "letter"),
        (30, "check_in"),
        (9, "record"),
        (8, "address"),
        (1, "birthday"),
    ):
        await shortlist.execute(
            "insert into timeline (candidate_id, applicant_key, at, kind, facts) values"
            " ('ada', 'ada', $1, 'message_sent', jsonb_build_object('purpose', $2::text))",
            shortlist.clock.now() - timedelta(days=days),
            purpose,
        )
    text = (await page(shortlist)).partition("Everything we sent")[2]
    lines = [text.index(words) for words in ("A message,", "Check-in,", "Rejection letter,")]
    assert lines == sorted(lines)
    assert "what we hold" not in text, "that somebody used a right is nobody else's business"
    assert "whether an address" not in text


async def test_whatever_was_sent_about_a_role_names_it(shortlist: House) -> None:
    await shortlist.add_rejection(application_id="a-2", title="Stoker", vacancyId="v-2")
    (listed,) = await shortlist.rows("select shortlist_id, vacancy_title from shortlists")
    about_list = {"shortlistId": listed["shortlist_id"]}
    for purpose, about in (
        ("letter", {"applicationId": "a-1"}),
        ("kind_letter", {"applicationId": "a-2"}),
        ("invitation", about_list),
        ("outcome", {"applicationId": "a-2", **about_list}),
        ("check_in", {}),
    ):
        await shortlist.execute(
            "insert into timeline (candidate_id, applicant_key, at, kind, facts)"
            " values ('ada', 'ada', $1, 'message_sent', $2)",
            shortlist.clock.now(),
            json.dumps({"purpose": purpose, **about}),
        )
    text = (await page(shortlist)).partition("Everything we sent")[2]
    for line in (
        "Rejection letter (Dispatcher),",
        "Rejection letter (Stoker),",
        f"Invitation ({listed['vacancy_title']}),",
        f"Told how it ended ({listed['vacancy_title']}),",
        "Check-in,",
    ):
        assert line in text


async def test_an_application_is_linked_to_the_system_that_told_of_it(shortlist: House) -> None:
    assert "in your hiring system" not in await page(shortlist)
    await shortlist.execute("update applications set application_url = $1", URL)
    text = await page(shortlist)
    assert f'href="{URL}"' in text
    assert "Their application for Dispatcher, in your hiring system" in text


async def test_a_recruiter_learns_what_their_own_system_told_unless_it_may_search_everybody(
    shortlist: House,
) -> None:
    await shortlist.execute(
        "insert into applicants (applicant_key, candidate_id, source, personal_data,"
        " last_human_contact_at, recorded_at)"
        " select 'other', candidate_id, 'other', personal_data, last_human_contact_at, recorded_at"
        " from applicants where applicant_key = 'ada'"
    )
    await shortlist.add_rejection(
        application_id="o-1", title="Stoker", vacancyId="v-2", alreadyTold=True
    )
    await shortlist.execute(
        "update applications set applicant_key = 'other', source = 'other', application_url = $1"
        " where application_id = 'o-1'",
        URL,
    )
    await shortlist.execute(
        "insert into profiles values ('other', 'ada', $1, null, $2, 'e')",
        json.dumps({"resumeText": "Ada stokes"}),
        shortlist.clock.now(),
    )
    await shortlist.add_vacancy("v-o", title="Head Stoker")
    await shortlist.execute("update vacancies set source = 'other' where vacancy_id = 'v-o'")
    await shortlist.execute(
        "insert into answers (candidate_id, applicant_key, message_id, question, answer,"
        " vacancy_id, answered_at) values ('ada', 'other', 'm', 'interest', 'not_now', 'v-o', $1)",
        shortlist.clock.now(),
    )
    await shortlist.execute(
        "update candidates set personal_data = jsonb_set(personal_data, '{name,value}', $1)",
        json.dumps({"fullName": "Ada Stokes"}),
    )
    await shortlist.execute("delete from timeline")
    await shortlist.execute(
        "insert into timeline (candidate_id, applicant_key, at, kind, facts)"
        " values ('ada', 'other', $1, 'message_sent', $2)",
        shortlist.clock.now(),
        json.dumps({"purpose": "letter", "applicationId": "o-1"}),
    )
    told = (
        "Ada stokes",
        URL,
        "Head Stoker",
        "By the hiring system",
        "Ada Stokes",
        "Rejection letter,",
    )
    text = await page(shortlist)
    assert [words for words in told if words in text] == []
    assert "Ada Lovelace" in text
    await shortlist.execute("update vacancies set source = 'pool' where vacancy_id = 'v-9'")
    text = await page(shortlist)
    assert [words for words in told if words in text] == list(told)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (URL, URL),
        ("http://ats.example/1", None),
        ("javascript:alert(1)", None),
        ('https://ats.example/" onclick="x', None),
        (7, None),
    ],
)
async def test_only_a_web_address_over_tls_is_kept_and_the_rejection_counts_anyway(
    databases: Databases, clock: ManualClock, given: object, kept: str | None
) -> None:
    async with opened(databases, clock) as front:
        body = a_rejection(applicationUrl=given)
        answer = await front.post("/v1/rejections", body)
        assert answer.status_code == 202
        assert ("applicationUrl" in answer.text) is (kept is None)
        async with front.service.database.connection() as conn:
            assert await conn.fetchval("select application_url from applications") == kept
