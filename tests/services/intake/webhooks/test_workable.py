"""What Workable sends: how somebody stands when it calls, whatever the call was about."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.deliveries.domain import State
from services.intake.webhooks.signatures import hmac_sha256
from services.intake.webhooks.workable.hooks import Workable
from tests.services.intake.upstream import NOW
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
