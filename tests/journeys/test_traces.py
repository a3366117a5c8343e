"""What a real OTLP receiver gets of all services' work names routes and topics, and nobody."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from deploy.local.demo.personas import SENIOR_ENGINEER, Attitude, Person
from deploy.local.demo.recipients import decide, link_in, press
from services.intake.webhooks.sms.twilio_signature import signature
from shared.contract.topics import APPLICATIONS
from tests.journeys.acts import reject, runner_up, say_yes
from tests.journeys.conftest import Stage
from tests.otlp import Received

pytestmark = pytest.mark.asyncio(loop_scope="package")

PHONE = "+4366012345678"
ADA = Person(701, "Canaryada", "Moreno", "Europe/Vienna", "AT", Attitude.EAGER, PHONE, by_sms=True)
WORDS = "canary words of a text message"
MOST_SHOWN = 50
OPENING = replace(SENIOR_ENGINEER, vacancy_id="traced", recruiter="Canaryjonas Weber")
TOLD_OF = {
    "GET /c/{token}",
    "POST /c/{token}",
    "GET /s/{token}",
    "POST /s/{token}",
    "GET /u/{token}",
    "POST /v1/rejections",
    "POST /v1/vacancies",
    "POST /v1/twilio/inbound",
    "POST /v1/twilio/status",
    "publish intake outbox",
    "publish scheduler outbox",
    "publish matcher outbox",
    "publish notifier outbox",
    "notyet.applications.v1 process",
    "notyet.recipients.v1 process",
    "notyet.contacts.v1 process",
    "notyet.matches.v1 process",
    "notyet.notifications.v1 process",
}
"""Some of all that happens here: a receiver that got nothing would hold no canary either."""


async def test_no_link_name_address_number_or_text_message_reaches_the_receiver_of_traces(
    stage: Stage, received: Received
) -> None:
    links = await journey(stage)
    await strangers(stage, links[0])
    await unreadable_record(stage)
    async with asyncio.timeout(20):
        while not received.names >= TOLD_OF:
            await asyncio.sleep(0.2)
    tokens = [urlsplit(link).path.rpartition("/")[2] for link in links]
    given = (ADA.given, ADA.family, ADA.email, ADA.applicant_id, PHONE, PHONE[1:], WORDS)
    spellings = [spelt for text in given for spelt in {text, text.lower(), quote(text)}]
    assert received.holding("canary", "Canary", OPENING.recruiter_email, stage.key) == set()
    assert received.holding(*tokens, *spellings) == set()
    assert {path for path, _ in received.requests} == {"/v1/traces"}


async def journey(stage: Stage) -> list[str]:
    """Lets a person and a recruiter go the whole way; returns all links that were sent."""
    await reject(stage, runner_up(ADA))
    await go_on(stage, timedelta(days=7))
    await say_yes(stage, ADA)
    vacancy = OPENING.as_vacancy()
    assert (await stage.post("/v1/vacancies", vacancy)).status_code == 202
    await go_on(stage, timedelta(hours=2))
    (shortlist,) = await stage.mail_to(OPENING.recruiter_email)
    shortlist_url = link_in(shortlist, "s") or ""
    approved, _ = await decide(stage.http, shortlist_url, approve=MOST_SHOWN)
    assert approved
    await go_on(stage, timedelta(days=4))
    (letter, *_) = await stage.mail_to(ADA.email)
    unsubscribe = dict(letter["headers"])["List-Unsubscribe"].strip("<>")
    await stage.http.get(unsubscribe)
    assert await stage.mail_to(PHONE), "no text message left"
    for words in (WORDS, "STOP", "START"):
        await text_message(stage, words)
    page = link_in(letter, "c") or ""
    await press(stage.http, page, "stop")
    return [page, shortlist_url, unsubscribe]


async def go_on(stage: Stage, time: timedelta) -> None:
    await stage.simulated_time.advance_to(stage.simulated_time.now() + time)


async def text_message(stage: Stage, words: str) -> None:
    """Sends a text message to us, as Twilio tells of it."""
    form = {
        "MessageSid": f"SM-{len(words)}-{words[:3]}",
        "From": PHONE,
        "To": "+15005550006",
        "Body": words,
    }
    url = f"{stage.stack.intake_url}/v1/twilio/inbound"
    signed = signature(stage.stack.keys.twilio_auth_token, url, form.items())
    answer = await stage.http.post(url, data=form, headers={"X-Twilio-Signature": signed})
    assert answer.is_success, answer.text
    report = {"MessageSid": "SM9", "MessageStatus": "delivered", "To": PHONE}
    await stage.http.post(f"{stage.stack.intake_url}/v1/twilio/status?message=m", data=report)


async def strangers(stage: Stage, link: str) -> None:
    """Asks for what is not there, in ways that put a canary wherever a caller can write one."""
    told: Any = {
        "traceparent": f"00-{'1' * 32}-{'2' * 16}-01",
        "tracestate": "them=canary",
        "baggage": "name=canary",
        "user-agent": "canary",
    }
    for path in ("/c/canary", "/canary", "/v1/canary", "/v1/rejections/canary"):
        await stage.http.get(f"{stage.stack.intake_url}{path}?name=canary", headers=told)
    await stage.http.get(f"{link}/canary?canary=1")
    for method in ("CANARY", "PUT"):
        await stage.http.request(method, link, headers={**told, "host": "canary.example:80"})
    async with httpx.AsyncClient() as another:
        await another.get(link, headers={"host": "canary"})


async def unreadable_record(stage: Stage) -> None:
    """Publishes what no service can read, under a person's address."""
    headers = [(name, b"canary") for name in ("ce_id", "correlation_id", "tracestate", "baggage")]
    key = ADA.email.encode()
    await stage.producer.send_and_wait(APPLICATIONS.name, b"canary", key=key, headers=headers)
    await stage.simulated_time.wait_until_idle()
