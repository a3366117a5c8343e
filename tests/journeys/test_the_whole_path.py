import asyncio
from datetime import timedelta
from typing import Any

from deploy.local.demo import cast
from deploy.local.demo.audience import answer_hat, decide, link_in, press
from deploy.local.demo.cast import NURSE, SENIOR_ENGINEER, Part, Person, Temper
from shared.events.applications import ApplicantErased, ApplicantHired, ApplicantUnrejected
from shared.events.cloudevents import Event
from shared.topics import APPLICATIONS
from tests.journeys.conftest import Stage

ADA = Person(1, "Ada", "Moreno", "Europe/Vienna", "AT", Temper.EAGER)
BEN = Person(2, "Ben", "Adler", "America/New_York", "US", Temper.EAGER)
CLEO = Person(3, "Cleo", "Marsh", "Europe/Berlin", "DE", Temper.EAGER)


def runner_up(person: Person, opening: cast.Opening = cast.ENGINEER) -> Part:
    return Part(person, opening, "runner_up", place=2, months=opening.months_needed + 24)


async def reject(stage: Stage, *parts: Part) -> None:
    now = stage.passage.now()
    for part in parts:
        answer = await stage.post("/v1/rejections", cast.rejection(part, now))
        assert answer.status_code == 202, answer.text


async def say_yes(stage: Stage, person: Person) -> None:
    (letter,) = await stage.mail_to(person.email)
    assert await answer_hat(stage.http, link_in(letter, "c") or "", person)


async def test_a_rejection_becomes_a_letter_a_yes_a_shortlist_and_an_invitation(
    stage: Stage,
) -> None:
    await reject(stage, runner_up(ADA))
    await stage.passage.until(stage.passage.now() + timedelta(days=5))
    await say_yes(stage, ADA)

    opened = await stage.post("/v1/vacancies", SENIOR_ENGINEER.as_vacancy())
    assert opened.status_code == 202, opened.text
    await stage.passage.until(stage.passage.now() + timedelta(hours=2))
    (shortlist,) = await stage.mail_to(SENIOR_ENGINEER.recruiter_email)
    assert ADA.family not in shortlist["text"] + shortlist["html"]
    url = link_in(shortlist, "s") or ""
    assert ADA.family in (await stage.http.get(url)).text
    assert await decide(stage.http, url, approve=1) == (1, 0)

    await stage.passage.until(stage.passage.now() + timedelta(days=4))
    _, invitation = await stage.mail_to(ADA.email)
    assert SENIOR_ENGINEER.title in invitation["text"]
    assert await press(stage.http, link_in(invitation, "c") or "", "interested")


async def test_who_was_taken_back_hired_or_erased_before_the_letter_hears_nothing(
    stage: Stage,
) -> None:
    parts = [runner_up(person) for person in (ADA, BEN, CLEO)]
    await reject(stage, *parts)
    await stage.passage.quiet()
    now = stage.passage.now()
    ids = [(part.person.applicant_id, part.application_id) for part in parts]
    (ada, ada_application), (ben, ben_application), (cleo, _) = ids
    for data in (
        ApplicantUnrejected(applicant_id=ada, application_id=ada_application, decided_at=now),
        ApplicantHired(applicant_id=ben, application_id=ben_application, decided_at=now),
        ApplicantErased(applicant_id=cleo),
    ):
        event = Event.about(data, source="intake", at=now)
        await stage.publish(APPLICATIONS, _from_upstream(event))
    await stage.passage.until(now + timedelta(days=14))
    assert await stage.sink.everything() == []


def _from_upstream(event: Event) -> Event:
    """The same source as the key's, so that the applicant ids are the same people."""
    return Event(event.id, "/upstream", event.type, event.key, event.time, event.data)


async def test_opening_every_link_with_get_and_head_changes_nothing(stage: Stage) -> None:
    await reject(stage, runner_up(ADA))
    await stage.passage.until(stage.passage.now() + timedelta(days=5))
    before = await _record(stage)
    (letter,) = await stage.mail_to(ADA.email)
    headers = dict(letter["headers"])
    one_click = headers["List-Unsubscribe"].strip("<>")
    for url in (link_in(letter, "c") or "", one_click):
        assert (await stage.http.get(url)).status_code == 200
        await stage.http.head(url)
    await stage.passage.quiet()
    assert await _record(stage) == before


async def test_one_click_unsubscribe_ends_what_was_agreed(stage: Stage) -> None:
    await reject(stage, runner_up(ADA))
    await stage.passage.until(stage.passage.now() + timedelta(days=5))
    await say_yes(stage, ADA)
    (letter,) = await stage.mail_to(ADA.email)
    one_click = dict(letter["headers"])["List-Unsubscribe"].strip("<>")
    answer = await stage.http.post(one_click, data={"List-Unsubscribe": "One-Click"})
    assert answer.is_success
    await stage.post("/v1/vacancies", SENIOR_ENGINEER.as_vacancy())
    await stage.passage.until(stage.passage.now() + timedelta(days=400))
    assert len(await stage.mail_to(ADA.email)) == 1


async def test_killing_each_service_in_mid_work_loses_and_repeats_nothing(stage: Stage) -> None:
    people = [
        Person(number, "Given", f"Family{number}", "Europe/Berlin", "DE", Temper.EAGER)
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
    await stage.passage.quiet()
    letters = asyncio.create_task(stage.passage.until(stage.passage.now() + timedelta(days=4)))
    await asyncio.sleep(2)
    stage.stack.processes["scheduler"][0].kill()
    await letters
    received: list[dict[str, Any]] = await stage.sink.everything()
    assert sorted(m["to"] for m in received) == sorted(person.email for person in people)


async def _record(stage: Stage) -> list[Any]:
    tables = ("candidates", "consents", "channel_stops", "timeline", "applications")
    return [
        [tuple(row) for row in await stage.conn.fetch(f"select * from intake.{table}")]
        for table in tables
    ]


async def test_a_page_offers_nothing_for_a_link_that_was_tampered_with(stage: Stage) -> None:
    url = f"{stage.stack.intake_url}/c/forged.token"
    assert (await stage.http.get(url)).status_code == 404
    assert (await stage.http.post(url, data={"do": "stop"})).status_code == 404
