"""People answer our mail by mail: it is kept whatever dies, a human reads it, stops are heard."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from datetime import timedelta
from email.headerregistry import Address
from typing import Any

import pytest
import pytest_asyncio

from deploy.local.demo.personas import ENGINEER, Attitude, Person
from deploy.local.demo.recipients import link_in, press
from deploy.local.ports import HOST, free_port
from tests.journeys.acts import reject, runner_up, say_yes
from tests.journeys.conftest import Stage, running
from tests.scratch import scratch
from tests.services.intake.mailbox.mails import plain, returned

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.campaign]

DOMAIN = "replies.example.com"
PORT = free_port()
ADA = Person(1, "Ada", "Moreno", "Europe/Vienna", "AT", Attitude.EAGER)
BEA = Person(2, "Bea", "Tallis", "Europe/Vienna", "AT", Attitude.EAGER)
CAL = Person(3, "Cal", "Ortiz", "Europe/Vienna", "AT", Attitude.EAGER)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """A stage whose intake takes mail, with three people who said yes to their letters."""
    domain = {"NOTYET_MAIL_IN_DOMAIN": DOMAIN}
    own: Any = {"notifier": domain, "intake": {**domain, "NOTYET_LMTP_PORT": str(PORT)}}
    with scratch("mail-in") as directory:
        async with running(directory, own_env=own) as opened:
            posted = await opened.post("/v1/vacancies", ENGINEER.as_vacancy())
            assert posted.status_code == 202, posted.text
            await reject(opened, *map(runner_up, (ADA, BEA, CAL)))
            await opened.simulated_time.advance_to(opened.simulated_time.now() + timedelta(days=7))
            for person in (ADA, BEA, CAL):
                await say_yes(opened, person)
            yield opened


async def own_addresses(stage: Stage, person: Person) -> dict[str, str]:
    """Returns the addresses that the newest mail to somebody can be answered at."""
    headers = dict((await stage.mail_to(person.email))[-1]["headers"])
    reply = headers["Reply-To"].rpartition("<")[2].strip("<> ")
    token = Address(addr_spec=reply).username.partition("+")[2]
    return {
        "reply": reply,
        "bounce": f"bounce+{token}@{DOMAIN}",
    }


async def answer(to: str, content: bytes, sender: str) -> None:
    """Hands a mail over as the employer's mail server does, until it is taken."""

    def hand_over() -> None:
        with smtplib.LMTP(HOST, PORT) as lmtp:
            lmtp.sendmail(sender, [to], content)

    for _ in range(100):
        try:
            return await asyncio.to_thread(hand_over)
        except (OSError, smtplib.SMTPException):
            await asyncio.sleep(0.2)
    raise AssertionError("nobody takes mail")


async def later(stage: Stage, **time: int) -> None:
    await stage.simulated_time.advance_to(stage.simulated_time.now() + timedelta(**time))


async def test_an_answer_survives_a_crash_and_its_recruiter_is_told_and_reads_it(
    stage: Stage,
) -> None:
    to = (await own_addresses(stage, ADA))["reply"]
    before = len(await stage.mail_to(ENGINEER.recruiter_email))
    await answer(to, plain("Away", headers=["Auto-Submitted: auto-replied"]), ADA.email)
    mail = plain("Thank you. I moved to Graz.", "", "> Unsubscribe from our emails")
    await answer(to, mail, ADA.email)
    stage.stack.processes["intake"][0].kill()
    await stage.stack.ready()
    await answer(to, mail, ADA.email)
    await later(stage, days=1)
    told = (await stage.mail_to(ENGINEER.recruiter_email))[before:]
    assert [each["subject"].startswith("An applicant wrote back") for each in told] == [True]
    [notice] = told
    headers = dict(notice["headers"])
    letter = dict((await stage.mail_to(ADA.email))[-1]["headers"])
    assert headers["In-Reply-To"] == letter["Message-ID"]
    for kept_back in ("Graz", ADA.family, ADA.email):
        assert kept_back not in str(notice)
    page = (await stage.http.get(link_in(notice, "r") or "")).text
    for shown in ("Thank you. I moved to Graz.", ADA.family, "mailto:"):
        assert shown in page


async def test_who_wants_no_more_gets_one_last_mail_that_says_so(stage: Stage) -> None:
    to = (await own_addresses(stage, BEA))["reply"]
    await answer(to, plain("Bitte keine Mails mehr. Danke"), BEA.email)
    await later(stage, hours=1)
    _, last = await stage.mail_to(BEA.email)
    assert last["subject"] == "We write to you no more"


async def test_only_who_was_read_is_written_to_again(stage: Stage) -> None:
    """Cal's letter came back, and Bea wants no more."""
    bounce = (await own_addresses(stage, CAL))["bounce"]
    await answer(bounce, returned(), "")
    await later(stage, days=80)
    numbers = [len(await stage.mail_to(each.email)) for each in (ADA, BEA, CAL)]
    assert numbers == [1, 2, 1]
    notice = (await stage.mail_to(ENGINEER.recruiter_email))[-1]
    assert await press(stage.http, link_in(notice, "r") or "", "read")
    await later(stage, days=200)
    ada, *others = [len(await stage.mail_to(each.email)) for each in (ADA, BEA, CAL)]
    assert (ada > 1, others) == (True, [2, 1])
