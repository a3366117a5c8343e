"""What is the same with every provider of text messages, shown with one that speaks JSON."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Response

from services.intake.consent.numbers import StoppedNumbers
from services.intake.sms.domain import InboundMessage, StatusReport
from services.intake.webhooks.sms import route
from services.intake.webhooks.sms.provider import (
    Call,
    SmsProvider,
    needed,
    normal_number,
    text_message,
)
from services.intake.webhooks.sms.twilio import Twilio
from services.intake.webhooks.sms.twilio_signature import signature
from shared.contract.events.responses import DeliveryOutcome
from tests.services.intake.conftest import PUBLIC_URL, TWILIO_TOKEN
from tests.services.intake.house import House
from tests.services.intake.upstream import IDENTITY

PHONE = "+4915112345678"
PASSWORD = {"x-password": "known to the gateway"}


class Gateway:
    """Calls one address for all, and sends nothing that it is answered."""

    def believes(self, call: Call) -> bool:
        return call.headers.get("x-password") == PASSWORD["x-password"]

    def read(self, call: Call) -> InboundMessage | StatusReport | None:
        said = json.loads(call.body)
        if "text" in said:
            phone = normal_number(needed(said, "from"), "from", "DE")
            return text_message("gateway", needed(said, "id"), phone, said["text"])
        if said["state"] != "opted out":
            return None
        opted_out = DeliveryOutcome.OPTED_OUT
        return StatusReport(said["ours"], said["candidate"], PHONE, opted_out, False)

    def answer(self, words: str | None) -> Response:
        return Response(words or "")


@dataclass
class Knocking:
    """Two providers, of which both are heard, and one that nothing is known to believe by."""

    house: House
    client: httpx.AsyncClient

    async def gateway(self, *, way: str = "inbound", **said: Any) -> httpx.Response:
        return await self.client.post(f"/v1/gateway/{way}", json=said, headers=PASSWORD)

    async def twilio(self, **form: str) -> httpx.Response:
        url = f"{PUBLIC_URL}/v1/twilio/inbound"
        signed = signature(TWILIO_TOKEN, url, form.items())
        return await self.client.post(url, data=form, headers={"X-Twilio-Signature": signed})

    async def stopped(self) -> dict[str, list[str]]:
        changed = await self.house.published("candidate.changed")
        return {event["key"]: event["data"].get("stopped", []) for event in changed}


@pytest.fixture
async def ada(house: House) -> AsyncIterator[Knocking]:
    await house.add_candidate("ada", phone=PHONE)
    await house.add_rejection("ada")
    await house.add_consent("ada", channel="sms")
    providers: dict[str, SmsProvider | None] = {
        "twilio": Twilio(TWILIO_TOKEN, "DE"),
        "gateway": Gateway(),
        "silent": None,
    }
    app = FastAPI()
    app.include_router(
        route.routes(
            house.database,
            house.clock,
            StoppedNumbers(IDENTITY),
            providers,
            public_url=PUBLIC_URL,
            employer="Hartmann",
        )
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        yield Knocking(house, client)


async def test_a_stop_is_heard_by_whichever_provider_it_comes(ada: Knocking) -> None:
    answer = await ada.gateway(id="1", **{"from": "0151 12345678"}, text="ST\0OP")
    assert answer.status_code == 200
    assert await ada.stopped() == {"ada": ["sms"]}


async def test_an_id_is_its_providers_own(ada: Knocking) -> None:
    await ada.twilio(MessageSid="1", From=PHONE, Body="STOP")
    for _ in range(2):
        await ada.gateway(id="1", **{"from": PHONE}, text="START")
    kinds = [row["kind"] for row in await ada.house.rows("select kind from timeline order by id")]
    assert kinds == ["sms_stopped", "sms_started"]


async def test_help_is_answered_as_the_provider_answers(ada: Knocking) -> None:
    answer = await ada.gateway(id="1", **{"from": PHONE}, text="HELP")
    assert answer.text.startswith("Hartmann: we text you about")


async def test_a_report_is_taken_at_either_address(ada: Knocking) -> None:
    for way in ("inbound", "status"):
        told = await ada.gateway(way=way, state="opted out", ours="m-1", candidate="ada")
        assert told.status_code == 204
    (reported,) = await ada.house.published("delivery.reported")
    assert reported["data"]["outcome"] == "opted_out"
    assert await ada.stopped() == {"ada": ["sms"]}


@pytest.mark.parametrize("said", [{"id": ""}, {"from": "12"}, {"from": ""}])
async def test_what_a_provider_says_unreadably_is_refused_and_changes_nothing(
    ada: Knocking, said: dict[str, str]
) -> None:
    before = await ada.house.dump()
    answer = await ada.gateway(**({"id": "1", "from": PHONE, "text": "STOP"} | said))
    assert answer.status_code == 400
    assert next(iter(said)) in answer.text
    assert await ada.house.dump() == before


@pytest.mark.parametrize("way", ["inbound", "status"])
async def test_a_provider_that_is_not_configured_is_believed_nothing(
    ada: Knocking, way: str
) -> None:
    before = await ada.house.dump()
    for name, headers in (("silent", PASSWORD), ("gateway", {})):
        said = {"id": "1", "from": PHONE, "text": "STOP"}
        answer = await ada.client.post(f"/v1/{name}/{way}", json=said, headers=headers)
        assert answer.status_code == 403
    assert await ada.house.dump() == before
