"""Half a year in which everything that anybody receives is sent, and nearly every answer given.

At its end everybody is left at another point of the way, so that each page can be opened.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local.demo.personas import MANAGER, NURSE, Opening, Person, rejection
from deploy.local.demo.recipients import answer_consent_question, link_in, press
from services.notifier.domain import MessageKind
from shared.contract.events.purposes import Purpose
from tests.browser.cast import (
    APPLICATIONS,
    ARCHIVE,
    BILLING,
    CARDIOLOGY,
    CARL,
    EDDA,
    ENGINEERS,
    EVA,
    FINN,
    IGOR,
    INES,
    IRIS,
    IVAN,
    NILS,
    NORA,
    PASTRY,
    PAULA,
    PLATFORM,
    QUIN,
    RENA,
    ROSA,
    SAMI,
    STAN,
    STREAMING,
    THEO,
    WALT,
)
from tests.journeys.conftest import MONDAY, Stage

Reader = Person | Opening
"""Who reads a message: a candidate, or the recruiter of a vacancy."""

NEW_ADDRESS = "nora@elsewhere.example"


@dataclass
class Play:
    """The stage as the half-year leaves it, with all that was sent."""

    stage: Stage
    kinds: Mapping[str, str]
    """Why each message was sent, by its id."""
    messages: Sequence[Mapping[str, Any]]

    def mail(self, to: Reader | str, kind: MessageKind, words: str = "") -> dict[str, Any]:
        """Returns the one mail of a kind to somebody, or the one whose subject begins with words.

        What a recruiter is sent is about one vacancy.
        """
        found = [
            dict(message)
            for message in self._to(to)
            if self.kinds.get(_message_id(message)) == kind
            and message["subject"].startswith(words)
            and (not isinstance(to, Opening) or to.title in message["text"])
        ]
        assert len(found) == 1, (to, kind, words, [message["subject"] for message in self._to(to)])
        return found[0]

    def texts(self, to: Person) -> list[dict[str, Any]]:
        """Returns all text messages to somebody."""
        return [dict(message) for message in self.messages if message["to"] == to.phone]

    def link(self, to: Reader | str, kind: MessageKind, words: str = "", *, path: str) -> str:
        """Returns a link in a mail, by the letter that the paths of its kind begin with."""
        mail = self.mail(to, kind, words)
        unsubscribe = dict(mail["headers"]).get("List-Unsubscribe", "")
        found = link_in({"text": f"{mail['text']}\n{unsubscribe}"}, path)
        assert found, (mail["subject"], path)
        return found

    def _to(self, reader: Reader | str) -> list[Mapping[str, Any]]:
        match reader:
            case Person():
                address = reader.email
            case Opening():
                address = reader.recruiter_email
            case _:
                address = reader
        return [message for message in self.messages if message["to"] == address]


async def half_a_year(stage: Stage) -> Play:
    """Plays it through the real services, and returns all that was sent."""
    await _people_are_turned_down(stage)
    await _until(stage, MONDAY + timedelta(days=7))
    await _they_answer(stage)
    await _until(stage, datetime(2025, 8, 18, 8, tzinfo=UTC))
    await _a_vacancy_opens_and_interests_end(stage)
    await _until(stage, datetime(2025, 9, 1, 8, tzinfo=UTC))
    await _another_closes_and_one_opens_again(stage)
    await _until(stage, datetime(2025, 9, 15, 8, tzinfo=UTC))
    await _lists_are_left_to_decide(stage)
    await _until(stage, datetime(2025, 9, 16, 9, tzinfo=UTC))
    await _last_answers(stage)
    return await _all_sent(stage)


async def _people_are_turned_down(stage: Stage) -> None:
    for opening in (NURSE, MANAGER):
        await _vacancy(stage, opening)
    await stage.simulated_time.wait_until_idle()
    for application in APPLICATIONS:
        said = rejection(application, stage.simulated_time.now())
        if application.person is QUIN:
            said["alreadyTold"] = True
        if application.person is SAMI:
            said["applicant"]["emails"] = []
        answer = await stage.post("/v1/rejections", said)
        assert answer.status_code == 202, answer.text


async def _they_answer(stage: Stage) -> None:
    for person in (*ENGINEERS, NORA, NILS):
        assert await answer_consent_question(stage.http, await _page(stage, person), person)
    agreed = {"purpose": "now_and_then", "channel": "email", "months": "24"}
    assert await press(stage.http, await _page(stage, CARL), "hat_yes", **agreed)
    await _until(stage, MONDAY + timedelta(days=14))
    agreed = {"purpose": "similar_opening", "channel": "email", "months": "6"}
    assert await press(stage.http, await _page(stage, RENA), "hat_yes", **agreed)


async def _a_vacancy_opens_and_interests_end(stage: Stage) -> None:
    await _vacancy(stage, ARCHIVE)
    await _open_and_decide(stage, STREAMING, approved=[IVAN, INES, IRIS, IGOR, SAMI])
    await _later(stage, days=1)
    for person in (INES, IRIS, IGOR):
        assert await press(stage.http, await _page(stage, person), "interested")
    await _later(stage, hours=4)
    await _vacancy(stage, ARCHIVE, "closed")
    for person, came_of_it in ((INES, "talking"), (IGOR, "not_this_time")):
        news = await stage.mail_to(STREAMING.recruiter_email)
        (interest,) = (one for one in news if one["subject"].startswith(person.given))
        assert await press(stage.http, link_in(interest, "i") or "", came_of_it)


async def _another_closes_and_one_opens_again(stage: Stage) -> None:
    await _open_and_decide(stage, BILLING, approved=[EVA], declined=[FINN])
    await _until(stage, datetime(2025, 9, 8, 7, tzinfo=UTC))
    for event in ("closed", "reopened"):
        await _vacancy(stage, MANAGER, event)
        await stage.simulated_time.wait_until_idle()
    await _later(stage, hours=2)
    await _decide(stage, MANAGER, "approve", [ROSA, THEO])
    await _until(stage, datetime(2025, 9, 11, 10, tzinfo=UTC))
    await _until_there(stage, "from intake.interests where ended_as = 'unanswered'")
    await _until_there(
        stage,
        "from intake.shortlist_decisions inner join intake.shortlists using (shortlist_id)"
        f" where vacancy_id = '{MANAGER.vacancy_id}' and asked_at is not null",
        2,
    )
    assert await press(stage.http, await _page(stage, CARL), "record")
    await _until(stage, datetime(2025, 9, 12, 8, tzinfo=UTC))
    await _vacancy(stage, BILLING, "closed")


async def _lists_are_left_to_decide(stage: Stage) -> None:
    for opening in (PLATFORM, CARDIOLOGY, PASTRY):
        await _vacancy(stage, opening)


async def _last_answers(stage: Stage) -> None:
    assert await press(stage.http, await _page(stage, NILS), "has_it_now")
    assert await press(stage.http, await _page(stage, PAULA), "pause", months="3")
    assert await press(stage.http, await _page(stage, STAN), "stop")
    assert await press(stage.http, await _page(stage, EDDA), "erase", confirm="yes")
    assert await press(stage.http, await _page(stage, NORA), "record")
    lost = {"address": PLATFORM.recruiter_email}
    await stage.http.post(f"{stage.stack.intake_url}/lost-link", data=lost)
    await _later(stage, minutes=10)
    *_, record = await stage.mail_to(NORA.email)
    given = {"do": "address", "email": NEW_ADDRESS}
    (await stage.http.post(link_in(record, "d") or "", data=given)).raise_for_status()
    await _later(stage, minutes=10)
    broken = (
        "update intake.applications set rejection = jsonb_set(rejection, '{stage}', '[]')"
        " from intake.applicants where applicants.applicant_key = applications.applicant_key"
        " and first_email = $1"
    )
    await stage.conn.execute(broken, WALT.email)


async def _all_sent(stage: Stage) -> Play:
    rows = await stage.conn.fetch("select message_id, purpose from notifier.messages")
    kinds = {row["message_id"]: row["purpose"] for row in rows}
    return Play(stage, kinds, await stage.sink.everything())


async def _vacancy(stage: Stage, opening: Opening, event: str = "opened") -> None:
    answer = await stage.post("/v1/vacancies", opening.as_vacancy() | {"event": event})
    assert answer.status_code == 202, answer.text


async def _open_and_decide(
    stage: Stage,
    opening: Opening,
    *,
    approved: Sequence[Person],
    declined: Sequence[Person] = (),
) -> None:
    await _vacancy(stage, opening)
    await _later(stage, hours=2)
    await _decide(stage, opening, "approve", approved)
    if declined:
        await _decide(stage, opening, "decline", declined)


async def _decide(stage: Stage, opening: Opening, how: str, persons: Sequence[Person]) -> None:
    mails = await stage.mail_to(opening.recruiter_email)
    *_, shortlist = (one for one in mails if one["subject"].startswith(f"{opening.title}: "))
    chosen = [await _candidate_id(stage, person) for person in persons]
    data = {"do": how, "candidate": chosen, "because": "too_junior"}
    (await stage.http.post(link_in(shortlist, "s") or "", data=data)).raise_for_status()


async def _candidate_id(stage: Stage, person: Person) -> str:
    found = await stage.conn.fetchval(
        "select candidate_id from intake.applicants where coalesce(first_email, phone) in ($1, $2)",
        person.email,
        person.phone,
    )
    assert found, person
    return str(found)


async def _page(stage: Stage, person: Person) -> str:
    """Returns the link in the newest message to somebody."""
    *_, newest = await stage.mail_to(person.phone or person.email)
    return link_in(newest, "c") or ""


async def _until_there(stage: Stage, rows: str, count: int = 1) -> None:
    """Waits for what the services do of their own accord."""
    async with asyncio.timeout(60):
        while await stage.conn.fetchval(f"select count(*) {rows}") < count:
            await asyncio.sleep(0.2)


async def _later(stage: Stage, **time: float) -> None:
    await _until(stage, stage.simulated_time.now() + timedelta(**time))


async def _until(stage: Stage, moment: datetime) -> None:
    await stage.simulated_time.advance_to(moment)


def _message_id(message: Mapping[str, Any]) -> str:
    written = str(dict(message["headers"]).get("Message-ID", ""))
    return written.strip("<>").partition("@")[0]


EVERY_KIND: frozenset[MessageKind] = frozenset({*Purpose, "shortlist", "interest", "links"}) - {
    Purpose.STOPPED
}
"""But for what follows a mail of theirs: the play takes none in."""
