import asyncio
from datetime import timedelta

import pytest

from deploy.local.demo.personas import NURSE, SENIOR_ENGINEER, Attitude, Person
from deploy.local.demo.recipients import decide, link_in, press
from tests.journeys.acts import reject, runner_up, say_yes
from tests.journeys.conftest import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADA = Person(1, "Ada", "Moreno", "Europe/Vienna", "AT", Attitude.EAGER)


async def test_a_rejection_becomes_a_letter_a_yes_a_shortlist_and_an_invitation(
    stage: Stage,
) -> None:
    await reject(stage, runner_up(ADA))
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=5))
    await say_yes(stage, ADA)

    opened = await stage.post("/v1/vacancies", SENIOR_ENGINEER.as_vacancy())
    assert opened.status_code == 202, opened.text
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(hours=2))
    (shortlist,) = await stage.mail_to(SENIOR_ENGINEER.recruiter_email)
    assert ADA.family not in shortlist["text"] + shortlist["html"]
    url = link_in(shortlist, "s") or ""
    assert ADA.family in (await stage.http.get(url)).text
    assert await decide(stage.http, url, approve=1) == (1, 0)

    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=4))
    _, invitation = await stage.mail_to(ADA.email)
    assert SENIOR_ENGINEER.title in invitation["text"]
    assert await press(stage.http, link_in(invitation, "c") or "", "interested")


async def test_a_yes_reaches_the_recruiter_and_when_the_vacancy_closes_they_hear_it_once(
    stage: Stage,
) -> None:
    time, recruiter = stage.simulated_time, SENIOR_ENGINEER.recruiter_email
    before = len(await stage.mail_to(recruiter))
    await time.advance_to(time.now() + timedelta(days=1))
    (news,) = (await stage.mail_to(recruiter))[before:]
    assert ADA.family in news["subject"]
    assert SENIOR_ENGINEER.title in news["text"]
    url = link_in(news, "i") or ""
    page = await stage.http.get(url)
    assert ADA.email in page.text
    assert await press(stage.http, url, "talking")

    closed = await stage.post("/v1/vacancies", SENIOR_ENGINEER.as_vacancy() | {"event": "closed"})
    assert closed.status_code == 202, closed.text
    await time.advance_to(time.now() + timedelta(days=5))
    _, invitation, outcome = await stage.mail_to(ADA.email)
    assert "no longer open" in outcome["text"]
    for message in (invitation, outcome):
        assert not await press(stage.http, link_in(message, "c") or "", "interested")
    await time.advance_to(time.now() + timedelta(days=60))
    assert len(await stage.mail_to(ADA.email)) == 3
    assert len(await stage.mail_to(recruiter)) == before + 1


async def test_killing_each_service_in_mid_work_loses_and_repeats_nothing(stage: Stage) -> None:
    people = [
        Person(number, "Given", f"Family{number}", "Europe/Berlin", "DE", Attitude.EAGER)
        for number in range(120)
    ]
    posting = asyncio.create_task(reject(stage, *(runner_up(person, NURSE) for person in people)))
    for name in ("intake", "scheduler", "matcher", "notifier"):
        await asyncio.sleep(0.4)
        if name != "intake":
            stage.stack.processes[name][0].kill()
    await posting
    stage.stack.processes["intake"][0].kill()
    await stage.stack.ready(60)
    await stage.simulated_time.wait_until_idle()
    letters = asyncio.create_task(
        stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=4))
    )
    await asyncio.sleep(2)
    stage.stack.processes["scheduler"][0].kill()
    await letters
    addresses = sorted(person.email for person in people)
    received = [m["to"] for m in await stage.sink.everything()]
    assert sorted(address for address in received if address in addresses) == addresses
