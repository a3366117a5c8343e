"""A second system can neither touch a vacancy of the first nor learn whom the first turned down."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deploy.local.demo.personas import SENIOR_ENGINEER, Attitude, Person
from deploy.local.demo.recipients import link_in
from tests.journeys.acts import reject, runner_up, say_yes
from tests.journeys.conftest import Stage, api_key

pytestmark = pytest.mark.asyncio(loop_scope="package")

FAY = Person(601, "Fay", "Lindner", "Europe/Berlin", "DE", Attitude.EAGER)
OPENING = replace(SENIOR_ENGINEER, vacancy_id="two-sources", recruiter="Tessa Tanner")
STRANGER = "mallory@agency.example"
THEIRS: dict[str, Any] = OPENING.as_vacancy() | {
    "title": "Bait",
    "recruiters": [{"name": "Mallory", "email": STRANGER}],
}


async def test_a_second_system_changes_nothing_of_the_first_and_learns_of_nobody(
    stage: Stage,
) -> None:
    await reject(stage, runner_up(FAY))
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=7))
    await say_yes(stage, FAY)
    await stage.post("/v1/vacancies", OPENING.as_vacancy())
    first, stage.key = stage.key, await api_key(stage.stack, "/agency")
    renamed = {"name": "Mallory", "email": OPENING.recruiter_email}
    for body in (
        THEIRS,
        THEIRS | {"vacancyId": "bait", "recruiters": [*THEIRS["recruiters"], renamed]},
        THEIRS | {"event": "reopened"},
        THEIRS | {"event": "closed"},
    ):
        assert (await stage.post("/v1/vacancies", body)).status_code == 202
    stage.key = first
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(hours=2))

    assert await stage.mail_to(STRANGER) == []
    (mail,) = await stage.mail_to(OPENING.recruiter_email)
    assert OPENING.title in mail["subject"]
    assert "Mallory" not in str(mail["headers"])
    page = (await stage.http.get(link_in(mail, "s") or "")).text
    assert "Fay Lindner" in page
    assert "This vacancy is closed" not in page
