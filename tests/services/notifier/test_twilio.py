from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.notifier.channels import Parcel
from services.notifier.channels.http_sms import Account
from services.notifier.channels.twilio import Twilio
from services.notifier.domain import Because, Refusal, Rendered, SendResult, SendStatus
from tests.services.notifier.smsserver import DROP, DROP_UNREAD, HANG, SmsServer, sms_server

WORDS = Rendered("", "Hello Ada", None, "letter.sms.1", sms_text="Hello Ada — ✓")
PARCEL = Parcel("m1", "c1", "Ada", "+491700000001", WORDS, datetime(2026, 3, 2, 9, tzinfo=UTC))


@asynccontextmanager
async def speaking(
    server: SmsServer, sender: str = "+15005550006", timeout_seconds: float = 10
) -> AsyncIterator[Twilio]:
    account = Account("AC1", "secret", sender, "https://jobs.example/", server.url)
    twilio = Twilio(account, timeout_seconds=timeout_seconds)
    try:
        yield twilio
    finally:
        await twilio.close()


async def agreed() -> Refusal | None:
    return None


async def test_a_message_is_asked_for_once_with_a_callback_that_names_it() -> None:
    async with sms_server() as server, speaking(server) as twilio:
        assert await twilio.deliver(PARCEL, agreed) == SendResult(SendStatus.SENT)
    request = server.requests[0]
    assert request.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert request.authorization == httpx.BasicAuth("AC1", "secret")._auth_header
    assert request.form["To"] == "+491700000001"
    assert request.form["From"] == "+15005550006"
    assert request.form["Body"] == "Hello Ada — ✓"
    callback = urlsplit(request.form["StatusCallback"])
    assert f"{callback.scheme}://{callback.netloc}{callback.path}" == (
        "https://jobs.example/v1/twilio/status"
    )
    assert parse_qs(callback.query) == {"message": ["m1"], "candidate": ["c1"]}


async def test_a_messaging_service_is_named_as_one() -> None:
    async with sms_server() as server, speaking(server, "MG123") as twilio:
        await twilio.deliver(PARCEL, agreed)
    assert server.requests[0].form["MessagingServiceSid"] == "MG123"
    assert "From" not in server.requests[0].form


async def test_the_attempt_is_committed_before_the_request() -> None:
    seen: list[int] = []
    async with sms_server() as server, speaking(server) as twilio:

        async def commit() -> Refusal | None:
            seen.append(len(server.requests))
            return None

        await twilio.deliver(PARCEL, commit)
    assert seen == [0]


async def test_a_refused_attempt_sends_no_request() -> None:
    refusal = Refusal(Because.NO_CONSENT, for_good=True)

    async def refused() -> Refusal | None:
        return refusal

    async with sms_server() as server, speaking(server) as twilio:
        assert await twilio.deliver(PARCEL, refused) is refusal
    assert server.requests == []


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (DROP, SendResult(SendStatus.UNCERTAIN, "lost_after_request")),
        (DROP_UNREAD, SendResult(SendStatus.UNCERTAIN, "lost_after_request")),
        (HANG, SendResult(SendStatus.UNCERTAIN, "lost_after_request")),
        ((429, 20429), SendResult(SendStatus.DEFERRED, "http_429")),
        ((503, 0), SendResult(SendStatus.DEFERRED, "http_503")),
        ((500, 20500), SendResult(SendStatus.UNCERTAIN, "http_500")),
        ((502, None), SendResult(SendStatus.UNCERTAIN, "http_502")),
        ((401, 20003), SendResult(SendStatus.AWAY, "http_401")),
        ((403, 20005), SendResult(SendStatus.AWAY, "http_403")),
        ((400, 21610), SendResult(SendStatus.FAILED, "opted_out", "opted_out")),
        ((400, 21211), SendResult(SendStatus.FAILED, "twilio_21211", "dead")),
        ((400, 21614), SendResult(SendStatus.FAILED, "twilio_21614", "dead")),
        ((400, 21408), SendResult(SendStatus.FAILED, "twilio_21408")),
        ((400, None), SendResult(SendStatus.FAILED, "twilio_400")),
    ],
)
async def test_each_answer_and_each_loss_has_its_outcome(
    fault: str | tuple[int, int | None], outcome: SendResult
) -> None:
    patience = 0.4 if fault == HANG else 10
    async with sms_server() as server, speaking(server, timeout_seconds=patience) as twilio:
        server.faults.append(fault)
        assert await twilio.deliver(PARCEL, agreed) == outcome


async def test_where_nothing_listens_no_message_was_tried() -> None:
    async with sms_server() as server:
        pass
    async with speaking(server) as twilio:
        assert await twilio.deliver(PARCEL, agreed) == SendResult(SendStatus.AWAY, "unreachable")
