"""Odd calls of every system: a detail costs itself, and nobody is told no who was not turned down.

Each is a genuine rejection of that system's, with something in it put somewhere else.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from services.intake.deliveries.domain import State
from services.intake.deliveries.reading import Reading
from shared.contract.events.applications import ApplicantRejected
from tests.services.intake.webhooks import (
    answering,
    ashby,
    greenhouse,
    lever,
    reading,
    smartrecruiters,
    teamtailor,
    test_recruitee,
)
from tests.services.intake.webhooks import test_workable as workable
from tests.services.intake.webhooks.reading import the_rejection

Read = Callable[[Any], Reading]
GONE = object()

WHOLE: dict[str, tuple[Any, Read]] = {
    "greenhouse": (greenhouse.a_rejection(), lambda it: reading.read("greenhouse", it)),
    "ashby": (ashby.hook(), lambda it: reading.read("ashby", it, jobs={"any": "named"})),
    "workable": (
        workable.moved(),
        lambda it: reading.read("workable", it, **workable.SETTLED),
    ),
    "recruitee": (
        test_recruitee.moved(),
        lambda it: reading.read("recruitee", it, **test_recruitee.SETTLED),
    ),
    "lever": (
        lever.pages(),
        lambda it: answering.read(
            "lever", lever.delivered(lever.hook()), it, types={"Too junior": "rejected"}
        ),
    ),
    "smartrecruiters": (
        smartrecruiters.pages(),
        lambda it: answering.read("smartrecruiters", smartrecruiters.delivered(), it),
    ),
    "teamtailor": (
        teamtailor.pages(),
        lambda it: answering.read("teamtailor", teamtailor.delivered(teamtailor.hook()), it),
    ),
}
GREENHOUSE, WHO = "payload application", "payload application candidate"
OPPORTUNITY, CANDIDATE = "/opportunities/opp-1 data", "/candidates/can-1"
PERSON = "/job-applications/11/candidate data attributes"


def with_odd(system: str, place: str, value: Any) -> Reading:
    """Reads a rejection of a system's with something else at one place, or nothing there."""
    body, read = WHOLE[system]
    body = copy.deepcopy(body)
    *way, last = [int(step) if step.isdecimal() else step for step in place.split(" ")]
    inside = body
    for step in way:
        inside = inside[step]
    if value is GONE:
        del inside[last]
    else:
        inside[last] = value
    return read(body)


@pytest.mark.parametrize("value", [None, [[1]], 7, True])
@pytest.mark.parametrize(
    ("system", "place"),
    [
        *[
            ("greenhouse", f"{WHO} {name}")
            for name in ("phone_numbers", "educations", "employments", "email_addresses 0 value")
        ],
        *[("greenhouse", f"{WHO} {name}") for name in ("employments 0", "educations 0 degree")],
        *[("greenhouse", f"{GREENHOUSE} {name}") for name in ("current_stage", "jobs 0 offices")],
        ("greenhouse", f"{GREENHOUSE} rejection_reason name"),
        ("ashby", "data application candidate primaryPhoneNumber"),
        ("ashby", "data application candidate primaryEmailAddress value"),
        ("ashby", "data application currentInterviewStage"),
        *[("workable", f"data {name}") for name in ("experience_entries", "education_entries 0")],
        ("workable", "data lastname"),
        *[("recruitee", f"payload candidate {name}") for name in ("phones", "emails 0", "name")],
        *[("lever", f"{OPPORTUNITY} {name}") for name in ("phones", "emails", "urls", "name")],
        *[
            ("smartrecruiters", f"{CANDIDATE} {name}")
            for name in ("experience", "education 0", "firstName")
        ],
        *[("teamtailor", f"{PERSON} {name}") for name in ("phone", "first-name")],
    ],
)
def test_a_detail_that_nobody_can_read_costs_itself_alone(
    system: str, place: str, value: Any
) -> None:
    told = with_odd(system, place, value)
    assert told.summary == "applicant rejected; a letter of ours leaves"
    assert the_rejection(told).applicant.applicant_id
    assert value is None or any(note.startswith("left out ") for note in told.notes)


