"""What must not happen does not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deploy.local.demo.personas import SENIOR_ENGINEER, Attitude, Person
from deploy.local.demo.recipients import link_in
from shared.contract.events.applications import ApplicantErased, ApplicantHired, ApplicantUnrejected
from shared.contract.events.cloudevents import Event
from shared.contract.topics import APPLICATIONS
from tests.journeys.acts import reject, runner_up, say_yes
from tests.journeys.conftest import Stage

pytestmark = pytest.mark.asyncio(loop_scope="package")

ADA = Person(301, "Ada", "Mistake", "Europe/Vienna", "AT", Attitude.EAGER)
BEN = Person(302, "Ben", "Mistake", "America/New_York", "US", Attitude.EAGER)
CLEO = Person(303, "Cleo", "Mistake", "Europe/Berlin", "DE", Attitude.EAGER)
DORA = Person(304, "Dora", "Mistake", "Europe/Berlin", "DE", Attitude.EAGER)
EMIL = Person(305, "Emil", "Mistake", "Europe/Prague", "CZ", Attitude.EAGER)


async def test_a_page_offers_nothing_for_a_link_that_was_tampered_with(stage: Stage) -> None:
    url = f"{stage.stack.intake_url}/c/forged.token"
    assert (await stage.http.get(url)).status_code == 404
    assert (await stage.http.post(url, data={"do": "stop"})).status_code == 404


async def test_who_was_taken_back_hired_or_erased_before_the_letter_hears_nothing(
    stage: Stage,
) -> None:
    applications = [runner_up(person) for person in (ADA, BEN, CLEO)]
    await reject(stage, *applications)
    await stage.simulated_time.wait_until_idle()
    now = stage.simulated_time.now()
    ids = [
        (application.person.applicant_id, application.application_id)
        for application in applications
    ]
    (ada, ada_application), (ben, ben_application), (cleo, _) = ids
    for data in (
        ApplicantUnrejected(applicant_id=ada, application_id=ada_application, decided_at=now),
        ApplicantHired(applicant_id=ben, application_id=ben_application, decided_at=now),
        ApplicantErased(applicant_id=cleo),
    ):
        event = Event.about(data, source="intake", at=now)
        await stage.publish(APPLICATIONS, _from_upstream(event))
    await stage.simulated_time.advance_to(now + timedelta(days=14))
    assert [await stage.mail_to(person.email) for person in (ADA, BEN, CLEO)] == [[], [], []]


def _from_upstream(event: Event) -> Event:
    """The same source as the key's, so that the applicant ids are the same people."""
    return Event(event.id, "/upstream", event.type, event.key, event.time, event.data)


async def test_opening_every_link_with_get_and_head_changes_nothing(stage: Stage) -> None:
    await reject(stage, runner_up(DORA))
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=5))
    before = await _record(stage)
    (letter,) = await stage.mail_to(DORA.email)
    headers = dict(letter["headers"])
    one_click = headers["List-Unsubscribe"].strip("<>")
    for url in (link_in(letter, "c") or "", one_click):
        assert (await stage.http.get(url)).status_code == 200
        await stage.http.head(url)
    await stage.simulated_time.wait_until_idle()
    assert await _record(stage) == before


async def test_one_click_unsubscribe_ends_what_was_agreed(stage: Stage) -> None:
    await reject(stage, runner_up(EMIL))
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=5))
    await say_yes(stage, EMIL)
    (letter,) = await stage.mail_to(EMIL.email)
    one_click = dict(letter["headers"])["List-Unsubscribe"].strip("<>")
    answer = await stage.http.post(one_click, data={"List-Unsubscribe": "One-Click"})
    assert answer.is_success
    opening = replace(SENIOR_ENGINEER, vacancy_id="by-mistake", recruiter="Mona Mistake")
    await stage.post("/v1/vacancies", opening.as_vacancy())
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=400))
    assert len(await stage.mail_to(EMIL.email)) == 1


async def _record(stage: Stage) -> list[Any]:
    tables = ("candidates", "consents", "channel_stops", "timeline", "applications")
    return [
        [tuple(row) for row in await stage.conn.fetch(f"select * from intake.{table}")]
        for table in tables
    ]
