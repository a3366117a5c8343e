import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.notifier.channels import Parcel
from services.notifier.channels.mime import Composer
from services.notifier.channels.smtp import Server, Smtp
from services.notifier.domain import Because, Refusal, Rendered, SendResult, SendStatus
from tests.services.notifier.conftest import Certificate
from tests.services.notifier.mailserver import DROP, HANG, MailServer, mail_server

WORDS = Rendered("Your application", "Dear Ada,\n.\n.. and kind regards\n", None, "letter.en.1")
PARCEL = Parcel("m1", "c1", "Ada", "ada@example.com", WORDS, datetime(2026, 3, 2, 9, tzinfo=UTC))


class Committing:
    """Stands for the transaction that commits an attempt, and remembers what was known by then."""

    def __init__(self, server: MailServer, refusal: Refusal | None = None) -> None:
        self._server = server
        self._refusal = refusal
        self.after: list[list[str]] = []

    async def __call__(self) -> Refusal | None:
        self.after.append(list(self._server.steps))
        return self._refusal


@asynccontextmanager
async def speaking(server: MailServer, **settings: Any) -> AsyncIterator[Smtp]:
    told = {"tls": "none", "greets_as": "client.test", "envelope_seconds": 5, "answer_seconds": 1}
    smtp = Smtp(
        Server("127.0.0.1", server.port, **{**told, **settings}),
        "jobs@acme.example",
        Composer("Acme", "jobs@acme.example"),
    )
    try:
        yield smtp
    finally:
        await smtp.close()


async def delivered_with(
    fault_at: str, *faults: str
) -> tuple[SendResult | Refusal, MailServer, int]:
    async with mail_server() as server, speaking(server) as smtp:
        server.fail(fault_at, *faults)
        committing = Committing(server)
        outcome = await smtp.deliver(PARCEL, committing)
        return outcome, server, len(committing.after)


async def test_the_attempt_is_committed_after_the_envelope_is_taken_and_before_data() -> None:
    async with mail_server() as server, speaking(server) as smtp:
        committing = Committing(server)
        outcome = await smtp.deliver(PARCEL, committing)
    assert outcome == SendResult(SendStatus.SENT)
    assert committing.after == [["connect", "EHLO", "MAIL", "RCPT"]]
    assert server.recipients == ["ada@example.com"]
    assert b"\r\n=2E\r\n.. and kind regards" in (server.accepted[0].original_content or b"")


@pytest.mark.parametrize(
    ("step", "fault", "result", "because", "commits"),
    [
        ("connect", DROP, SendStatus.AWAY, "unreachable", 0),
        ("connect", "554 no service", SendStatus.AWAY, "connect_554", 0),
        ("connect", "421 too busy", SendStatus.AWAY, "connect_421", 0),
        ("EHLO", DROP, SendStatus.AWAY, "unreachable", 0),
        ("MAIL", DROP, SendStatus.DEFERRED, "lost_at_envelope", 0),
        ("MAIL", "421 closing", SendStatus.DEFERRED, "lost_at_envelope", 0),
        ("MAIL", "451 later", SendStatus.DEFERRED, "mail_451", 0),
        ("MAIL", "550 no", SendStatus.FAILED, "mail_550", 0),
        ("MAIL", "530 5.7.0 login first", SendStatus.AWAY, "login_wanted", 0),
        ("RCPT", DROP, SendStatus.DEFERRED, "lost_at_envelope", 0),
        ("RCPT", "450 4.2.0 greylisted", SendStatus.DEFERRED, "rcpt_450", 0),
        ("RCPT", "550 5.7.1 policy", SendStatus.FAILED, "rcpt_550", 0),
        ("RCPT", "nonsense", SendStatus.DEFERRED, "lost_at_envelope", 0),
        ("DATA", DROP, SendStatus.DEFERRED, "lost_at_data", 1),
        ("DATA", "451 later", SendStatus.DEFERRED, "data_451", 1),
        ("DATA", "554 no", SendStatus.FAILED, "data_554", 1),
        ("DATA", "250 what", SendStatus.DEFERRED, "data_250", 1),
        ("body", DROP, SendStatus.UNCERTAIN, "lost_after_body", 1),
        ("body", HANG, SendStatus.UNCERTAIN, "lost_after_body", 1),
        ("body", "nonsense", SendStatus.UNCERTAIN, "lost_after_body", 1),
        ("body", "354 more", SendStatus.UNCERTAIN, "body_354", 1),
        ("body", "452 full", SendStatus.DEFERRED, "body_452", 1),
        ("body", "554 spam", SendStatus.FAILED, "body_554", 1),
        ("answered", DROP, SendStatus.UNCERTAIN, "lost_after_body", 1),
    ],
)
async def test_each_loss_and_each_answer_is_judged_by_its_step(
    step: str, fault: str, result: SendStatus, because: str, commits: int
) -> None:
    outcome, server, committed = await delivered_with(step, fault)
    assert outcome == SendResult(result, because)
    assert committed == commits
    assert len(server.accepted) == (1 if step == "answered" else 0)