@pytest.mark.parametrize("value", [GONE, None, {"odd": [1]}, "perhaps"])
@pytest.mark.parametrize(
    ("system", "place"),
    [
        *[("greenhouse", f"{WHO} {name}") for name in ("is_private", "can_email")],
        *[("greenhouse", f"{GREENHOUSE} {name}") for name in ("prospect", "status", "rejected_at")],
        *[("greenhouse", f"{GREENHOUSE} {name}") for name in ("jobs", "jobs 0 confidential")],
        ("greenhouse", f"{GREENHOUSE} rejection_reason type"),
        *[("ashby", f"data application {name}") for name in ("status", "archiveReason")],
        *[("workable", f"data {name}") for name in ("disqualified", "disqualification_reason")],
        *[("recruitee", name) for name in ("event_subtype", "created_at", "payload details")],
        *[("lever", f"{OPPORTUNITY} {name}") for name in ("confidentiality", "archived")],
        ("lever", "/archive_reasons/reason-1 data text"),
        ("lever", "/postings/post-1 data confidentiality"),
        ("smartrecruiters", "/candidates/can-1/jobs/job-1 status"),
        ("smartrecruiters", "/jobs/job-1 postingStatus"),
        ("smartrecruiters", "/candidates/can-1/jobs/job-1/status/history content"),
        ("teamtailor", "/job-applications/11 data attributes rejected-at"),
        ("teamtailor", "/job-applications/11/job data attributes human-status"),
        ("teamtailor", "/job-applications/11/reject-reason data attributes rejected-by-company"),
    ],
)
def test_nobody_is_told_no_where_what_decides_that_cannot_be_read(
    system: str, place: str, value: Any
) -> None:
    told = with_odd(system, place, value)
    assert ApplicantRejected.type not in {event.type for event in told.events}
    assert told.summary


_HISTORY = "/candidates/can-1/jobs/job-1/status/history content"
_ONLY_REJECTED = [{"status": "REJECTED", "changedOn": "2026-03-02T08:30:00Z"}]
LONG_AGO = "2019-01-01T08:00:00Z"
APPLIED = {
    "greenhouse": (f"{GREENHOUSE} applied_at", LONG_AGO),
    "ashby": ("data application createdAt", LONG_AGO),
    "workable": ("data created_at", LONG_AGO),
    "recruitee": ("payload candidate created_at", LONG_AGO),
    "lever": ("/opportunities/opp-1/applications data 0 createdAt", 1_500_000_000_000),
    "smartrecruiters": (f"{_HISTORY} 2 changedOn", LONG_AGO),
    "teamtailor": ("/job-applications/11 data attributes created-at", LONG_AGO),
}
"""Where a system tells when somebody had applied, and how it writes a moment of long ago."""


@pytest.mark.parametrize("system", WHOLE)
def test_an_old_record_that_is_cleared_up_today_gets_no_letter(system: str) -> None:
    told = the_rejection(with_odd(system, *APPLIED[system]))
    assert (told.already_told, told.already_asked) == (True, True)


@pytest.mark.parametrize("value", [GONE, None, "", "perhaps", "01/02/2026", 7, {"odd": [1]}])
@pytest.mark.parametrize("system", WHOLE)
def test_what_may_be_an_old_record_gets_no_letter(system: str, value: Any) -> None:
    told = with_odd(system, APPLIED[system][0], value)
    for event in told.events:
        assert isinstance(event.data, ApplicantRejected)
        assert event.data.already_told
        assert event.data.already_asked
    assert told.events or told.state is State.UNTRANSLATABLE


