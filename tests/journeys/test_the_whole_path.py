import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from deploy.local.demo import personas
from deploy.local.demo.personas import (
    ENGINEER,
    MANAGER,
    NURSE,
    SENIOR_ENGINEER,
    Application,
    Attitude,
    Opening,
    Person,
)
from deploy.local.demo.recipients import answer_consent_question, decide, link_in, press
from services.notifier.rendering.gsm7 import segments
from tests.journeys.acts import reject, runner_up, say_yes
from tests.journeys.conftest import Stage, commanded, next_monday
from tests.services.intake.deliveries.stand_in import Answer, StandIn, standing_in

pytestmark = pytest.mark.asyncio(loop_scope="package")

ADA = Person(1, "Ada", "Moreno", "Europe/Vienna", "AT", Attitude.EAGER)
BEA = Person(901, "Bea", "Tallis", "Europe/Vienna", "AT", Attitude.EAGER)
GRACE = Person(
    2, "Grace", "Adeyemi", "Europe/Vienna", "AT", Attitude.EAGER, "+436601000001", by_sms=True
)


@pytest_asyncio.fixture(scope="module", loop_scope="package", autouse=True)
async def upstream(stage: Stage) -> AsyncIterator[StandIn]:
    """The system that everybody here comes from, at an address that hears what becomes of them."""
    async with standing_in() as hook:
        hook.says("/hook", Answer(204))
        where = f"{hook.url}/hook"
        added = commanded(stage.stack, "intake", "webhooks", "add", where, "--source", "/upstream")
        yield hook
        commanded(stage.stack, "intake", "webhooks", "disable", added.split()[0])


async def test_a_rejection_becomes_a_letter_a_yes_a_shortlist_and_an_invitation(
    stage: Stage,
) -> None:
    await reject(stage, runner_up(ADA))
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=7))
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


async def test_the_system_they_come_from_hears_of_all_of_that_in_order(upstream: StandIn) -> None:
    def told_of_ada() -> list[dict[str, Any]]:
        told = [json.loads(body)["data"] for body in upstream.bodies]
        return [it for it in told if it["applicantId"] == ADA.applicant_id]

    async with asyncio.timeout(30):
        while len(told := told_of_ada()) < 4:
            await asyncio.sleep(0.05)
    assert [it["what"] for it in told] == ["letter_sent", "hat_yes", "invited", "interested"]
    assert {it["vacancyId"] for it in told[2:]} == {SENIOR_ENGINEER.vacancy_id}
    assert "Moreno" not in str(told)


async def test_a_yes_reaches_the_recruiter_whose_word_ends_it_also_once_the_vacancy_has_closed(
    stage: Stage,
) -> None:
    time, recruiter = stage.simulated_time, SENIOR_ENGINEER.recruiter_email
    _, news = await stage.until_mailed(recruiter, 2)
    assert ADA.family in news["subject"]
    assert SENIOR_ENGINEER.title in news["text"]
    url = link_in(news, "i") or ""
    page = await stage.http.get(url)
    assert ADA.email in page.text
    assert await press(stage.http, url, "talking")

    closed = await stage.post("/v1/vacancies", SENIOR_ENGINEER.as_vacancy() | {"event": "closed"})
    assert closed.status_code == 202, closed.text
    await time.advance_to(time.now() + timedelta(days=5))
    assert len(await stage.mail_to(ADA.email)) == 2, "a conversation is not called off by us"
    *_, question = await stage.mail_to(recruiter)
    assert "How did it end?" in question["subject"]
    assert await press(stage.http, link_in(question, "i") or "", "not_this_time")
    await time.advance_to(time.now() + timedelta(days=5))
    _, invitation, outcome = await stage.mail_to(ADA.email)
    assert "it has not worked out this time" in outcome["text"]
    assert "Your name is still in the hat" in outcome["text"]
    for message in (invitation, outcome):
        assert not await press(stage.http, link_in(message, "c") or "", "interested")
    await time.advance_to(time.now() + timedelta(days=60))
    assert len(await stage.mail_to(ADA.email)) == 3
    assert len(await stage.mail_to(recruiter)) == 3


