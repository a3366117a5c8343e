"""Teamtailor is believed by either signature, and of neither is more used than what changed."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake.deliveries.domain import State
from services.intake.deliveries.reading import Reading
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import needs_asking
from services.intake.webhooks.teamtailor.api import VERSION, TeamtailorApi
from services.intake.webhooks.teamtailor.hooks import Teamtailor
from shared.contract.events.applications import ApplicantRejected, ApplicantUpdated
from shared.contract.events.people import Channel
from tests.services.intake.upstream import NOW
from tests.services.intake.webhooks import answering
from tests.services.intake.webhooks.answering import READ_AT
from tests.services.intake.webhooks.teamtailor import (
    SECRET,
    SENT,
    delivered,
    hook,
    newer,
    older,
    pages,
    thin,
)

TEAMTAILOR = Teamtailor()
BODY = json.dumps(thin()).encode()


def refused(delivery: Delivery, *secrets: str, late: timedelta = timedelta()) -> str | None:
    return TEAMTAILOR.refusal(delivery, secrets or [SECRET], NOW + late)


def read(body: Any = None, options: Any = None, **changed: Any) -> Reading:
    hint = TEAMTAILOR.kept(delivered(body or hook()))
    return answering.read("teamtailor", hint, pages(**changed), **(options or {}))


def the_rejection(reading: Reading) -> ApplicantRejected:
    [event] = reading.events
    assert isinstance(event.data, ApplicantRejected)
    return event.data


def test_both_signatures_are_believed_in_both_shapes() -> None:
    assert refused(delivered(BODY, tt_signature=newer(BODY))) is None
    assert refused(delivered(BODY, teamtailor_signature=older("11"))) is None
    assert refused(delivered(hook())) is None
    assert refused(delivered(hook()), "another", SECRET) is None


def test_whoever_signs_anew_is_not_believed_for_the_older_signature() -> None:
    both = delivered(hook(), tt_signature=newer(b"another body"))
    assert "another secret" in str(refused(both))
    assert refused(replace(both, headers={"tt-signature": ""}))


@pytest.mark.parametrize(
    "signature",
    [
        newer(BODY, secret="another"),
        newer(BODY + b" "),
        newer(BODY)[:-4],
        base64.b64encode(f"t={SENT}".encode()).decode(),
        base64.b64encode(newer(BODY).encode()).decode(),
        base64.b64encode(b"\xff=,=,").decode(),
        "no base64",
        "\xe9",
    ],
)
def test_what_is_forged_or_cut_is_refused(signature: str) -> None:
    assert refused(delivered(BODY, tt_signature=signature))


@pytest.mark.parametrize("sent", [SENT - 301, SENT + 301, "now", "-1", "9" * 400, ""])
def test_what_is_stale_is_refused_even_if_it_was_signed(sent: object) -> None:
    assert "too long ago" in str(refused(delivered(BODY, tt_signature=newer(BODY, sent=sent))))


@pytest.mark.parametrize(
    "body",
    [
        hook() | {"signature": older("12")},
        hook() | {"signature": older("11", secret="another")},
        hook() | {"signature": None},
        {"signature": older("")},
        {"signature": older("None")},
        {"event_name": "job.update", "signature": older("")},
        b"[",
        b"",
    ],
)
def test_what_does_not_sign_its_own_id_is_refused(body: Any) -> None:
    assert refused(delivered(body))


def test_two_changes_that_look_alike_are_two() -> None:
    later = replace(delivered(BODY), received_at=NOW + timedelta(seconds=1))
    assert TEAMTAILOR.key(delivered(BODY)) != TEAMTAILOR.key(later)


def test_of_what_was_sent_only_what_changed_is_kept() -> None:
    kept = TEAMTAILOR.kept(delivered(hook(first_name="Mira")))
    assert json.loads(kept.body) == {"event_name": "job_application.update", "resource_id": "11"}
    assert TEAMTAILOR.kept(delivered(b"[")).body == b"["


def test_a_rejection_is_read_there_whatever_was_said_of_it() -> None:
    forged = hook(rejected_at=None, first_name="Somebody")
    reading = read(forged)
    said = the_rejection(reading)
    assert (said.applicant.applicant_id, said.application_id) == ("7", "11")
    assert said.applicant.emails == ["mira@mail.example"]
    assert (said.vacancy.vacancy_id, said.vacancy.title) == ("4", "Shift lead")
    assert said.decided_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert any("sources map careers stages 'Phone call'" in note for note in reading.notes)
    assert reading.summary == "applicant rejected; a letter of ours leaves"
    assert read(thin()).events == reading.events


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("prospect", {"application": {"sourced": True}}),
        ("prospect", {"candidate": {"sourced": True}}),
        ("prospect", {"without": ["/job-applications/11/job"]}),
        ("prospect", {"instead": {"/job-applications/11/job": {"data": None}}}),
        ("works there", {"candidate": {"internal": True}}),
        ("works there", {"job": {"internal": True}}),
        ("jobs any named|confidential", {"job": {"human_status": "unlisted"}}),
        ("types none", {"without": ["/job-applications/11/reject-reason"]}),
        ("types 'Too junior'", {"reason": {"rejected_by_company": None}}),
        ("of whom, is not told", {"without": ["/job-applications/11"]}),
    ],
)
def test_nobody_is_told_no_whom_nobody_turned_down(why: str, changed: dict[str, Any]) -> None:
    reading = read(**changed)
    assert (reading.state, list(reading.events)) == (State.IGNORED, [])
    assert why in reading.summary


def test_whoever_withdrew_has_withdrawn_by_the_reason_or_as_an_operator_says() -> None:
    for given in (
        read(reason={"rejected_by_company": False}),
        read(options={"types": {"too junior": "withdrawn"}}),
    ):
        [event] = given.events
        assert event.type == "dev.notyet.applicant.withdrawn.v1"


def test_a_job_that_was_said_to_be_confidential_is_not_named() -> None:
    hidden = {"jobs": {"4": "confidential"}}
    assert "confidential" in read(options=hidden).summary
    assert "confidential" in read(hook("job.update", "4"), options=hidden).summary
    named = read(options={"jobs": {"any": "named"}}, job={"human_status": "archived"})
    assert the_rejection(named).vacancy.title == "Shift lead"


@pytest.mark.parametrize(("stage", "kind"), [("hired", "hired"), ("interview", "unrejected")])
def test_who_is_not_rejected_is_hired_or_in_the_running(stage: str, kind: str) -> None:
    [event] = read(application={"rejected_at": None}, stage={"stage_type": stage}).events
    assert (event.type, event.time) == (f"dev.notyet.applicant.{kind}.v1", READ_AT)


IN_THE_RUNNING = {
    "/job-applications/11",
    "/job-applications/11/stage",
    "/job-applications/11/relationships/candidate",
}


@pytest.mark.parametrize("without", [[], ["/job-applications/11/relationships/candidate"]])
def test_of_who_is_in_the_running_nothing_is_read_but_their_id_where_that_can_be_had_alone(
    without: list[str],
) -> None:
    moved = pages(application={"rejected_at": None}, without=without)
    asked = set(answering.answered("teamtailor", delivered(hook()), moved).answers)
    assert asked == IN_THE_RUNNING | {"/job-applications/11/candidate" for _ in without}
    [event] = read(application={"rejected_at": None}, without=without).events
    assert event.key == "7"


def test_whoever_is_gone_is_forgotten_and_whoever_only_is_said_to_be_is_not() -> None:
    gone = hook("candidate.destroy", "7")
    [event] = read(gone, without=["/candidates/7"]).events
    assert (event.type, event.key) == ("dev.notyet.applicant.erased.v1", "7")
    [event] = read(gone).events
    assert event.type == "dev.notyet.applicant.updated.v1"


def test_whoever_wants_no_email_refuses_it() -> None:
    [event] = read(hook("candidate.update", "7"), candidate={"unsubscribed": True}).events
    assert isinstance(event.data, ApplicantUpdated)
    assert event.data.applicant.refuses_email


@pytest.mark.parametrize(
    ("hooked", "changed", "state"),
    [
        (hook(), {"reason": {"rejected_by_company": False}}, State.RECORDED),
        (hook(), {"application": {"sourced": True}}, State.IGNORED),
        (hook("candidate.update", "7"), {"candidate": {"first_name": "Mi\0ra"}},
         State.UNTRANSLATABLE),
    ],
)  # fmt: skip
def test_whoever_wants_no_email_refuses_it_whatever_else_is_told(
    hooked: Any, changed: dict[str, Any], state: State
) -> None:
    candidate = changed.get("candidate", {}) | {"unsubscribed": True}
    reading = read(hooked, **(changed | {"candidate": candidate}))
    assert reading.state is state
    said = reading.events[-1].data
    assert isinstance(said, ApplicantUpdated)
    assert said.applicant.refusals == {Channel.EMAIL: True}
    assert not said.applicant.emails


@pytest.mark.parametrize(
    ("job", "kind"),
    [
        ({}, "opened"),
        ({"human_status": "archived"}, "closed"),
        ({"human_status": "draft"}, None),
        ({"human_status": "unlisted"}, None),
        ({"internal": True}, None),
    ],
)
def test_a_job_opens_once_everybody_can_see_it(job: dict[str, Any], kind: str | None) -> None:
    types = [each.type for each in read(hook("job.update", "4"), job=job).events]
    assert types == ([f"dev.notyet.vacancy.{kind}.v1"] if kind else [])


def test_another_event_says_nothing_and_asks_nothing() -> None:
    for event in ("audit_event.create", "user.update"):
        hint = delivered(hook(event))
        assert not needs_asking(TeamtailorApi(), hint)
        assert read(hook(event)).state is State.IGNORED


@pytest.mark.parametrize("id", ["../users", "1?include=user", ""])
def test_an_id_that_would_lead_elsewhere_is_not_asked_for(id: str) -> None:
    assert not needs_asking(TeamtailorApi(), delivered(hook(id=id)))


def test_an_answer_that_does_not_tell_whether_somebody_was_rejected_waits() -> None:
    silent = {"data": {"id": "11", "attributes": {"created-at": "2026-02-01T08:00:00Z"}}}
    reading = read(instead={"/job-applications/11": silent})
    assert reading.state is State.UNTRANSLATABLE
    assert "rejected-at" in reading.summary


def test_its_key_is_sent_as_teamtailor_takes_it() -> None:
    headers = TeamtailorApi().headers("key")
    assert headers == {"authorization": "Token token=key", "x-api-version": VERSION}