@pytest.mark.parametrize(
    ("system", "place", "value"),
    [
        *[(system, APPLIED[system][0], GONE) for system in ("greenhouse", "ashby", "workable")],
        ("recruitee", *("payload candidate created_at", GONE)),
        ("smartrecruiters", _HISTORY, _ONLY_REJECTED),
    ],
)
def test_who_may_have_applied_long_ago_is_recorded_all_the_same(
    system: str, place: str, value: Any
) -> None:
    told = with_odd(system, place, value)
    assert the_rejection(told).applicant.applicant_id
    assert told.summary.endswith("nothing of ours leaves: nothing tells when they applied")


@pytest.mark.parametrize("written", [r"\u0000", r"\ud83d", r"\uDC00", r"\ud83d\ud83d"])
@pytest.mark.parametrize("system", ["greenhouse", "ashby", "workable", "recruitee"])
def test_a_character_that_nobody_can_keep_costs_itself_alone(system: str, written: str) -> None:
    body, read = WHOLE[system]
    raw = json.dumps(body).replace("Okafor", rf"Oka{written}for \ud83d\ude4f \\u0000").encode()
    name = the_rejection(read(raw)).applicant.name
    assert (name.family_name or name.full_name or "").endswith(
        "Okafor \N{PERSON WITH FOLDED HANDS} \\u0000"
    )


def test_a_change_that_cannot_be_read_as_a_whole_waits() -> None:
    odd = greenhouse.a_candidate(email_addresses=[{"value": None}])
    told = reading.read("greenhouse", greenhouse.hook("update_candidate", candidate=odd))
    assert (told.state, list(told.events)) == (State.UNTRANSLATABLE, [])
    assert "email_addresses.0" in told.summary


@pytest.mark.parametrize("contacts", ["email_addresses", "phone_numbers"])
def test_a_change_that_tells_of_no_address_takes_none_away(contacts: str) -> None:
    odd = greenhouse.a_candidate()
    del odd[contacts]
    told = reading.read("greenhouse", greenhouse.hook("update_candidate", candidate=odd))
    assert (told.state, list(told.events)) == (State.UNTRANSLATABLE, [])
    assert contacts in told.summary


def test_whoever_gave_no_address_that_can_be_used_is_known_all_the_same() -> None:
    contacts = {"email_addresses": [{"value": "none"}], "phone_numbers": [{"value": "ask her"}]}
    odd = greenhouse.a_rejection(candidate=greenhouse.a_candidate(**contacts))
    told = reading.read("greenhouse", odd)
    assert the_rejection(told).applicant.applicant_id == "7001"
    assert [note for note in told.notes if note.startswith("left out applicant.")]


def test_whoever_was_hired_is_told_no_no_whatever_the_record_is_set_to_since() -> None:
    said = [
        with_odd("ashby", "data application currentInterviewStage type", "Hired"),
        with_odd("workable", "data stage", "Hired"),
        with_odd("recruitee", "payload details from_stage name", "Hired"),
        with_odd("recruitee", "payload details", {"from_stage": {"id": 9, "name": " HIRED"}}),
        with_odd("lever", "/archive_reasons/reason-1 data type", "hired"),
        with_odd("teamtailor", "/job-applications/11/stage data attributes stage-type", "hired"),
        answering.read(
            "smartrecruiters",
            smartrecruiters.delivered(),
            smartrecruiters.pages(history=[("REJECTED", "2026-03-02"), ("HIRED", "2026-02-27")]),
        ),
    ]
    assert {told.summary for told in said} == {"applicant hired"}


def test_whoever_had_withdrawn_is_told_no_no_whatever_the_record_is_set_to_since() -> None:
    history = [("REJECTED", "2026-03-02"), ("WITHDRAWN", "2026-02-27"), ("NEW", "2026-02-01")]
    pages = smartrecruiters.pages(history=history)
    told = answering.read("smartrecruiters", smartrecruiters.delivered(), pages)
    assert told.summary == "applicant withdrawn"


def test_whoever_applied_from_within_is_passed_over() -> None:
    told = with_odd("lever", f"{OPPORTUNITY} origin", "internal")
    assert (told.state, list(told.events)) == (State.IGNORED, [])
    assert "works there already" in told.summary