async def test_whoever_finished_first_is_asked_first_and_the_next_when_they_say_not_now(
    stage: Stage,
) -> None:
    finishers = [
        Person(200 + place, f"Place{place}", "Finisher", "Europe/Berlin", "DE") for place in (2, 3)
    ]
    second, third = finishers
    vacancy = MANAGER.as_vacancy()
    assert (await stage.post("/v1/vacancies", vacancy)).status_code == 202
    for place, person in enumerate(finishers, 2):
        await reject(stage, Application(person, MANAGER, "runner_up", place=place, months=60))
    await stage.simulated_time.advance_to(next_monday(stage.simulated_time.now()))
    for event in ("closed", "reopened"):
        answer = await stage.post("/v1/vacancies", vacancy | {"event": event})
        assert answer.status_code == 202, answer.text
        await stage.simulated_time.wait_until_idle()
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(hours=2))

    shortlist = (await stage.mail_to(MANAGER.recruiter_email))[-1]
    url = link_in(shortlist, "s") or ""
    assert await decide(stage.http, url, approve=2) == (2, 0)
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(hours=8))
    _, asked = await stage.mail_to(second.email)
    assert "of those who came close you are the first we ask" in asked["text"]
    assert MANAGER.recruiter in asked["text"]
    assert MANAGER.recruiter_email in dict(asked["headers"])["Reply-To"]
    assert len(await stage.mail_to(third.email)) == 1
    page = (await stage.http.get(url)).text
    assert "Our message left on" in page
    assert "They are asked one at a time, and it is not their turn yet." in page

    assert await press(stage.http, link_in(asked, "c") or "", "not_now")
    await until_asked(stage, MANAGER, 2)
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=1))
    _, asked = await stage.mail_to(third.email)
    assert "we now turn to you" in asked["text"]


async def until_asked(stage: Stage, opening: Opening, people: int) -> None:
    async with asyncio.timeout(60):
        while people > await stage.conn.fetchval(
            "select count(asked_at) from intake.shortlist_decisions"
            " inner join intake.shortlists using (shortlist_id) where vacancy_id = $1",
            opening.vacancy_id,
        ):
            await asyncio.sleep(0.1)


async def test_an_approval_that_is_taken_back_sends_nothing_and_a_lost_link_comes_again(
    stage: Stage,
) -> None:
    opening = replace(SENIOR_ENGINEER, vacancy_id="another-engineer", recruiter="Lotte Lost")
    answer = await stage.post("/v1/vacancies", opening.as_vacancy())
    assert answer.status_code == 202, answer.text
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=4))
    before = len(await stage.mail_to(ADA.email))
    await stage.http.post(
        f"{stage.stack.intake_url}/lost-link", data={"address": opening.recruiter_email}
    )
    await stage.simulated_time.wait_until_idle()
    first, again = await stage.mail_to(opening.recruiter_email)
    url = link_in(again, "s") or ""
    assert url != link_in(first, "s")
    assert await press(stage.http, url, "approve")
    assert await press(stage.http, url, "take_back")
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=4))
    assert len(await stage.mail_to(ADA.email)) == before
    assert "The approval was taken back on" in (await stage.http.get(url)).text


async def test_the_short_link_of_a_text_message_opens_its_page_and_the_answer_is_heard(
    stage: Stage,
) -> None:
    said = personas.rejection(runner_up(GRACE), stage.simulated_time.now())
    said["applicant"]["emails"] = []
    answer = await stage.post("/v1/rejections", said)
    assert answer.status_code == 202, answer.text
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=5))
    (message,) = await stage.mail_to(GRACE.phone or "")
    assert segments(message["text"]) <= 2
    url = link_in(message, "c") or ""
    assert len(urlsplit(url).path) <= 30
    assert (await stage.http.get(f"{url}a")).status_code == 404
    assert await answer_consent_question(stage.http, url, GRACE)
    agreed = await stage.conn.fetch(
        "select distinct channel from intake.consents inner join intake.applicants using"
        " (applicant_key) where phone = $1",
        GRACE.phone,
    )
    assert [row["channel"] for row in agreed] == ["sms"]


