"""A process dies exactly where the order of two steps decides; the effects are there once."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from deploy.local.demo import personas
from deploy.local.demo.personas import Application, Attitude, Person
from deploy.local.demo.recipients import answer_consent_question, link_in
from shared.contract.topics import ServiceName
from tests.journeys.conftest import Stage, running
from tests.scratch import scratch

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.needs_eviction,
    pytest.mark.campaign,
]

PEOPLE = 6
DYING: tuple[ServiceName, ...] = ("intake", "scheduler", "notifier")
"""The services by which each letter passes."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    env = {"NOTYET_SMTP_ANSWER_SECONDS": "2", "NOTYET_LEASE_SECONDS": "6"}
    with scratch("crash") as directory:
        async with running(directory, env=env) as opened:
            yield opened


@pytest.mark.parametrize("seam", ["committed before known", "published before delete"])
async def test_a_crash_of_each_service_between_two_steps_loses_and_repeats_nothing(
    stage: Stage, seam: str
) -> None:
    people = _people()
    await asyncio.gather(*(_dying_at(stage, service, seam) for service in DYING))
    await _turn_down(stage, people)
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=4))
    assert [service for service in DYING if not _crashed(stage, service)] == []
    ends = await _ends(stage, people)
    # Of what is on the wire while the notifier dies nobody can know whether it has arrived.
    assert ends["sent"] + ends["uncertain"] == PEOPLE
    assert ends["sent"] >= 1
    assert await _arrived(stage, people) == {person.email: 1 for person in people}


@pytest.mark.parametrize("seam", ["attempted before body", "answered before settled"])
async def test_a_crash_around_the_body_leaves_a_message_in_doubt_and_never_sends_it_again(
    stage: Stage, seam: str
) -> None:
    people = _people()
    await _dying_at(stage, "notifier", seam)
    await _turn_down(stage, people)
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=4))
    assert _crashed(stage, "notifier")
    ends = await _ends(stage, people)
    assert ends["uncertain"] >= 1
    assert ends["sent"] + ends["uncertain"] == PEOPLE
    arrived = await _arrived(stage, people)
    assert max(arrived.values(), default=0) <= 1
    assert ends["sent"] <= arrived.total() <= PEOPLE - (seam == "attempted before body")


async def test_a_crash_around_a_request_to_the_provider_sends_no_text_message_twice(
    stage: Stage,
) -> None:
    people = _people(by_sms=True)
    await _dying_at(stage, "notifier", "attempted before request")
    await _turn_down(stage, people)
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=4))
    assert _crashed(stage, "notifier")
    ends = await _ends(stage, people)
    assert ends["uncertain"] >= 1
    assert ends["sent"] + ends["uncertain"] == PEOPLE
    assert max((await _arrived(stage, people)).values(), default=0) <= 1


async def test_a_crash_after_a_search_lists_and_tells_once(stage: Stage) -> None:
    opening, people = personas.SENIOR_ENGINEER, _people()
    await _turn_down(stage, people)
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=4))
    for person in people:
        (letter,) = await stage.mail_to(person.email)
        assert await answer_consent_question(stage.http, link_in(letter, "c") or "", person)
    await stage.simulated_time.wait_until_idle()
    await _dying_at(stage, "matcher", "searched before recorded")
    answer = await stage.post("/v1/vacancies", opening.as_vacancy())
    assert answer.status_code == 202, answer.text
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=3))
    assert _crashed(stage, "matcher")
    assert len(await stage.mail_to(opening.recruiter_email)) == 1


def _people(*, by_sms: bool = False) -> list[Person]:
    """Makes people nobody has heard of before."""
    return [
        Person(
            number,
            "Given",
            f"Family{number}",
            "Europe/Berlin",
            "DE",
            Attitude.EAGER,
            phone=f"+436601{secrets.randbelow(10**6):06d}" if by_sms else None,
            by_sms=by_sms,
        )
        for number in (secrets.randbelow(10**9) for _ in range(PEOPLE))
    ]


async def _dying_at(stage: Stage, service: ServiceName, seam: str) -> None:
    """Starts the service's process anew, so that it dies there; the one after it does not."""
    (member,) = stage.stack.processes[service]
    await member.stop()
    member.child.env["NOTYET_CRASH_AT"] = seam
    member.restarts = 0
    member.start()
    del member.child.env["NOTYET_CRASH_AT"]


def _crashed(stage: Stage, service: ServiceName) -> bool:
    (member,) = stage.stack.processes[service]
    return member.restarts > 0


async def _turn_down(stage: Stage, people: list[Person]) -> None:
    for person in people:
        application = Application(person, personas.ENGINEER, "runner_up", place=2, months=60)
        body = personas.rejection(application, stage.simulated_time.now())
        if person.by_sms:
            body["applicant"]["emails"] = []
        while (answer := await _posted(stage, body)) != 202:
            assert answer in (None, 503)
            await asyncio.sleep(0.2)


async def _posted(stage: Stage, body: dict[str, object]) -> int | None:
    """Posts once; None while intake, which may have died of it, is not there."""
    try:
        return (await stage.post("/v1/rejections", body)).status_code
    except httpx.TransportError:
        return None


async def _ends(stage: Stage, people: list[Person]) -> Counter[str]:
    """Counts how these people's messages ended, and that each has one."""
    applications = [f"{person.applicant_id}-{personas.ENGINEER.vacancy_id}" for person in people]
    rows = await stage.conn.fetch(
        "select state from notifier.messages where application_id = any($1::text[])", applications
    )
    return Counter(row["state"] for row in rows)


async def _arrived(stage: Stage, people: list[Person]) -> Counter[str]:
    addresses = {address for person in people for address in (person.email, person.phone)}
    return Counter(m["to"] for m in await stage.sink.everything() if m["to"] in addresses)
