"""What becomes of a mail is passed on once, and whoever complained gets no email any more."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.intake.mail.certificates import KeptCertificates, forget_certificates
from services.intake.mail.jobs import KEPT, forget_mail_tokens
from services.intake.web import problems
from services.intake.webhooks.mail import route
from services.intake.webhooks.mail.mailgun import Mailgun
from services.intake.webhooks.mail.provider import Call, Heard, MailProvider, NotNow
from services.intake.webhooks.mail.ses import AmazonSes
from services.intake.webhooks.mail.sns import SnsTopics
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.intake.conftest import PUBLIC_URL
from tests.services.intake.front import opened
from tests.services.intake.house import House
from tests.services.intake.webhooks.mail_calls import (
    CERTIFICATE,
    MAILGUN_KEY,
    TOPIC,
    bounced,
    certificate,
    mailgun,
    ses,
    sns,
)

COMPLAINT = ses("Complaint", complaint={"complaintFeedbackType": "abuse"})


async def amazon(_: str) -> bytes:
    return certificate(now=datetime.now(UTC))


class Away:
    async def hear(self, call: Call) -> Heard:
        raise NotNow


@pytest.fixture
async def ada(house: House) -> AsyncIterator[House]:
    """Ada, who agreed to both channels, and a mail of ours to her."""
    app = FastAPI()
    providers: dict[str, MailProvider] = {
        "ses": AmazonSes(SnsTopics({TOPIC}, amazon, KeptCertificates(house.database))),
        "mailgun": Mailgun(MAILGUN_KEY),
        "away": Away(),
    }
    app.include_router(route.routes(house.database, house.clock, providers))
    problems.install(app, lambda *_: None)
    await house.add_candidate("ada", phone="+4915112345678")
    await house.add_consent("ada", channel="email")
    await house.add_consent("ada", channel="sms")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        house.client = client
        yield house


async def call(house: House, body: Any, provider: str = "ses") -> int:
    return (await house.client.post(f"/v1/mail/{provider}", json=body)).status_code


async def reported(house: House) -> list[tuple[str, str, str, bool]]:
    """Returns what others were told of mails, in order."""
    return [
        (
            event["data"]["messageId"],
            event["data"]["channel"],
            event["data"]["outcome"],
            event["data"].get("addressIsDead", False),
        )
        for event in await house.published("delivery.reported")
    ]


async def consents(house: House) -> list[tuple[str, str | None]]:
    rows = await house.rows("select channel, ended_how from consents order by channel")
    return [(row["channel"], row["ended_how"]) for row in rows]


async def test_a_bounce_is_passed_on_and_ends_no_consent(ada: House) -> None:
    assert await call(ada, sns(bounced())) == 200
    assert await reported(ada) == [("m-1", "email", "bounced", True)]
    assert await consents(ada) == [("email", None), ("sms", None)]


async def test_amazons_certificate_is_kept_by_its_address_until_it_runs_out(ada: House) -> None:
    now = datetime.now(UTC)
    await call(ada, sns(bounced()) | {"Signature": "AAAA"})
    assert await ada.rows("select * from sns_certificates") == []
    assert await call(ada, sns(bounced())) == 200
    kept = KeptCertificates(ada.database)
    assert await kept.find(CERTIFICATE)
    assert not await forget_certificates(ada.database, now)
    assert await kept.find(CERTIFICATE)
    await forget_certificates(ada.database, now + timedelta(days=9999))
    assert await kept.find(CERTIFICATE) is None


async def test_a_complaint_ends_what_was_agreed_to_for_email_and_nothing_else(ada: House) -> None:
    assert await call(ada, sns(ses("Delivery"))) == 200
    assert await call(ada, sns(COMPLAINT)) == 200
    outcomes = [outcome for _, _, outcome, _ in await reported(ada)]
    assert outcomes == ["delivered", "complained"]
    assert await consents(ada) == [("email", "provider"), ("sms", None)]
    [state] = await ada.published("candidate.changed")
    assert state["data"]["stopped"] == ["email"]
    [noted] = await ada.rows("select kind, facts::text as facts from timeline")
    assert (noted["kind"], "provider" in noted["facts"]) == ("email_stopped", True)


@pytest.mark.parametrize("seed", range(2))
async def test_reports_that_come_twice_and_out_of_order_end_in_the_same(
    ada: House, seed: int
) -> None:
    calls = [sns(notice) for notice in (ses("Delivery"), bounced(), COMPLAINT) for _ in range(2)]
    random.Random(seed).shuffle(calls)
    for body in calls:
        assert await call(ada, body) == 200
    [kept] = await ada.rows("select outcome from delivery_reports")
    assert kept["outcome"] == "complained"
    assert await consents(ada) == [("email", "provider"), ("sms", None)]
    outcomes = [outcome for _, _, outcome, _ in await reported(ada)]
    assert len(outcomes) == len(set(outcomes))


async def test_a_complaint_is_of_whoever_is_written_to_there_by_now(ada: House) -> None:
    await ada.add_candidate("bea", email="bea@example.org")
    await ada.add_consent("bea", channel="email")
    for former, there in (("bea", "ada"), ("ada", "bea")):
        await ada.execute(
            "insert into former_memberships (applicant_key, candidate_id) values ($1, $2)",
            former,
            there,
        )
    assert await call(ada, sns(ses("Complaint", mark="m-1.bea", complaint={}))) == 200
    rows = await ada.rows("select candidate_id, ended_how from consents where channel = 'email'")
    assert {row["candidate_id"]: row["ended_how"] for row in rows} == {
        "ada": "provider",
        "bea": None,
    }


async def test_what_is_forged_or_of_nobody_changes_nothing(ada: House) -> None:
    of_nobody = sns(ses("Delivery", mark="m-1.nobody"))
    assert await call(ada, of_nobody) == 200
    before = await ada.dump()
    forged = sns(bounced()) | {"Message": "{}"}
    assert await call(ada, forged) == 403
    assert await call(ada, sns(COMPLAINT), "sendgrid") == 403
    assert await call(ada, sns(COMPLAINT), "mailgun") == 400
    assert await call(ada, {}, "away") == 503
    assert await call(ada, of_nobody) == 200
    assert await ada.dump() == before
    assert await reported(ada) == []


async def test_a_token_of_mailgun_is_taken_once_whatever_it_comes_with(ada: House) -> None:
    now = datetime.now(UTC)
    assert await call(ada, mailgun({"event": "delivered"}, at=now), "mailgun") == 200
    for body in ({"event": "complained"}, {"event": "delivered"}):
        assert await call(ada, mailgun(body, at=now), "mailgun") == 200
    assert [outcome for _, _, outcome, _ in await reported(ada)] == ["delivered"]
    assert await consents(ada) == [("email", None), ("sms", None)]
    assert not await forget_mail_tokens(ada.database, now)
    assert len(await ada.rows("select * from mail_tokens")) == 1
    await forget_mail_tokens(ada.database, now + KEPT * 2)
    assert await ada.rows("select * from mail_tokens") == []


async def test_the_service_believes_whom_its_settings_name_and_nobody_else(
    databases: Databases, clock: ManualClock
) -> None:
    key = SecretStr(MAILGUN_KEY)
    async with opened(databases, clock, mailgun_signing_key=key) as front:
        body = mailgun({"event": "delivered"}, at=datetime.now(UTC))
        for provider, status in (("mailgun", 200), ("ses", 403), ("postmark", 403), ("x", 403)):
            answer = await front.post(f"/v1/mail/{provider}", body)
            assert (provider, answer.status_code) == (provider, status)
