"""What a résumé adds to what a delivery says, and where each system has the file."""

import json
from dataclasses import replace
from typing import Any

import pytest

from services.intake.deliveries.reading import Reader, Reading
from services.intake.resumes.telling import ANSWER, Resume
from services.intake.sources.domain import Source, Speaks
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.notes import Post
from services.intake.webhooks.resume_files import Found
from services.intake.webhooks.systems import RESUMES, SYSTEMS
from shared.contract.events.applications import ApplicantRejected, ApplicantUpdated
from tests.services.intake.upstream import RECEIVING
from tests.services.intake.webhooks import ashby, greenhouse, lever, smartrecruiters, teamtailor
from tests.services.intake.webhooks.answering import answered
from tests.services.intake.webhooks.reading import KEY, delivery_of

FILE = "https://files.vendor.example/resume?signed=1"
ATTACHED = [
    {"filename": "a.pdf", "url": f"{FILE}0", "type": "cover_letter"},
    {"filename": "b.pdf", "url": f"{FILE}1", "type": "resume"},
    {"filename": "c.pdf", "url": FILE, "type": "resume"},
]
PERSON = greenhouse.a_candidate(attachments=ATTACHED)
REJECTED = greenhouse.delivered(greenhouse.a_rejection(candidate=PERSON))
UPDATED = greenhouse.delivered(greenhouse.hook("update_candidate", candidate=PERSON))


def read_with(delivery: Delivery, resume: Resume | None = None) -> Reading:
    answers = {} if resume is None else {ANSWER: resume.model_dump_json().encode()}
    reader = Reader(
        Source("careers", "greenhouse", speaks=Speaks.US), SYSTEMS["greenhouse"], RECEIVING
    )
    return reader.read(KEY, replace(delivery, answers=answers))


def test_a_rejection_counts_before_its_file_was_read() -> None:
    reading = read_with(REJECTED)
    [event] = reading.events
    assert isinstance(event.data, ApplicantRejected)
    assert event.data.profile.work[0].name == "Hafenwerk"
    assert reading.resume_is_due


def test_what_was_read_is_told_once_beside_what_was_said_before() -> None:
    before = read_with(REJECTED)
    after = read_with(REJECTED, Resume(text="Forklift licence"))
    assert not after.resume_is_due
    first, second = after.events
    assert first == before.events[0]
    assert isinstance(second.data, ApplicantUpdated)
    assert second.data.profile
    assert second.data.profile.resume_text == "Forklift licence"
    assert second.data.profile.work[0].name == "Hafenwerk"
    assert (second.key, second.time) == (first.key, first.time)
    assert second.data.applicant.emails == []
    assert after.summary == "applicant rejected; a letter of ours leaves; résumé read"


def test_a_file_that_cannot_be_read_costs_only_itself_and_is_told_of() -> None:
    before = read_with(REJECTED)
    after = read_with(REJECTED, Resume(problem="there is no text in it, as in a scan"))
    assert (after.events, after.summary) == (before.events, before.summary)
    assert after.notes[-1] == ("résumé could not be read: there is no text in it, as in a scan")
    assert not after.resume_is_due


def test_an_update_leaves_the_known_text_alone_until_its_own_was_read() -> None:
    [event] = read_with(UPDATED).events
    assert isinstance(event.data, ApplicantUpdated)
    assert event.data.profile is None
    assert event.data.applicant.emails
    for resume, text in ((Resume(text="new"), "new"), (Resume(problem="gone"), None)):
        first, second = read_with(UPDATED, resume).events
        assert first == event
        assert isinstance(second.data, ApplicantUpdated)
        assert second.data.profile
        assert second.data.profile.resume_text == text
        assert second.data.profile.work[0].name == "Hafenwerk"


def test_what_the_system_itself_has_read_is_told_too() -> None:
    own = {"work": [{"name": "Werft", "position": "Clerk"}], "education": []}
    _, event = read_with(REJECTED, Resume(problem="gone", profile=own)).events
    assert isinstance(event.data, ApplicantUpdated)
    assert event.data.profile
    assert [job.name for job in event.data.profile.work] == ["Werft"]
    assert event.data.profile.education[0].institution == "Harbour College"


