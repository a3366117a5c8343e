"""What Ashby sends: an archived application is no rejection, and one change comes several times."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.deliveries.domain import State
from services.intake.webhooks.ashby.hooks import Ashby
from shared.contract.events.applications import ReasonCode, Stage
from shared.contract.events.vacancies import VacancyClosed, VacancyOpened
from tests.services.intake.upstream import NOW
from tests.services.intake.webhooks.ashby import (
    BY_ORG,
    JOB,
    application,
    hook,
    job,
    posting,
    signed,
)
from tests.services.intake.webhooks.greenhouse import SECRET
from tests.services.intake.webhooks.reading import (
    assert_ignored,
    delivery_of,
    kinds,
    read,
    the_rejection,
)

ASHBY = Ashby()
NAMED = {"any": "named"}


def test_a_rejection_by_the_organisation_says_who_was_turned_down_for_what_and_when() -> None:
    stages, reasons = {"onsite": "interviewed"}, {"Too junior": "experience_too_short"}
    reading = read("ashby", hook(), jobs=NAMED, stages=stages, reasons=reasons)
    said = the_rejection(reading)
    assert (said.applicant.applicant_id, said.application_id) == ("cand-1", "app-1")
    assert said.applicant.name.display == "Mira Okafor"
    assert said.applicant.emails == ["mira@mail.example"]
    assert said.applicant.phone == "+49 1512 3456789"
    assert (said.vacancy.vacancy_id, said.vacancy.title) == (JOB, "Shift lead")
    assert (said.stage, said.reason.code) == (Stage.INTERVIEWED, ReasonCode.EXPERIENCE_TOO_SHORT)
    assert said.decided_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert reading.summary == "applicant rejected; a letter of ours leaves"
    assert not reading.notes


@pytest.mark.parametrize(
    ("why", "fields"),
    [
        ("not Rejected by org", {"archiveReason": BY_ORG | {"reasonType": "Other"}}),
        ("not Rejected by org", {"archiveReason": None}),
        ("prospect", {"status": "Lead"}),
        ("prospect", {"currentInterviewStage": {"title": "New lead", "type": "Lead"}}),
        ("does not know", {"status": "Parked"}),
    ],
)
def test_whom_the_organisation_did_not_turn_down_is_told_nothing(
    why: str, fields: dict[str, Any]
) -> None:
    assert_ignored(read("ashby", hook(**fields), jobs=NAMED), why)


def test_no_job_is_named_until_somebody_says_that_it_is_not_confidential() -> None:
    assert_ignored(read("ashby", hook()), "sources map careers jobs any named|confidential")
    secretive = {**NAMED, JOB: "confidential"}
    assert_ignored(read("ashby", hook(), jobs=secretive), "a confidential job")
    assert_ignored(read("ashby", posting(), jobs=secretive), "a confidential job")
    assert not the_rejection(read("ashby", hook(), jobs={JOB: "named"})).already_told


def test_old_archives_tidied_up_at_once_get_no_letter() -> None:
    for old in ({"createdAt": "2024-01-01T00:00:00Z"}, {"archivedAt": "2026-02-01T08:30:00Z"}):
        assert the_rejection(read("ashby", hook(**old), jobs=NAMED)).already_told
    assert read("ashby", hook(archivedAt=None), jobs=NAMED).state is State.UNTRANSLATABLE
    assert not the_rejection(read("ashby", hook(), jobs=NAMED)).already_told


@pytest.mark.parametrize(
    ("fields", "kind", "at"),
    [
        ({"archiveReason": BY_ORG | {"reasonType": "RejectedByCandidate"}}, "withdrawn", 30),
        ({"status": "Active", "archivedAt": None, "archiveReason": None}, "unrejected", 31),
        ({"status": "Active"}, "unrejected", 31),
        ({"status": "Hired", "archivedAt": None, "archiveReason": None}, "hired", 31),
    ],
)
def test_what_became_of_an_application_counts_from_when_it_did(
    fields: dict[str, Any], kind: str, at: int
) -> None:
    reading = read("ashby", hook(**fields))
    assert kinds(reading) == [(f"applicant.{kind}.v1", "cand-1")]
    assert reading.events[0].time == datetime(2026, 3, 2, 8, at, tzinfo=UTC)


def test_a_stage_for_the_archived_is_not_how_far_somebody_came() -> None:
    archived = {"title": "Archived", "type": "Archived"}
    reading = read("ashby", hook(currentInterviewStage=archived), jobs=NAMED)
    assert the_rejection(reading).stage is Stage.APPLIED
    assert not any("stages" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"action": "candidateDelete", "data": {"candidate": {"id": "cand-1"}}},
         ("applicant.erased.v1", "cand-1")),
        ({"action": "candidateMerge", "data":
          {"deletedCandidate": {"id": "cand-1"}, "mergedCandidate": {"id": "cand-2"}}},
         ("applicant.merged.v1", "cand-1")),
        (job("jobCreate"), ("vacancy.opened.v1", JOB)),
        (job(), ("vacancy.opened.v1", JOB)),
        (job(status="Closed"), ("vacancy.closed.v1", JOB)),
        (job(status="Archived"), ("vacancy.closed.v1", JOB)),
        (posting(), ("vacancy.opened.v1", JOB)),
    ],
)  # fmt: skip
def test_people_go_and_jobs_come(body: Any, said: tuple[str, str]) -> None:
    assert kinds(read("ashby", body)) == [said]


def test_a_published_posting_says_where_the_job_is_and_a_confidential_job_is_not_named() -> None:
    [opened] = read("ashby", posting()).events
    assert isinstance(opened.data, VacancyOpened)
    assert opened.data.job_location
    assert opened.data.job_location.locality == "Hamburg"
    reading = read("ashby", job(confidential=True))
    [closed] = reading.events
    assert isinstance(closed.data, VacancyClosed)
    assert closed.data.title == "A confidential position"
    assert f"sources map careers jobs {JOB} confidential" in reading.notes[0]


@pytest.mark.parametrize(
    "body",
    [
        {"action": "ping", "data": {"webhookActionType": "ping"}},
        hook("applicationSubmit", status="Active"),
        job(status="Draft"),
        posting(isListed=False),
        posting("jobPostingUpdate"),
        posting("jobPostingUnpublish"),
        {"action": "openingCreate", "data": {"opening": {"id": "o-1", "openingState": "Open"}}},
    ],
)
def test_what_says_nothing_to_us_is_passed_over(body: Any) -> None:
    assert_ignored(read("ashby", body), "")


def test_one_change_is_known_again_whichever_hook_tells_of_it_and_no_other_is() -> None:
    def key(*args: Any, **fields: Any) -> str:
        return ASHBY.key(delivery_of(hook(*args, **fields)))

    candidate = application()["candidate"]
    moved = candidate | {"primaryEmailAddress": {"value": "mira@home.example"}}
    assert key() == key("candidateStageChange") == key("candidateHire")
    assert key() != key("applicationSubmit")
    assert key() != ASHBY.key(delivery_of(hook() | {"webhookActionId": "a-2"}))
    others = (
        {"id": "app-2"},
        {"status": "Active"},
        {"archivedAt": "2026-03-02T08:45:00Z"},
        {"updatedAt": "2026-03-02T08:40:00Z"},
        {"archiveReason": BY_ORG | {"reasonType": "RejectedByCandidate"}},
        {"archiveReason": BY_ORG | {"text": "No longer needed"}},
        {"candidate": moved},
    )
    assert len({key(), *(key(**fields) for fields in others)}) == 1 + len(others)
    assert ASHBY.key(delivery_of(job())) != ASHBY.key(delivery_of(job(status="Closed")))
    odd = {ASHBY.key(delivery_of(body)) for body in (b"[", b"[]", b"{}", b'{"data": {}}')}
    assert len(odd) == 4


def test_from_where_and_with_what_somebody_applied_is_not_kept() -> None:
    came = delivery_of(hook())
    kept = ASHBY.kept(came)
    assert b"203.0.113.9" not in kept.body
    assert b"Browser" not in kept.body
    assert read("ashby", kept.body, jobs=NAMED) == read("ashby", came.body, jobs=NAMED)
    for odd in (b"[", b"[]", b'{"data": []}', b'{"data": {"application": 1}}'):
        assert ASHBY.kept(delivery_of(odd)).body == odd


BODY = json.dumps(hook()).encode()


def refusal(body: bytes, signature: str) -> str | None:
    return ASHBY.refusal(delivery_of(body, ashby_signature=signature), ["newer", SECRET], NOW)


def test_only_a_body_signed_with_one_of_our_secrets_is_believed() -> None:
    assert refusal(BODY, signed(BODY)) is None
    assert "another secret" in str(refusal(BODY, signed(BODY, "other")))
    assert "another secret" in str(refusal(BODY, signed(BODY).removeprefix("sha256=")))
    assert "not signed" in str(refusal(BODY, ""))
    assert refusal(BODY[:-1], signed(BODY))


@settings(max_examples=25)
@given(st.integers(0, len(BODY) - 1))
def test_a_body_cut_off_says_nothing(length: int) -> None:
    assert read("ashby", BODY[:length], jobs=NAMED).state is State.UNTRANSLATABLE
