"""A bad detail costs only itself: it is left out, noted, and told to whoever sent it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.front import Front, a_rejection, a_vacancy, opened
from tests.services.intake.upstream import ATS, published, rows, standing

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NDJSON = "application/x-ndjson"


@pytest.fixture
async def front(databases: Databases, clock: ManualClock) -> AsyncIterator[Front]:
    async with opened(databases, clock) as door:
        yield door


def person(**fields: Any) -> dict[str, Any]:
    return {"applicantId": "p-1", "name": {"givenName": "Mira"}} | fields


async def test_what_is_left_out_is_told_to_the_sender_and_stands_in_the_record(
    front: Front,
) -> None:
    body = a_rejection(
        applicant=person(emails=["mira@mail.example", "mira at mail"], phone="1", timeZone="UTC+2"),
        profile={"work": [{"position": "Miller", "endDate": "Jan 2023", "location": "Ulm"}]},
        vacancy=a_rejection()["vacancy"] | {"recruiters": [{"name": "Ines", "email": "ines"}]},
    )
    answer = await front.post("/v1/rejections", body)
    assert (answer.status_code, answer.json()["outcome"]) == (202, "recorded")
    left_out = answer.json()["leftOut"]
    assert {it["field"] for it in left_out} == {
        *("applicant.emails.1", "applicant.phone", "applicant.timeZone"),
        *("profile.work.0.endDate", "profile.work.0.location", "vacancy.recruiters.0.email"),
    }
    assert all(it["why"] for it in left_out)
    [entry] = await rows(front.service.database, "select facts from timeline")
    assert json.loads(entry["facts"])["leftOut"] == left_out
    for value in ("mira at mail", "UTC+2", "Jan 2023", "Ulm"):
        assert value not in entry["facts"]
    [reached] = await published(front.service.database, "recipients")
    assert reached["emails"] == ["mira@mail.example"]
    [able] = await published(front.service.database, "profiles")
    assert able["profile"]["work"] == [{"position": "Miller", "endIsUnknown": True}]


async def test_a_telephone_is_enough_where_no_address_is_one(front: Front) -> None:
    body = a_rejection(applicant=person(emails=["nobody"], phone="+49 1512 3456789"))
    answer = await front.post("/v1/rejections", body)
    assert answer.status_code == 202
    assert [it["field"] for it in answer.json()["leftOut"]] == ["applicant.emails.0"]


@pytest.mark.parametrize("phone", ["+49 30 901820", "+1 900 555 1234", "+8816 1234 5678"])
async def test_who_has_a_number_alone_that_no_text_message_goes_to_is_refused(
    front: Front, phone: str
) -> None:
    answer = await front.post("/v1/rejections", a_rejection(applicant=person(phone=phone)))
    assert answer.status_code == 422
    assert [it["field"] for it in answer.json()["errors"]] == ["applicant.phone"]


async def test_who_refuses_email_is_recorded_though_one_of_their_addresses_is_none(
    front: Front,
) -> None:
    silent = person(emails=["mira@mail.example", "nobody"], refusesEmail=True)
    answer = await front.post("/v1/rejections", a_rejection(applicant=silent))
    assert answer.status_code == 202
    assert [it["field"] for it in answer.json()["leftOut"]] == ["applicant.emails.1"]


async def test_what_was_agreed_to_on_a_day_to_come_is_left_out(front: Front) -> None:
    agreed = {"purpose": "similar_opening", "channel": "email", "until": "2027-06-01T00:00:00Z"}
    said = [agreed | {"since": "2026-02-01T00:00:00Z"}, agreed | {"since": "2027-01-01T00:00:00Z"}]
    body = a_rejection(applicant=person(emails=["mira@mail.example"], agreed=said))
    answer = await front.post("/v1/rejections", body)
    assert [it["field"] for it in answer.json()["leftOut"]] == ["applicant.agreed.1.since"]


async def test_whom_nobody_could_reach_is_refused_so_that_it_can_be_mended(front: Front) -> None:
    body = a_rejection(applicant=person(emails=["nobody", 7], phone="1"))
    answer = await front.post("/v1/rejections", body)
    assert answer.status_code == 422
    assert {it["field"] for it in answer.json()["errors"]} == {
        *("applicant.emails.0", "applicant.emails.1", "applicant.phone")
    }
    assert await rows(front.service.database, "select * from inbox") == []


async def test_in_a_batch_each_item_says_what_was_left_out_of_it(front: Front) -> None:
    bodies = [
        a_rejection(applicationId="a-1"),
        a_rejection(applicationId="a-2", profile={"projects": []}),
    ]
    answer = await front.post("/v1/rejections/batch", bodies)
    first, second = answer.json()["items"]
    assert "leftOut" not in first
    assert second["leftOut"] == [{"field": "profile.projects", "why": "nobody reads this field"}]


async def test_in_an_event_it_is_named_by_its_place_in_the_body(front: Front) -> None:
    said = {
        "specversion": "1.0",
        "id": "1",
        "source": ATS,
        "type": "dev.notyet.applicant.updated.v1",
        "data": {"applicant": person(emails=["mira@mail.example"], locale="auf Deutsch")},
    }
    answer = await front.post("/v1/events", said)
    assert [it["field"] for it in answer.json()["leftOut"]] == ["data.applicant.locale"]


@pytest.mark.parametrize(
    ("zone", "known"),
    [
        *(("europe/vienna", "Europe/Vienna"), ("US/Pacific", "US/Pacific"), ("CET", "CET")),
        *(("America/New York", "America/New_York"), ("W. Europe Standard Time", None)),
        *(("(GMT+01:00) Vienna", None), ("Etc/Unknown", None), ("../etc/passwd", None)),
    ],
)
async def test_a_zone_is_known_by_every_name_it_has_or_left_out(
    front: Front, zone: str, known: str | None
) -> None:
    body = a_rejection(applicant=person(emails=["mira@mail.example"], timeZone=zone))
    answer = await front.post("/v1/rejections", body)
    assert answer.status_code == 202
    assert ("leftOut" in answer.json()) == (known is None)
    [one] = await standing(front.service.database)
    assert one.get("timeZone") == known


async def test_a_long_description_or_resume_is_cut_and_the_rejection_counts(front: Front) -> None:
    vacancy = a_rejection()["vacancy"] | {"description": "<p>Bread.</p>" * 15_000}
    body = a_rejection(vacancy=vacancy, profile={"resumeText": "Bread and rolls. " * 4_000})
    answer = await front.post("/v1/rejections", body)
    assert answer.status_code == 202
    assert {it["field"] for it in answer.json()["leftOut"]} == {
        *("vacancy.description", "profile.resumeText")
    }


async def test_a_vacancy_is_told_with_a_description_that_was_too_long(front: Front) -> None:
    answer = await front.post("/v1/vacancies", a_vacancy(description="x" * 61_000))
    assert answer.status_code == 202
    assert [it["field"] for it in answer.json()["leftOut"]] == ["description"]


async def test_a_byte_order_mark_is_skipped(front: Front) -> None:
    one = json.dumps(a_rejection()).encode()
    assert (await front.post("/v1/rejections", BYTE_ORDER_MARK + one)).status_code == 202
    lines = b"\n".join([one, json.dumps(a_rejection(applicationId="a-2")).encode()])
    for body, media_type in (
        (BYTE_ORDER_MARK + lines, NDJSON),
        (BYTE_ORDER_MARK + b"[" + one + b"]", "application/json"),
    ):
        answer = await front.post("/v1/rejections/batch", body, content_type=media_type)
        assert answer.status_code == 202
        assert answer.json()["refused"] == 0


async def test_ids_that_are_numbers_are_the_same_as_their_texts(front: Front) -> None:
    counted = a_rejection(applicationId=53883394, applicant=person(applicantId=88213))
    assert (await front.post("/v1/rejections", counted)).json()["outcome"] == "recorded"
    written = a_rejection(applicationId="53883394", applicant=person(applicantId="88213"))
    assert (await front.post("/v1/rejections", written)).json()["outcome"] == "known"


@pytest.mark.parametrize("title", ["", "\u200b\u2060", "\u3164"])
async def test_a_title_that_nobody_can_see_is_refused(front: Front, title: str) -> None:
    answer = await front.post(
        "/v1/rejections", a_rejection(vacancy={"vacancyId": "v", "title": title})
    )
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["field"] == "vacancy.title"
    assert "nothing in it can be seen" in fault["problem"]


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\u3164\u034f", "\x07"])
async def test_an_id_that_nobody_can_see_is_refused(front: Front, unseen: str) -> None:
    answer = await front.post("/v1/rejections", a_rejection(applicationId=unseen))
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["field"] == "applicationId"
    assert "nothing in it can be seen" in fault["problem"]


async def test_entities_in_a_title_are_read(front: Front) -> None:
    vacancy = {"vacancyId": "v", "title": "Research &amp; Development Baker &#8211; Nights"}
    await front.post("/v1/rejections", a_rejection(vacancy=vacancy))
    [one] = await standing(front.service.database)
    assert one["rejections"][0]["vacancyTitle"] == "Research & Development Baker – Nights"
