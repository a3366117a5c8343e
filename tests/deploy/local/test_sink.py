import asyncio
import smtplib
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.local.ports import free_port
from deploy.local.sink.__main__ import build
from deploy.local.sink.mailbox import Mailbox, Received
from deploy.local.sink.parsing import parse
from services.intake.webhooks.sms.twilio_signature import is_genuine
from shared.runtime.clock import ManualClock

SMS = {"To": "+4915112345678", "From": "+15005550006", "Body": "Hello. Reply STOP to end."}
SEND = "/2010-04-01/Accounts/AC1/Messages.json"
TWILIO = ("AC1", "token")


class Sink:
    def __init__(self, path: Path, clock: ManualClock) -> None:
        self.smtp_port = free_port()
        self.heard: list[dict[str, str]] = []
        """What it called back with."""
        intake = Starlette(routes=[Route("/status", self.hear, methods=["POST"])])
        reports = httpx.AsyncClient(transport=httpx.ASGITransport(intake))
        self.app = build(Mailbox(path, clock), self.smtp_port, reports)
        transport = httpx.ASGITransport(self.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://sink")

    async def hear(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        signed = request.headers["X-Twilio-Signature"]
        assert is_genuine(signed, "token", str(request.url), form.items())
        self.heard.append(form)
        return Response(status_code=204)

    async def mail(self, html: str = "<p>Dear Zoë</p>") -> None:
        mail = EmailMessage()
        mail["From"], mail["To"] = "Careers <careers@example.com>", "zoe@example.org"
        mail["Subject"] = "Für dich"
        mail.set_content("Dear Zoë")
        mail.add_alternative(html, subtype="html")
        await asyncio.to_thread(self._send, mail)

    def _send(self, mail: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as client:
            client.send_message(mail)

    async def messages(self, after: int = 0) -> list[dict[str, object]]:
        answer = await self.http.get("/api/messages", params={"after": after})
        return list(answer.json())


@pytest.fixture
async def sink(tmp_path: Path, clock: ManualClock) -> AsyncIterator[Sink]:
    made = Sink(tmp_path / "sink.jsonl", clock)
    async with made.app.router.lifespan_context(made.app), made.http:
        yield made


async def test_a_mail_is_told_as_its_reader_sees_it(sink: Sink, clock: ManualClock) -> None:
    clock.move(timedelta(days=400))
    await sink.mail()
    (message,) = await sink.messages()
    assert (message["to"], message["subject"]) == ("zoe@example.org", "Für dich")
    assert message["text"] == "Dear Zoë\n"
    assert message["html"] == "<p>Dear Zoë</p>\n"
    assert message["received_at"] == clock.now().isoformat()
    assert await sink.messages(after=1) == []


async def test_a_list_renews_itself_while_it_is_empty_and_then_only_when_asked_to(
    sink: Sink,
) -> None:
    renewing = 'http-equiv="refresh"'
    assert renewing in (await sink.http.get("/")).text
    await sink.mail()
    assert renewing not in (await sink.http.get("/")).text
    assert renewing in (await sink.http.get("/?renew")).text
    assert renewing not in (await sink.http.get("/messages/1?renew")).text


async def test_what_a_mail_brings_along_can_neither_run_nor_load(sink: Sink) -> None:
    await sink.mail("<head></head><script>alert(1)</script>")
    shown = await sink.http.get("/messages/1/html")
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    page = await sink.http.get("/messages/1?q=<script>")
    assert "<script" not in page.text


async def test_an_sms_is_taken_as_twilio_takes_it(sink: Sink) -> None:
    answer = await sink.http.post(SEND, data=SMS, auth=TWILIO)
    assert answer.status_code == 201
    assert answer.json()["status"] == "queued"
    (message,) = await sink.messages()
    assert (message["channel"], message["to"], message["text"]) == ("sms", SMS["To"], SMS["Body"])
    assert "Reply STOP" in (await sink.http.get("/messages/1")).text


@pytest.mark.parametrize(("form", "code"), [({**SMS, "To": ""}, 21604), ({"To": "+1"}, 21603)])
async def test_an_incomplete_sms_is_refused_with_twilios_code(
    sink: Sink, form: dict[str, str], code: int
) -> None:
    answer = await sink.http.post(SEND, data=form, auth=TWILIO)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert (await sink.http.post(SEND, data=SMS)).status_code == 401
    assert await sink.messages() == []


async def test_each_step_of_an_sms_is_called_back_under_a_signature(sink: Sink) -> None:
    await sink.http.post(
        SEND, data={**SMS, "StatusCallback": "http://in/status?message=7"}, auth=TWILIO
    )
    assert [form["MessageStatus"] for form in sink.heard] == ["sent", "delivered"]


@pytest.mark.parametrize(
    "callback",
    [
        "http://127.0.0.1:1/\x01 x",
        "http://xn--\u00e9.example/",
        "http://a..b/",
        "http://[::1",
        "http://127.0.0.1:-1/",
        "http://in/\ud800",
        "no URL",
    ],
)
async def test_a_callback_that_is_no_url_is_lost_and_its_sms_is_taken(
    sink: Sink, callback: str
) -> None:
    form = urlencode({**SMS, "StatusCallback": callback}, errors="surrogatepass")
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await sink.http.post(SEND, content=form, headers=kind, auth=TWILIO)
    assert answer.status_code == 201
    assert len(await sink.messages()) == 1


async def test_an_sms_may_name_a_messaging_service_in_the_place_of_a_number(sink: Sink) -> None:
    form = {"To": SMS["To"], "Body": SMS["Body"], "MessagingServiceSid": "MG1"}
    answer = await sink.http.post(SEND, data=form, auth=TWILIO)
    assert (answer.status_code, answer.json()["from"]) == (201, "MG1")
    await sink.http.post(SEND, data={**SMS, **form}, auth=TWILIO)
    assert [message["from"] for message in await sink.messages()] == ["MG1", SMS["From"]]


async def test_a_file_is_no_text_of_an_sms(sink: Sink) -> None:
    form = {"To": SMS["To"], "From": SMS["From"]}
    files = {"Body": ("a.txt", b"Hello.")}
    answer = await sink.http.post(SEND, data=form, files=files, auth=TWILIO)
    assert (answer.status_code, answer.json()["code"]) == (400, 21602)
    assert await sink.messages() == []


def test_a_line_that_a_crash_left_unfinished_is_dropped_and_the_rest_stays(
    tmp_path: Path, clock: ManualClock
) -> None:
    path = tmp_path / "sink.jsonl"
    mailbox = Mailbox(path, clock)
    for number in range(3):
        mailbox.keep("sms", "+1", "+2", f"message {number}")
    path.write_bytes(path.read_bytes()[:-7])
    again = Mailbox(path, clock)
    assert [each.raw for each in again.after()] == ["message 0", "message 1"]
    again.keep("sms", "+1", "+2", "message 3")
    assert [each.id for each in Mailbox(path, clock).after()] == [1, 2, 3]


@given(st.binary(max_size=300))
def test_no_mail_is_too_broken_to_be_listed(tail: bytes) -> None:
    raw = b"Subject: =?utf-8?q?x\r\nContent-Type: multipart/mixed; boundary=b\r\n" + tail
    text = raw.decode(errors="surrogateescape")
    parse(Received(1, "email", "a@example.com", "b@example.com", text, "", ""))


def test_what_came_is_for_its_owner_alone(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "sink.jsonl"
    Mailbox(path, clock)
    assert path.stat().st_mode & 0o077 == 0
