"""Those who carry our mails tell what became of each, and it is heeded: only what is genuine."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.local.demo.personas import ENGINEER, NURSE, Attitude, Person
from deploy.local.demo.recipients import answer_consent_question, link_in
from tests.journeys.acts import reject, runner_up
from tests.journeys.conftest import Stage, running
from tests.scratch import scratch
from tests.services.intake.webhooks import mail_calls

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.campaign]

ADA, BEA, CAL = (
    Person(number, given, family, "Europe/Vienna", "AT", Attitude.EAGER)
    for number, given, family in ((1, "Ada", "Moreno"), (2, "Bea", "Tallis"), (3, "Cal", "Ortiz"))
)
ADA = replace(ADA, phone="+436601000001")
CERTIFICATE = "insert into intake.sns_certificates (url, pem, until) values ($1, $2, $3)"
GONE = {"emailAddress": "nobody@people.example", "action": "failed", "status": "5.1.1"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """A stage whose mails Amazon SES carries, after the first letters to three people."""
    heard = {
        "NOTYET_SES_TOPICS": mail_calls.TOPIC,
        "NOTYET_SENDGRID_PUBLIC_KEY": mail_calls.sendgrids_public_key(),
    }
    own: Any = {"intake": heard, "notifier": {"NOTYET_MAIL_PROVIDER": "ses"}}
    with scratch("providers") as directory:
        async with running(directory, own_env=own) as opened:
            now = datetime.now(UTC)
            pem, until = mail_calls.certificate(now=now), now + timedelta(days=30)
            await opened.conn.execute(CERTIFICATE, mail_calls.CERTIFICATE, pem, until)
            await reject(opened, *map(runner_up, (ADA, BEA, CAL)))
            await later(opened, 7)
            yield opened


async def later(stage: Stage, days: int) -> None:
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(days=days))


async def mark_of(stage: Stage, person: Person) -> str:
    """Returns the mark that the newest mail to somebody carries."""
    return str(dict((await stage.mail_to(person.email))[-1]["headers"])["X-Notyet-Message"])


async def bounced(stage: Stage, person: Person) -> dict[str, Any]:
    """Returns what SES publishes of a mail whose address there is not."""
    bounce = {"bounceType": "Permanent", "bouncedRecipients": [GONE]}
    notice = mail_calls.ses("Bounce", mark=await mark_of(stage, person), bounce=bounce)
    notice["mail"]["destination"] = [person.email]
    return mail_calls.sns(notice)


async def tell(stage: Stage, provider: str, content: bytes, **headers: str) -> int:
    url = f"{stage.stack.intake_url}/v1/mail/{provider}"
    answer = await stage.http.post(url, content=content, headers=headers)
    await stage.simulated_time.wait_until_idle()
    return answer.status_code


async def test_who_cannot_be_reached_by_mail_any_more_is_written_to_by_another_way(
    stage: Stage,
) -> None:
    """A forged call changes nothing, and a genuine one counts once however often it comes."""
    forged = await bounced(stage, CAL)
    forged["Signature"] = base64.b64encode(b"somebody else's").decode()
    assert await tell(stage, "ses", json.dumps(forged).encode()) == httpx.codes.FORBIDDEN
    for person in (ADA, BEA, ADA):
        body = json.dumps(await bounced(stage, person)).encode()
        assert await tell(stage, "ses", body) == httpx.codes.OK
    dead = await stage.conn.fetch("select because from notifier.suppressions")
    assert [row["because"] for row in dead] == ["dead", "dead"]

    await reject(stage, *(runner_up(person, NURSE) for person in (ADA, BEA, CAL)))
    await later(stage, 7)
    numbers = [len(await stage.mail_to(each.email)) for each in (ADA, BEA, CAL)]
    assert numbers == [1, 1, 2]
    texts = await stage.mail_to(ADA.phone or "")
    for text, told in zip(texts, (ENGINEER, NURSE), strict=True):  # what came back is told again
        assert told.title in text["text"]


async def test_whoever_calls_it_spam_gets_no_mail_any_more_whatever_they_had_agreed_to(
    stage: Stage,
) -> None:
    letter = (await stage.mail_to(CAL.email))[-1]
    assert await answer_consent_question(stage.http, link_in(letter, "c") or "", CAL)
    call = mail_calls.sendgrid(
        {"event": "spamreport", "email": CAL.email, "notyet-message": await mark_of(stage, CAL)}
    )
    assert await tell(stage, "sendgrid", call.body, **call.headers) == httpx.codes.OK
    state = "select state from notifier.recipients where state::text like '%Ortiz%'"
    known = json.loads(await stage.conn.fetchval(state))
    assert (known["stopped"], known.get("consents", [])) == (["email"], [])
    before = len(await stage.mail_to(CAL.email))
    await stage.post("/v1/vacancies", ENGINEER.as_vacancy())
    await reject(stage, runner_up(CAL, replace(ENGINEER, vacancy_id="another")))
    await later(stage, 100)
    assert len(await stage.mail_to(CAL.email)) == before