@pytest.mark.parametrize(
    ("body", "is_due"),
    [
        (greenhouse.a_rejection(), False),
        (greenhouse.a_rejection(candidate=PERSON, prospect=True), False),
        (greenhouse.unrejected(candidate=PERSON), False),
        (greenhouse.a_rejection(candidate=PERSON | {"attachments": None}), False),
        (greenhouse.a_rejection(candidate=PERSON | {"attachments": [{"url": 7}]}), False),
        (greenhouse.a_rejection(candidate=PERSON), True),
    ],
)
def test_only_who_is_turned_down_or_changed_has_a_file_to_read(body: Any, is_due: bool) -> None:
    reading = read_with(greenhouse.delivered(body))
    assert reading.resume_is_due is is_due
    assert reading.summary


def found(system: str, delivery: Delivery, *answers: Any) -> Any:
    raw = [None if answer is None else json.dumps(answer).encode() for answer in answers]
    return RESUMES[system].find(delivery, raw)


def test_greenhouse_names_the_last_resume_that_was_attached() -> None:
    assert found("greenhouse", REJECTED) == found("greenhouse", UPDATED) == Found(FILE)


def test_workable_names_an_address() -> None:
    hook = {"event_type": "candidate_moved", "data": {"resume_url": FILE}}
    assert found("workable", delivery_of(hook)) == Found(FILE)
    assert found("workable", delivery_of(hook | {"data": {}})) is None


def test_lever_tells_of_the_latest_resume_and_what_it_read_in_it() -> None:
    delivery = answered("lever", lever.delivered(lever.hook()), lever.pages())
    path = f"/opportunities/{lever.OPPORTUNITY}/resumes"
    assert found("lever", delivery) == path
    job = {"org": "Werft", "title": "Clerk", "start": {"year": 2019, "month": 4}, "end": {}}
    parsed = {"positions": [job], "schools": [{"org": "College", "degree": "BA"}]}
    listed = [
        {"id": "r-2", "createdAt": lever.SENT, "parsedData": parsed},
        {"id": "r-1", "createdAt": lever.APPLIED_AT},
    ]
    latest = found("lever", delivery, {"data": listed})
    assert latest.file == f"{path}/r-2/download"
    [work] = latest.profile["work"]
    assert (work["name"], work["startDate"], work["endDate"]) == ("Werft", "2019-04", "")
    assert latest.profile["education"][0]["studyType"] == "BA"
    assert found("lever", delivery, {"data": []}) == Found(None)
    assert found("lever", delivery, None) == Found(None)


def test_smartrecruiters_tells_what_is_attached() -> None:
    delivery = smartrecruiters.delivered()
    path = "/candidates/can-1/attachments"
    assert found("smartrecruiters", delivery) == path
    listed = {"content": [{"id": "a-1", "type": "RESUME"}, {"id": "a-2", "type": "OTHER"}]}
    assert found("smartrecruiters", delivery, listed) == Found(f"{path}/a-1")
    assert found("smartrecruiters", delivery, {"content": []}) == Found(None)


def test_teamtailor_is_asked_for_an_address_that_holds_now() -> None:
    pages = teamtailor.pages(candidate={"original_resume": f"{FILE}&old"})
    delivery = answered("teamtailor", teamtailor.delivered(teamtailor.hook()), pages)
    path = found("teamtailor", delivery)
    assert path.endswith("/candidate")
    now = {"data": {"id": "1", "attributes": {"original-resume": FILE, "resume": "other"}}}
    assert found("teamtailor", delivery, now) == Found(FILE)
    assert found("teamtailor", delivery, None) == Found(None)
    without = answered("teamtailor", teamtailor.delivered(teamtailor.hook()), teamtailor.pages())
    assert found("teamtailor", without) is None


def test_ashby_is_asked_for_a_handle_and_for_its_address() -> None:
    delivery = delivery_of(ashby.hook())
    assert found("ashby", delivery) == Post("/candidate.info", {"id": "cand-1"})
    person = {"success": True, "results": {"resumeFileHandle": {"handle": "h"}}}
    assert found("ashby", delivery, person) == Post("/file.info", {"fileHandle": "h"})
    at = {"success": True, "results": {"url": FILE}}
    assert found("ashby", delivery, person, at) == Found(FILE)
    assert found("ashby", delivery, {"success": True, "results": {}}) == Found(None)


def test_every_system_whose_files_are_read_is_one_that_calls() -> None:
    assert RESUMES.keys() <= SYSTEMS.keys()
