"""A hiring system calls with what happens in it, and reads in its own record what became of it."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.local.demo.personas import Attitude, Person
from deploy.local.demo.recipients import decide, link_in, press
from services.intake.outgoing import store as outgoing
from services.intake.sources import store as sources
from shared.runtime.sealing import Seal
from tests.journeys.acts import say_yes
from tests.journeys.conftest import DESK, Stage, connect_source, record_of
from tests.services.intake.deliveries.stand_in import StandIn, page, standing_in
from tests.services.intake.webhooks.greenhouse import (
    a_candidate,
    a_job,
    a_rejection,
    hook,
    signed,
    written,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")

CAREERS = "careers-that-call"
CANDIDATE, USER = 88001, 31
INA = Person(CANDIDATE, "Ina", "Castellan", None, None, Attitude.EAGER)
TITLE = "Harbour Logistics Planner"
WORDS = {
    "stages": {"Onsite": "final"},
    "reasons": {"Another was stronger": "other_candidate_stronger"},
}


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def greenhouse(stage: Stage) -> AsyncIterator[StandIn]:
    """The API of the account that calls, which takes notes."""
    async with standing_in() as api:
        api.says("/token", page({"access_token": "opens", "expires_in": 3600}))
        api.says("/notes", page({"id": 1}))
        await connect_source(stage.stack, "greenhouse", CAREERS, WORDS)
        seal = Seal([stage.stack.keys.quarantine_keys["intake"]])
        async with record_of(stage.stack) as conn, conn.transaction():
            await sources.set_token(conn, CAREERS, f"client secret {USER}", api.url, seal)
            await outgoing.write_notes(conn, CAREERS, stage.simulated_time.now())
        yield api


async def call(stage: Stage, body: Any, event_id: str) -> None:
    """Calls twice, as a system does that has not heard the answer."""
    url, raw = f"{stage.stack.intake_url}/v1/webhooks/{CAREERS}", written(body)
    for _ in range(2):
        answer = await stage.http.post(url, content=raw, headers=signed(raw, event_id=event_id))
        assert answer.status_code == httpx.codes.OK, answer.text
    await stage.simulated_time.wait_until_idle()


def turned_down(stage: Stage) -> dict[str, Any]:
    work = {"company_name": "Hafenwerk", "title": TITLE, "start_date": "02/01/2018"}
    return a_rejection(
        id=99001,
        rejected_at=stage.simulated_time.now().isoformat(),
        applied_at=stage.simulated_time.now().isoformat(),
        rejection_reason={"name": "Another was stronger", "type": {"name": "We rejected them"}},
        current_stage={"name": "Onsite"},
        candidate=a_candidate(
            id=CANDIDATE,
            first_name=INA.given,
            last_name=INA.family,
            email_addresses=[{"value": INA.email, "type": "personal"}],
            phone_numbers=[],
            employments=[work],
        ),
        jobs=[a_job(id=44001, name=TITLE)],
    )


async def test_it_calls_and_reads_in_its_own_notes_what_became_of_each(
    stage: Stage, greenhouse: StandIn
) -> None:
    time = stage.simulated_time
    await call(stage, turned_down(stage), "rejected")
    await time.advance_to(time.now() + timedelta(days=7))
    await say_yes(stage, INA)

    for action, status in (("job_created", "open"), ("job_updated", "closed")):
        await call(stage, hook(action, job=a_job(id=44002, name=TITLE, status=status)), status)
    await time.advance_to(time.now() + timedelta(hours=4))
    assert not [mail for mail in await stage.mail_to(DESK) if TITLE in mail["subject"]]
    await call(stage, hook("job_updated", job=a_job(id=44002, name=TITLE)), "open again")
    await time.advance_to(time.now() + timedelta(hours=4))
    [shortlist] = [mail for mail in await stage.mail_to(DESK) if TITLE in mail["subject"]]
    assert await decide(stage.http, link_in(shortlist, "s") or "", approve=1) == (1, 0)
    await time.advance_to(time.now() + timedelta(days=4))
    _, invitation = await stage.mail_to(INA.email)
    assert await press(stage.http, link_in(invitation, "c") or "", "interested")

    await greenhouse.until("/notes", 4)
    bodies = [json.loads(body) for body in greenhouse.bodies if b"candidate_id" in body]
    assert {body["candidate_id"] for body in bodies} == {CANDIDATE}
    assert [body["body"].partition(": ")[2] for body in bodies] == [
        "our letter about this decision has left.",
        "said that their name may stay in the hat.",
        "was invited to talk about a vacancy; the message has left.",
        "said that they would like to talk.",
    ]
