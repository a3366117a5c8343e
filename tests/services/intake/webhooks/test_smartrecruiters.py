"""SmartRecruiters is believed when it signed body and headers, and means what then stands there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake.deliveries.domain import State
from services.intake.deliveries.reading import Reading
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.smartrecruiters.api import SmartRecruitersApi
from services.intake.webhooks.smartrecruiters.hooks import SmartRecruiters
from shared.contract.events.applications import ApplicantRejected, Stage
from tests.services.intake.upstream import NOW
from tests.services.intake.webhooks import answering
from tests.services.intake.webhooks.answering import READ_AT
from tests.services.intake.webhooks.smartrecruiters import SECRET, delivered, pages

SMARTRECRUITERS = SmartRecruiters()
THE_KEY = "HeBVky2bccvvkcXPimH8c"
THE_EXAMPLE = Delivery(
    b'{"job_id":"jid","candidate_id":"cid"}',
    {
        "smartrecruiters-signature": "v1=2e9291f10d44ca10204a4cd81b05d73b"
        "6a316b2b605d4e2e0e0b37b40198ce1f",
        "smartrecruiters-timestamp": "1574080897",
        "event-id": "123",
        "event-name": "application.created",
        "event-version": "v201910",
        "link": "<http://smartrecruiters.com/endpoint>; rel=self",
    },
    NOW,
)
THEN = datetime.fromtimestamp(1574080897, UTC)
APPLICATION = "/candidates/can-1/jobs/job-1"


def refused(delivery: Delivery, *secrets: str, now: datetime = NOW) -> str | None:
    return SMARTRECRUITERS.refusal(delivery, secrets or [SECRET], now)


def read(event: str | None = None, options: Any = None, **changed: Any) -> Reading:
    hint = delivered(event) if event else delivered()
    return answering.read("smartrecruiters", hint, pages(**changed), **(options or {}))


def the_rejection(reading: Reading) -> ApplicantRejected:
    [event] = reading.events
    assert isinstance(event.data, ApplicantRejected)
    return event.data


def test_the_vendors_own_example_is_genuine() -> None:
    assert refused(THE_EXAMPLE, THE_KEY, now=THEN) is None
    assert SMARTRECRUITERS.key(THE_EXAMPLE) == THE_EXAMPLE.under("123")


@pytest.mark.parametrize(
    "name", ["smartrecruiters-timestamp", "event-id", "event-name", "event-version", "link"]
)
def test_each_of_the_signed_headers_decides(name: str) -> None:
    for headers in (THE_EXAMPLE.headers | {name: "1"}, dict(THE_EXAMPLE.headers)):  # type: ignore[operator]
        if headers[name] != "1":
            del headers[name]
        assert refused(replace(THE_EXAMPLE, headers=headers), THE_KEY, now=THEN)


def test_a_body_that_was_cut_or_written_anew_is_refused() -> None:
    for body in (THE_EXAMPLE.body[:-1], b'{"job_id": "jid", "candidate_id": "cid"}', b""):
        assert refused(replace(THE_EXAMPLE, body=body), THE_KEY, now=THEN)


def test_one_of_several_signatures_and_of_several_keys_is_enough() -> None:
    good = THE_EXAMPLE.headers["smartrecruiters-signature"]
    for several in (f"v1={'0' * 64};{good}", f"{good} ; v1={'0' * 64}", f"v2=00;{good.upper()}"):
        headers = {**THE_EXAMPLE.headers, "smartrecruiters-signature": several.replace("V1", "v1")}
        delivery = replace(THE_EXAMPLE, headers=headers)
        assert refused(delivery, f"another {THE_KEY}", now=THEN) is None
    assert "another secret" in str(refused(THE_EXAMPLE, "another", now=THEN))


def test_a_missing_header_counts_as_nothing_in_what_is_signed() -> None:
    without = {k: v for k, v in THE_EXAMPLE.headers.items() if k != "smartrecruiters-signature"}
    assert "not signed" in str(refused(replace(THE_EXAMPLE, headers=without), THE_KEY, now=THEN))
    assert "not signed" in str(refused(Delivery(b"", {}, NOW)))


@pytest.mark.parametrize("late", [timedelta(hours=25), timedelta(minutes=-6)])
def test_what_is_stale_is_refused(late: timedelta) -> None:
    assert refused(delivered()) is None
    assert "too long ago" in str(refused(delivered(), now=NOW + late))


def test_an_activation_is_answered_with_its_secret_and_a_signed_call_is_none() -> None:
    activation = Delivery(b"", {"x-hook-secret": "s3cret"}, NOW)
    assert SMARTRECRUITERS.test_answer(activation) == {"x-hook-secret": "s3cret"}
    for given in ("", "a\r\nset-cookie: b", "\x80"):
        answer = SMARTRECRUITERS.test_answer(Delivery(b"", {"x-hook-secret": given}, NOW))
        assert answer is None
    assert SMARTRECRUITERS.test_answer(delivered(x_hook_secret="s3cret")) is None
    assert SMARTRECRUITERS.test_answer(delivered()) is None


def test_a_rejection_is_read_there_with_when_it_was() -> None:
    reading = read(options={"stages": {"INTERVIEW": "interviewed"}})
    said = the_rejection(reading)
    assert (said.applicant.applicant_id, said.application_id) == ("can-1", "can-1-job-1")
    assert said.applicant.emails == ["mira@mail.example"]
    assert said.applicant.phone == "+49 1512 3456789"
    assert (said.vacancy.vacancy_id, said.vacancy.title) == ("job-1", "Shift lead")
    assert said.profile.work[0].start_date == "2022-02"
    assert said.profile.education[0].institution == "Harbour College"
    assert said.stage is Stage.INTERVIEWED
    assert said.reason.note == "Too junior"
    assert said.decided_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert reading.summary == "applicant rejected; a letter of ours leaves"


@pytest.mark.parametrize(
    "told",
    [
        {"without": [f"{APPLICATION}/status/history"]},
        {"history": [("NEW", "2026-02-01")]},
        {"history": [("REJECTED", "2025-06-01"), ("IN_REVIEW", "2026-02-20")]},
    ],
)
def test_a_rejection_of_which_nobody_tells_when_it_was_waits_until_somebody_does(
    told: dict[str, Any],
) -> None:
    reading = read(**told)
    assert (reading.state, list(reading.events)) == (State.UNTRANSLATABLE, [])
    assert "does not tell when" in reading.summary


def test_a_rejection_counts_from_when_it_came_about_whatever_was_noted_of_it_since() -> None:
    again = [("REJECTED", "2026-02-25"), ("NEW", "2026-02-01"), ("REJECTED", "2026-03-01")]
    assert the_rejection(read(history=again)).decided_at == datetime(2026, 2, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("prospect", {"application": {"status": "LEAD"}}),
        ("prospect", {"history": [("REJECTED", "2026-03-02"), ("LEAD", "2026-02-27")]}),
        (
            "prospect",
            {
                "history": [
                    ("REJECTED", "2026-03-02"),
                    ("lead", "2026-02-28"),
                    ("NEW", "2026-02-27"),
                ]
            },
        ),
        ("says nothing", {"application": {"status": "TRANSFERRED"}}),
        ("works there", {"candidate": {"internal": True}}),
        ("not there any more", {"without": [APPLICATION]}),
        ("not there any more", {"without": ["/candidates/can-1"]}),
        ("sources map careers jobs any named|confidential", {"job": {"postingStatus": "PRIVATE"}}),
        ("jobs any", {"job": {"postingStatus": None}}),
    ],
)
def test_nobody_is_told_no_whom_nobody_turned_down(why: str, changed: dict[str, Any]) -> None:
    reading = read(**changed)
    assert (reading.state, list(reading.events)) == (State.IGNORED, [])
    assert why in reading.summary


def test_a_job_may_be_said_to_be_confidential_or_not() -> None:
    hidden = {"jobs": {"job-1": "confidential"}}
    assert read(options=hidden).state is State.IGNORED
    assert read("job.created", options=hidden).state is State.IGNORED
    named = read(options={"jobs": {"any": "named"}}, job={"postingStatus": "NOT_PUBLISHED"})
    assert the_rejection(named).vacancy.title == "Shift lead"


def test_a_prospect_who_has_applied_since_is_turned_down_like_anybody() -> None:
    applied = [("REJECTED", "2026-03-02"), ("NEW", "2026-02-28"), ("LEAD", "2026-02-01")]
    assert not the_rejection(read(history=applied)).already_told
    long_ago = [("REJECTED", "2026-03-02"), ("INTERVIEW", "2026-02-20"), ("LEAD", "2025-01-20")]
    assert not the_rejection(read(history=long_ago)).already_told


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("WITHDRAWN", "withdrawn"),
        ("HIRED", "hired"),
        ("HIRE", "hired"),
        ("IN_REVIEW", "unrejected"),
        ("IN-REVIEW", "unrejected"),
        ("OFFER", "unrejected"),
        ("OFFERED", "unrejected"),
    ],
)
def test_what_else_became_of_an_application_is_told(status: str, kind: str) -> None:
    [event] = read(application={"status": status}).events
    assert (event.type, event.key) == (f"dev.notyet.applicant.{kind}.v1", "can-1")
    assert event.time == READ_AT


def test_whoever_is_deleted_is_forgotten_and_whoever_changed_is_updated() -> None:
    [erased] = read("candidate.deleted").events
    assert (erased.type, erased.key) == ("dev.notyet.applicant.erased.v1", "can-1")
    [updated] = read("candidate.updated").events
    assert updated.type == "dev.notyet.applicant.updated.v1"


@pytest.mark.parametrize(
    ("job", "kind"),
    [
        ({}, "opened"),
        ({"status": "FILLED"}, "closed"),
        ({"status": "CANCELLED", "postingStatus": "NOT_PUBLISHED"}, "closed"),
        ({"status": "CREATED"}, None),
        ({"status": "ON_HOLD"}, None),
        ({"postingStatus": "INTERNAL"}, None),
    ],
)
def test_a_job_opens_once_everybody_can_see_it(job: dict[str, Any], kind: str | None) -> None:
    for event in ("job.created", "job.status.updated", "job.ad.postings.updated"):
        types = [each.type for each in read(event, job=job).events]
        assert types == ([f"dev.notyet.vacancy.{kind}.v1"] if kind else [])


@pytest.mark.parametrize(
    ("body", "why"),
    [({"job_id": "job-1"}, "candidate_id"), ({"candidate_id": "../x", "job_id": "1"}, "id has")],
)
def test_what_names_nothing_that_can_be_read_waits(body: Any, why: str) -> None:
    reading = answering.read("smartrecruiters", delivered(body=body), pages())
    assert reading.state is State.UNTRANSLATABLE
    assert why in reading.summary


def test_a_job_that_cannot_be_read_or_a_status_that_is_none_waits() -> None:
    assert read(without=["/jobs/job-1"]).state is State.UNTRANSLATABLE
    assert read(application={"status": None}).state is State.UNTRANSLATABLE


def test_its_key_is_sent_as_smartrecruiters_takes_it() -> None:
    assert SmartRecruitersApi().headers("key") == {"x-smarttoken": "key"}