@pytest.mark.parametrize(
    ("answer", "dead"),
    [
        ("550 5.1.1 no such user ada@example.com", True),
        ("550 5.1.10 null MX", True),
        ("550 5.7.1 blocked", False),
        ("550 5.1.15 something else", False),
        ("550 #5.1.1 no such user", True),
        ("550 user unknown", True),
        ("550 5.0.0 user unknown", True),
        ("550 5.1.1 mailbox quota exceeded", False),
        ("550 sender verify failed: unknown user", False),
        ("550 No such user here", True),
        ("553 sorry, that recipient does not exist", True),
        ("550 mailbox unavailable", False),
        ("550 blocked: see our policy, user unknown to you", True),
        ("550 5.7.1 user unknown", False),
        ("554 user unknown", False),
        ("552 5.2.2 mailbox full", False),
        ("550 5.4.1 Recipient address rejected: Access denied", False),
    ],
)
async def test_an_address_is_dead_by_the_enhanced_code_or_without_one_by_the_words(
    answer: str, dead: bool
) -> None:
    outcome, _, _ = await delivered_with("RCPT", answer)
    assert isinstance(outcome, SendResult)
    assert (outcome.status, outcome.address_is) == (SendStatus.FAILED, "dead" if dead else None)
    assert "ada" not in outcome.because


async def test_a_refused_attempt_leaves_nothing_and_frees_the_connection() -> None:
    async with mail_server() as server, speaking(server) as smtp:
        refusal = Refusal(Because.NO_CONSENT, for_good=True)
        assert await smtp.deliver(PARCEL, Committing(server, refusal)) is refusal
        assert server.steps[-1] == "RSET"
        assert await smtp.deliver(PARCEL, Committing(server)) == SendResult(SendStatus.SENT)
    assert server.connections == 1
    assert len(server.accepted) == 1


async def test_connections_are_reused_and_never_more_than_allowed() -> None:
    async with mail_server() as server, speaking(server, connections=2) as smtp:
        parcels = [replace(PARCEL, message_id=f"m{n}") for n in range(20)]
        outcomes = await asyncio.gather(*(smtp.deliver(p, Committing(server)) for p in parcels))
    assert set(outcomes) == {SendResult(SendStatus.SENT)}
    assert server.connections == 2
    assert len(server.accepted) == 20


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
@pytest.mark.parametrize("fault", [DROP, "421 4.4.2 idle for too long"])
async def test_an_idle_connection_that_the_server_gave_up_is_replaced(
    step: str, fault: str
) -> None:
    async with mail_server() as server, speaking(server) as smtp:
        await smtp.deliver(PARCEL, Committing(server))
        server.fail(step, fault)
        committing = Committing(server)
        assert await smtp.deliver(PARCEL, committing) == SendResult(SendStatus.SENT)
    assert server.connections == 2
    assert len(committing.after) == 1


async def test_a_connection_lost_in_the_middle_of_a_body_is_never_used_again() -> None:
    async with mail_server() as server, speaking(server, answer_seconds=5) as smtp:
        server.fail("body", HANG)
        dispatcher = asyncio.create_task(smtp.deliver(PARCEL, Committing(server)))
        while "body" not in server.steps:
            await asyncio.sleep(0.01)
        dispatcher.cancel()
        await asyncio.gather(dispatcher, return_exceptions=True)
        assert await smtp.deliver(PARCEL, Committing(server)) == SendResult(SendStatus.SENT)
    assert "RSET" not in server.steps
    assert server.connections == 2


async def test_an_error_in_the_commit_leaves_nothing_with_the_server() -> None:
    async def broken() -> Refusal | None:
        raise ConnectionResetError("the database went away")

    async with mail_server() as server, speaking(server) as smtp:
        with pytest.raises(ConnectionResetError):
            await smtp.deliver(PARCEL, broken)
        assert await smtp.deliver(PARCEL, Committing(server)) == SendResult(SendStatus.SENT)
    assert len(server.accepted) == 1


