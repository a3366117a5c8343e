"""Moments that cannot be true are refused at the door, and nothing that is owed is forgotten."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.api.parsing import ApiClient, tried
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.front import Front, a_rejection, opened
from tests.services.intake.upstream import ATS, NOW, RECEIVING, rows, standing

SENDER = ApiClient(ATS, RECEIVING)
DAY = timedelta(days=1)


@pytest.fixture
async def front(databases: Databases, clock: ManualClock) -> AsyncIterator[Front]:
    async with opened(databases, clock) as door:
        yield door


def event(type: str, **fields: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "1",
        "source": ATS,
        "type": f"dev.notyet.applicant.{type}.v1",
    } | fields


@pytest.mark.parametrize(
    "given",
    [
        *(0, 45719, 1772010000, 1772010000000, 20260225, 45719.5, True, None, [], {}),
        *("", "45719", "1772010000", "20260225", "2026-02-25", "25/02/2026", "2026-02-25T09:07:31"),
    ],
    ids=repr,
)
async def test_what_is_no_moment_is_refused_with_what_to_write(front: Front, given: Any) -> None:
    answer = await front.post("/v1/rejections", a_rejection(decidedAt=given))
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == "decidedAt"
    assert "2026-02-25T09:07:31Z" in error["problem"] or "offset" in error["problem"]
    assert await rows(front.service.database, "select * from inbox") == []


@pytest.mark.parametrize("at", ["2026-02-25T10:00:00+23:59", "2026-02-24T10:00:00-23:59"])
async def test_a_decision_is_taken_at_every_offset_of_the_standard(front: Front, at: str) -> None:
    answer = await front.post("/v1/rejections", a_rejection(decidedAt=at))
    assert answer.status_code == 202


async def test_a_decision_that_is_still_to_come_is_refused(front: Front) -> None:
    for ahead in (2 * DAY, 250 * DAY, timedelta(days=365 * 173)):
        at = (NOW + ahead).isoformat()
        answer = await front.post("/v1/rejections", a_rejection(decidedAt=at))
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert error["field"] == "decidedAt"
        assert "still to come" in error["problem"]
    data = {"applicantId": "p-1", "applicationId": "a-1", "decidedAt": "2199-01-01T00:00:00Z"}
    for kind in ("unrejected", "hired", "withdrawn"):
        answer = await front.post("/v1/events", event(kind, data=data))
        assert [it["field"] for it in answer.json()["errors"]] == ["data.decidedAt"]
    late = event("erased", data={"applicantId": "p-1"}, time="2199-01-01T00:00:00Z")
    answer = await front.post("/v1/events", late)
    assert [it["field"] for it in answer.json()["errors"]] == ["time"]
    assert await rows(front.service.database, "select * from inbox") == []


async def test_a_clock_that_is_a_little_ahead_costs_nobody_and_holds_against_nothing(
    front: Front,
) -> None:
    ahead = a_rejection(decidedAt=(NOW + timedelta(hours=20)).isoformat())
    assert (await front.post("/v1/rejections", ahead)).status_code == 202
    corrected = a_rejection(stage="final", decidedAt=NOW.isoformat())
    answer = await front.post("/v1/rejections", corrected)
    assert answer.json()["outcome"] == "changed"
    [person] = await standing(front.service.database)
    assert person["rejections"][0]["stage"] == "final"


async def test_an_archive_of_old_decisions_is_refused_by_line_and_says_why(front: Front) -> None:
    old = [
        a_rejection(applicationId=f"a-{year}", decidedAt=f"{year}-02-25T09:00:00Z")
        for year in (1970, 2017, 2023, 2024, 2025)
    ]
    answer = await front.post("/v1/rejections/batch", old)
    told = answer.json()
    assert (told["recorded"], told["refused"]) == (1, 4)
    for item in told["items"][:-1]:
        [error] = item["errors"]
        assert error["field"] == "decidedAt"
        assert "more than 24 months ago" in error["problem"]


async def test_that_somebody_was_hired_counts_however_long_ago(front: Front) -> None:
    await front.post("/v1/rejections", a_rejection())
    data = {"applicantId": "p-1", "applicationId": "a-0", "decidedAt": "2012-02-25T09:00:00Z"}
    assert (await front.post("/v1/events", event("hired", data=data))).status_code == 202
    [person] = await standing(front.service.database)
    assert person["hiredAt"].startswith("2012-02-25")


async def test_a_day_of_observation_that_is_to_come_is_left_out_and_told(front: Front) -> None:
    gap = {
        "requirementId": "r",
        "kind": "experience",
        "requiredMonths": 24,
        "observedAt": "2029-01-01",
        "expectedAt": "2029-06-01",
    }
    answer = await front.post("/v1/rejections", a_rejection(shortfalls=[gap]))
    assert [it["field"] for it in answer.json()["leftOut"]] == ["shortfalls.0.observedAt"]
    [person] = await standing(front.service.database)
    [kept] = person["rejections"][0]["shortfalls"]
    assert "observedAt" not in kept
    assert kept["expectedAt"] == "2029-06-01"


@given(at=st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30)))  # noqa: DTZ001 - UTC is added
def test_a_rejection_counts_if_it_was_decided_within_what_is_kept_and_not_ahead(
    at: datetime,
) -> None:
    written = f"{at.isoformat()}Z"
    found, _ = tried(a_rejection(decidedAt=written), SENDER, NOW)
    moment = datetime.fromisoformat(written)
    assert (not found) == (NOW.replace(year=NOW.year - 2) <= moment <= NOW + DAY)


@given(
    given=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=2),
        max_leaves=3,
    )
)
def test_any_value_for_a_moment_is_refused_by_its_field_or_names_a_time_that_passed(
    given: Any,
) -> None:
    refused, _ = tried(a_rejection(decidedAt=given), SENDER, NOW)
    assert refused or isinstance(given, str)
    assert {fault.field for fault in refused} <= {"decidedAt", "body"}
