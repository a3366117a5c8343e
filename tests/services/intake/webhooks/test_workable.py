"""What Workable sends: how somebody stands when it calls, whatever the call was about."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.deliveries.domain import State
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import Found, Page
from services.intake.webhooks.signatures import hmac_sha256
from services.intake.webhooks.workable.hooks import Workable
from services.intake.webhooks.workable.jobs import MOST_PAGES, WorkableJobs
from shared.contract.events.cloudevents import Unreadable
from tests.services.intake.upstream import NOW
from tests.services.intake.webhooks import answering
from tests.services.intake.webhooks.greenhouse import SECRET
from tests.services.intake.webhooks.reading import (
    assert_ignored,
    delivery_of,
    kinds,
    read,
    the_rejection,
)

WORKABLE = Workable()
SETTLED: dict[str, Any] = {
    "types": {"Too junior": "rejected", "Withdrew": "withdrawn"},
    "jobs": {"any": "named"},
}


def moved(**fields: Any) -> dict[str, Any]:
    return {
        "id": "ev-1",
        "event_type": "candidate_moved",
        "resource_type": "candidate",
        "fired_at": "2026-03-02T08:35:00Z",
        "data": {
            "id": "c-71",
            "firstname": "Mira",
            "lastname": "Okafor",
            "email": "mira@mail.example",
            "created_at": "2026-02-01T08:00:00Z",
            "disqualified": True,
            "disqualification_reason": "Too junior",
            "disqualified_at": "2026-03-02T08:30:00Z",
            "job": {"shortcode": "J41", "title": "Shift lead"},
            "education_entries": [
                {"degree": "Diploma", "school": "Harbour College", "end_date": "2019-06-30"}
            ],
            "experience_entries": [
                {"title": "Picker", "company": "Hafenwerk", "start_date": "2022-02-01",
                 "end_date": "2099", "current": True},
                {"title": "Temp", "company": "Kai", "start_date": "01/02/2021", "current": False},
            ],
        } | fields,
    }  # fmt: skip


def test_a_settled_disqualification_says_who_was_turned_down_for_what_and_when() -> None:
    said = the_rejection(read("workable", moved(), **SETTLED))
    assert (said.applicant.applicant_id, said.application_id) == ("c-71", "c-71")
    assert (said.vacancy.vacancy_id, said.vacancy.title) == ("J41", "Shift lead")
    assert said.decided_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert not said.already_told


def test_a_working_life_comes_along_and_a_date_that_nobody_can_read_costs_itself_alone() -> None:
    reading = read("workable", moved(), **SETTLED)
    profile = the_rejection(reading).profile
    assert [(work.name, work.end_date) for work in profile.work] == [
        ("Hafenwerk", None),
        ("Kai", None),
    ]
    assert profile.education[0].end_date == "2019-06-30"
    assert any(note.startswith("left out profile.work.1.startDate") for note in reading.notes)


@pytest.mark.parametrize(
    ("fields", "settled", "why"),
    [
        ({}, {"types": {}}, "types 'Too junior' rejected|withdrawn"),
        ({"disqualification_reason": None}, {}, "types none rejected|withdrawn"),
        ({}, {"jobs": {}}, "jobs any named|confidential"),
        ({}, {"jobs": {"J41": "confidential", "any": "named"}}, "a confidential job"),
        ({"sourced": True}, {}, "prospect"),
        ({"job": None}, {}, "prospect"),
    ],
)
def test_nobody_is_told_no_of_whom_it_is_not_settled(
    fields: dict[str, Any], settled: dict[str, Any], why: str
) -> None:
    assert_ignored(read("workable", moved(**fields), **(SETTLED | settled)), why)


def test_a_disqualification_without_its_time_waits_for_one_unless_they_withdrew() -> None:
    reading = read("workable", moved(disqualified_at=None), **SETTLED)
    assert (reading.state, list(reading.events)) == (State.UNTRANSLATABLE, [])
    withdrew = moved(disqualified_at=None, disqualification_reason="Withdrew")
    assert kinds(read("workable", withdrew, **SETTLED)) == [("applicant.withdrawn.v1", "c-71")]


@pytest.mark.parametrize(
    ("fields", "kind", "at"),
    [
        ({"disqualification_reason": "Withdrew"}, "withdrawn", 30),
        ({"disqualified": False}, "unrejected", 35),
        ({"stage": " Hired", "disqualified": False}, "hired", 35),
        ({"stage": "Hired"}, "hired", 35),
    ],
)
def test_how_somebody_stands_counts_from_when_it_came_about(
    fields: dict[str, Any], kind: str, at: int
) -> None:
    reading = read("workable", moved(**fields), **SETTLED)
    assert kinds(reading) == [(f"applicant.{kind}.v1", "c-71")]
    assert reading.events[0].time == datetime(2026, 3, 2, 8, at, tzinfo=UTC)


def test_the_deleted_are_erased_and_the_rest_is_passed_over() -> None:
    deleted = moved() | {"event_type": "candidate_deleted", "data": {"id": "c-71"}}
    assert kinds(read("workable", deleted)) == [("applicant.erased.v1", "c-71")]
    created = moved() | {"event_type": "candidate_created"}
    assert_ignored(read("workable", created, **SETTLED), "candidate_created")
    assert read("workable", moved(disqualified=None)).state is State.UNTRANSLATABLE


def test_a_call_that_comes_again_is_known_by_all_that_it_says() -> None:
    assert WORKABLE.key(delivery_of(moved())) == WORKABLE.key(delivery_of(moved()))
    assert WORKABLE.key(delivery_of(moved())) != WORKABLE.key(delivery_of(moved(id="c-72")))
    assert WORKABLE.key(delivery_of(b"[")) != WORKABLE.key(delivery_of(b"{"))


def test_both_encodings_of_the_signature_are_believed_and_nothing_else() -> None:
    raw = json.dumps(moved()).encode()
    digest = hmac_sha256(SECRET.encode(), raw)

    def refusal(body: bytes, signature: str) -> str | None:
        given = delivery_of(body, x_workable_signature=signature)
        return WORKABLE.refusal(given, ["newer", SECRET], NOW)

    assert refusal(raw, digest.hex()) is None
    assert refusal(raw, base64.b64encode(digest).decode()) is None
    assert "another secret" in str(refusal(raw, digest.hex()[:-1]))
    assert "another secret" in str(refusal(raw[:-1], digest.hex()))
    assert "not signed" in str(refusal(raw, ""))


def test_each_subscription_has_an_address_of_its_own() -> None:
    told = [line.format(url="https://x/v1/webhooks/jobs", name="jobs") for line in WORKABLE.setup]
    targets = [line for line in told if "target" in line]
    assert len({line.split('"target": ')[1] for line in targets}) == 2
    assert json.loads(targets[0])["target"] == "https://x/v1/webhooks/jobs?candidate_moved"


JOBS = WorkableJobs()
NEXT = "https://elsewhere.example/spi/v3/jobs?state=published&since_id=b1"


def a_job(shortcode: str = "J41", **fields: Any) -> dict[str, Any]:
    where = {"city": "Bremen", "telecommuting": False}
    known = {"shortcode": shortcode, "title": "Cook", "state": "published", "location": where}
    return known | fields


def look(until: str | None, *jobs: Any, **paging: str) -> Page:
    return JOBS.page(until, json.dumps({"jobs": jobs, "paging": paging}).encode())


def told_of(found: Found) -> Any:
    delivery = Delivery(b"", {}, NOW, {found.path: found.answer})
    return answering.read("workable", delivery, {})


def test_what_has_changed_since_the_last_look_is_found_once_with_its_last_page() -> None:
    assert JOBS.path(None) == "/jobs?state=published&limit=100"
    first = look(None, a_job("a"), a_job("x", state="archived"), next=NEXT)
    assert (first.found, first.has_more) == ((), True)
    assert JOBS.path(first.until) == "/jobs?state=published&since_id=b1"
    assert JOBS.path(JOBS.again(first.until)) == JOBS.path(None)
    last = look(first.until, a_job("b"))
    assert ([each.path for each in last.found], last.has_more) == (["/jobs/a", "/jobs/b"], False)
    assert JOBS.path(last.until) == JOBS.path(None)
    same = look(last.until, a_job("b"), a_job("a"))
    assert (list(same.found), JOBS.path(same.until)) == ([], JOBS.path(None))
    changed = look(same.until, a_job("b", title="Chef"))
    [retitled, gone] = [told_of(each).events[0] for each in changed.found]
    assert (retitled.type, retitled.data.title) == ("dev.notyet.vacancy.opened.v1", "Chef")
    assert (gone.type, gone.key, gone.data.title) == ("dev.notyet.vacancy.closed.v1", "a", "Cook")
    back = look(changed.until, a_job("b", title="Chef"), a_job("a"))
    [again] = back.found
    assert again.key not in [each.key for each in (*last.found, *changed.found)]


def test_a_look_that_fails_midway_closes_nothing() -> None:
    known = look(None, a_job("a"), a_job("b")).until
    begun = look(known, a_job("a"), next=NEXT).until
    assert list(look(JOBS.again(begun), a_job("a"), a_job("b")).found) == []


@pytest.mark.parametrize(
    "answer",
    [
        {"jobs": [{"shortcode": "a"}]},
        {"paging": {}},
        {"jobs": [a_job("../me")]},
        {"jobs": [], "paging": {"next": "https://x.example/jobs"}},
        {"jobs": [], "paging": {"next": "https://x.example/jobs?a=b c"}},
        {"jobs": [], "paging": {"next": "https://[x/jobs?a=b"}},
        {"jobs": [], "paging": {"next": f"https://x.example/jobs?a={'b' * 1000}"}},
    ],
)
def test_a_page_that_cannot_be_read_is_told_so(answer: Any) -> None:
    with pytest.raises(Unreadable):
        JOBS.page(None, json.dumps(answer).encode())


def test_pages_without_end_are_not_followed() -> None:
    until = None
    for _ in range(MOST_PAGES - 1):
        until = look(until, next=NEXT).until
    with pytest.raises(Unreadable, match="more than 50 pages"):
        look(until, next=NEXT)


def test_a_confidential_job_is_not_recorded() -> None:
    [found] = look(None, a_job()).found
    delivery = Delivery(b"", {}, NOW, {found.path: found.answer})
    hidden = answering.read("workable", delivery, {}, jobs={"J41": "confidential"})
    assert (hidden.state, list(hidden.events)) == (State.IGNORED, [])