async def test_a_tarpit_ends_within_the_time_for_the_envelope() -> None:
    async with mail_server() as server, speaking(server, envelope_seconds=0.3) as smtp:
        server.pauses["RCPT"] = 1
        outcome = await smtp.deliver(PARCEL, Committing(server))
    assert outcome == SendResult(SendStatus.DEFERRED, "lost_at_envelope")


async def test_nothing_listens() -> None:
    async with mail_server() as server:
        pass
    async with speaking(server) as smtp:
        outcome = await smtp.deliver(PARCEL, Committing(server))
    assert outcome == SendResult(SendStatus.AWAY, "unreachable")


async def test_an_address_that_cannot_be_written_fails_without_a_conversation() -> None:
    for address in (
        "no at sign",
        "a@b@c",
        "evil@x.example>\r\nRCPT TO:<b@c.example",
        "ä ö@x.example",
    ):
        async with mail_server() as server, speaking(server) as smtp:
            outcome = await smtp.deliver(replace(PARCEL, address=address), Committing(server))
        assert outcome == SendResult(SendStatus.FAILED, "bad_address")
        assert server.steps == []


async def test_an_address_outside_ascii_needs_a_server_that_offers_it() -> None:
    parcel = replace(PARCEL, address="jörg@bücher.example")
    async with mail_server() as server, speaking(server) as smtp:
        outcome = await smtp.deliver(parcel, Committing(server))
    assert outcome == SendResult(SendStatus.FAILED, "needs_smtputf8")
    async with mail_server(international=True) as server, speaking(server) as smtp:
        outcome = await smtp.deliver(parcel, Committing(server))
    assert outcome == SendResult(SendStatus.SENT)
    assert server.recipients == ["jörg@xn--bcher-kva.example"]
    assert server.accepted[0].smtp_utf8


async def test_a_domain_outside_ascii_goes_out_in_a_labels() -> None:
    async with mail_server() as server, speaking(server) as smtp:
        parcel = replace(PARCEL, address="ada@bücher.example")
        assert await smtp.deliver(parcel, Committing(server)) == SendResult(SendStatus.SENT)
    assert server.recipients == ["ada@xn--bcher-kva.example"]


async def test_starttls_is_used_before_anything_is_said(certificate: Certificate) -> None:
    async with (
        mail_server(certificate=certificate.server) as server,
        speaking(server, tls="starttls", trust=certificate.trusting) as smtp,
    ):
        assert await smtp.deliver(PARCEL, Committing(server)) == SendResult(SendStatus.SENT)
    assert server.steps.index("STARTTLS") < server.steps.index("MAIL")


async def test_without_starttls_nothing_is_said_in_clear_text() -> None:
    async with mail_server() as server, speaking(server, tls="starttls") as smtp:
        outcome = await smtp.deliver(PARCEL, Committing(server))
    assert outcome == SendResult(SendStatus.AWAY, "tls_or_login_missing")
    assert "MAIL" not in server.steps


async def test_a_certificate_of_somebody_else_is_not_believed(certificate: Certificate) -> None:
    async with (
        mail_server(certificate=certificate.server) as server,
        speaking(server, tls="starttls", trust=ssl.create_default_context()) as smtp,
    ):
        outcome = await smtp.deliver(PARCEL, Committing(server))
    assert outcome == SendResult(SendStatus.AWAY, "tls_failed")
    assert "MAIL" not in server.steps


async def test_implicit_tls(certificate: Certificate) -> None:
    async with (
        mail_server(certificate=certificate.server, implicit=True) as server,
        speaking(server, tls="implicit", trust=certificate.trusting) as smtp,
    ):
        assert await smtp.deliver(PARCEL, Committing(server)) == SendResult(SendStatus.SENT)


@pytest.mark.parametrize(
    ("password", "outcome"),
    [
        ("right", SendResult(SendStatus.SENT)),
        ("wrong", SendResult(SendStatus.AWAY, "login_refused")),
    ],
)
async def test_a_refused_login_is_no_messages_fault(
    certificate: Certificate, password: str, outcome: SendResult
) -> None:
    async with (
        mail_server(certificate=certificate.server, login=("ours", "right")) as server,
        speaking(
            server,
            tls="starttls",
            trust=certificate.trusting,
            username="ours",
            password=password,
        ) as smtp,
    ):
        assert await smtp.deliver(PARCEL, Committing(server)) == outcome
