"""Each person is written to as themself, once for each decision, whoever tells of it."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from deploy.local.demo.recipients import link_in
from tests.journeys.conftest import Stage, api_key, commanded

pytestmark = pytest.mark.asyncio(loop_scope="package")

DAY = timedelta(days=1)


def rejection(
    applicant_id: str, name: str, email: str, title: str, decided_at: datetime, **more: Any
) -> dict[str, Any]:
    return {
        "applicationId": f"{applicant_id}-{title}",
        "applicant": {
            "applicantId": applicant_id,
            "name": {"fullName": name},
            "emails": [email],
            "timeZone": "Europe/Berlin",
            "country": "DE",
        },
        "vacancy": {"vacancyId": f"v-{title}", "title": title},
        "stage": "final",
        "finishingPlace": 2,
        "reason": {"code": "other_candidate_stronger"},
        "decidedAt": decided_at.isoformat(),
    } | more


async def told(stage: Stage, *bodies: dict[str, Any], key: str | None = None) -> None:
    for body in bodies:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        answer = await stage.post("/v1/rejections", body, **headers)
        assert answer.status_code == 202, answer.text


async def days_pass(stage: Stage, days: int) -> None:
    now = stage.simulated_time.now()
    await stage.simulated_time.advance_to(now + days * DAY)


async def test_each_is_greeted_by_their_own_name_and_one_decision_is_told_once(
    stage: Stage,
) -> None:
    now = stage.simulated_time.now()
    shared, twice = "agency@people.example", "twice@people.example"
    await told(
        stage,
        rejection("p-mona", "Mona Sand", shared, "Night Baker", now),
        rejection("p-karl", "Karl Fink", shared, "Crane Driver", now),
        rejection("p-twice", "Tova Twice", twice, "Night Baker", now),
    )
    export = rejection("export-1", "T. Twice", twice, "Night Baker", now)
    await told(stage, export, key=await api_key(stage.stack, "hr"))
    await days_pass(stage, 5)
    letters = {mail["subject"]: mail["text"] for mail in await stage.mail_to(shared)}
    assert len(letters) == 2
    for text in letters.values():
        assert ("Mona" in text, "Karl" in text) == ("Night Baker" in text, "Crane" in text)
    assert len(await stage.mail_to(twice)) == 1


async def test_whoever_erases_themself_and_applies_again_is_answered(stage: Stage) -> None:
    email, now = "ella@people.example", stage.simulated_time.now()
    first = rejection("p-ella", "Ella Brandt", email, "Baker", now)
    await told(stage, first)
    await days_pass(stage, 5)
    [letter] = await stage.mail_to(email)
    page: httpx.Response = await stage.http.post(
        link_in(letter, "c") or "", data={"do": "erase", "confirm": "yes"}
    )
    assert page.status_code == 200
    other = rejection("x-9", "BRANDT, Ella", email, "Cook", now)
    key = await api_key(stage.stack, "export")
    for body, by in ((first, stage.key), (other, key)):
        answer = await stage.post("/v1/rejections", body, Authorization=f"Bearer {by}")
        assert answer.status_code == 409, answer.text
    again = rejection("p-ella", "Ella Brandt", email, "Cook", stage.simulated_time.now())
    await told(stage, again)
    assert len(await stage.until_mailed(email, 2)) == 2


async def test_two_who_are_joined_and_taken_apart_get_no_second_letter(stage: Stage) -> None:
    email, now = "pair@people.example", stage.simulated_time.now()
    await told(stage, rejection("p-pair", "Pia Pair", email, "Porter", now))
    await told(
        stage,
        rejection("e-pair", "Pia Pair", email, "Clerk", now),
        key=await api_key(stage.stack, "hr"),
    )
    await days_pass(stage, 5)
    assert len(await stage.mail_to(email)) == 2
    [line] = [
        it for it in commanded(stage.stack, "intake", "people", "joins").splitlines() if "Pia" in it
    ]
    commanded(stage.stack, "intake", "people", "undo", line.split()[0])
    await stage.simulated_time.wait_until_idle()
    await days_pass(stage, 9)
    assert len(await stage.mail_to(email)) == 2
