"""Somebody who was turned down for hundreds of vacancies hears of each."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from deploy.local.demo import personas, simulated_time
from deploy.local.demo.personas import ENGINEER, Attitude, Person
from services.intake.applicants.domain.bounds import MOST_REJECTIONS
from tests.journeys.acts import runner_up
from tests.journeys.conftest import Stage

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.campaign]

MANY = MOST_REJECTIONS + 60
"""More than one state of a person holds."""

OFTEN = Person(100, "Oda", "Often", "Europe/Vienna", "AT", Attitude.SILENT)


def rejection(stage: Stage, number: int) -> dict[str, Any]:
    body = personas.rejection(runner_up(OFTEN), stage.simulated_time.now())
    vacancy = {**body["vacancy"], "vacancyId": f"{ENGINEER.vacancy_id}-{number}"}
    return {**body, "applicationId": f"{body['applicationId']}-{number}", "vacancy": vacancy}


async def test_each_of_hundreds_of_answers_to_one_person_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated_time, "IDLE_WITHIN_SECONDS", 120)
    for first in range(0, MANY, 20):
        answers = await asyncio.gather(
            *(stage.post("/v1/rejections", rejection(stage, n)) for n in range(first, first + 20))
        )
        assert {answer.status_code for answer in answers} == {202}
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=40))
    them = await stage.conn.fetchval(
        "select recipient_id from notifier.recipients where state::text like $1",
        f"%{OFTEN.email}%",
    )
    ends = await stage.conn.fetch(
        "select application_id, state, because from notifier.messages"
        " where ended_at is not null and recipient_id = $1",
        them,
    )
    sent = {row["application_id"] for row in ends if row["state"] == "sent"}
    other = [(row["state"], row["because"]) for row in ends if row["state"] != "sent"]
    assert (len(sent), other) == (MANY, [])
    owed = await stage.conn.fetchval(
        "select count(*) from intake.applications where answered_at is null and candidate_id = $1",
        them,
    )
    assert owed == 0