STANDINGS = [
    ("Meets every requirement of this role", "meets every", "meet every"),
    ("Should have what was missing by now: assumed", "should have what", "should have what"),
    ("Will not meet every requirement of this role", "will not meet", "will not meet"),
]
"""What the page says of each person, and the mail of one and of several."""


async def test_a_recruiter_reads_in_the_mail_what_the_page_says_and_what_it_rests_on(
    stage: Stage,
) -> None:
    eva, finn = (
        Person(number, *name, "Europe/Vienna", "AT", Attitude.EAGER)
        for number, name in ((11, ("Eva", "Holm")), (12, ("Finn", "Ostrow")))
    )
    early = [Application(eva, ENGINEER, "not_yet", months=35)]
    early += [Application(finn, ENGINEER, "not_yet", months=6)]
    await reject(stage, *early)
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=5))
    await say_yes(stage, eva)
    await say_yes(stage, finn)
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=40))

    opening = replace(SENIOR_ENGINEER, vacancy_id="streaming-again", recruiter="Maya Berg")
    await stage.post("/v1/vacancies", opening.as_vacancy())
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=4))
    (mail,) = await stage.mail_to(opening.recruiter_email)
    page = (await stage.http.get(link_in(mail, "s") or "")).text
    assert "Just missed out on Data Engineer" in page
    assert "“Kafka”, “PostgreSQL” and “SQL”, in their list of skills in" in page
    for on_page, of_one, of_several in STANDINGS:
        people = page.count(on_page)
        assert people
        said = f"- One {of_one}" if people == 1 else f"- {people} {of_several}"
        assert said in mail["text"]


async def test_killing_each_service_in_mid_work_loses_and_repeats_nothing(stage: Stage) -> None:
    people = [
        Person(number, "Given", f"Family{number}", "Europe/Berlin", "DE", Attitude.EAGER)
        for number in range(1000, 1120)
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


async def test_what_was_missing_is_there_what_has_changed_is_heard_and_what_we_hold_is_theirs(
    stage: Stage,
) -> None:
    """A check that each promise of a message's page is kept by all four services together."""
    time = stage.simulated_time
    lacking = Application(BEA, NURSE, "not_yet", months=NURSE.months_needed - 4)
    await reject(stage, lacking)
    await time.advance_to(time.now() + timedelta(days=5))
    await say_yes(stage, BEA)
    await time.advance_to(time.now() + timedelta(days=150))
    _, ready = await stage.mail_to(BEA.email)
    page = link_in(ready, "c") or ""
    assert await press(stage.http, page, "has_it_now")
    assert await press(stage.http, page, "news", skill="Ultrasound", note="I work nights now.")
    await time.wait_until_idle()
    told = "select news::text from matcher.profiles where news::text like '%Ultrasound%'"
    assert await stage.conn.fetchval(told)
    assert "I work nights now." in commanded(stage.stack, "intake", "replies", "list")

    assert await press(stage.http, page, "record")
    await time.advance_to(time.now() + timedelta(minutes=10))
    *_, record = await stage.mail_to(BEA.email)
    mine = link_in(record, "d") or ""
    assert BEA.family not in (await stage.http.get(mine)).text
    assert BEA.family in (await stage.http.post(mine, data={"do": "show"})).text
    assert (await stage.http.post(mine, data={"do": "download"})).json()["people"]

    await stage.http.post(mine, data={"do": "address", "email": "bea@elsewhere.example"})
    await time.advance_to(time.now() + timedelta(minutes=10))
    (asked,) = await stage.mail_to("bea@elsewhere.example")
    await stage.http.post(link_in(asked, "v") or "", data={"do": "confirm"})
    await time.wait_until_idle()
    known = "select state -> 'emails' from notifier.recipients where state::text like '%Tallis%'"
    assert await stage.conn.fetchval(known) == '["bea@elsewhere.example"]'
