"""A recruiter is told by name who would like to talk, and of nobody who has left."""

from datetime import timedelta
from typing import Any

import pytest

from services.notifier.domain import INTEREST, Content, Rendered
from services.notifier.rendering.samples import NOW, content, interest
from shared.contract.events.contacts import AlsoSaid, InterestDue, InterestFacts, Window
from shared.contract.events.people import Channel, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.recipients import RecipientChanged, RecipientKind, SpeakingOf
from shared.contract.events.responses import Answer
from shared.contract.events.shortfalls import RequirementKind, Shortfall
from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.services.notifier.house import House, build_house
from tests.services.notifier.letters import renderer
from tests.services.notifier.mailserver import mail_server


def due(house: House, **changes: Any) -> InterestDue:
    now = house.clock.now()
    facts = InterestFacts(
        interest_id="i-1",
        answer=Answer.INTERESTED,
        purpose=Purpose.INVITATION,
        vacancy_title="Baker",
        said_at=now,
    )
    given = {
        "contact_id": "k1",
        "candidate_id": "c1",
        "recruiter_id": "r1",
        "channels": [Channel.EMAIL],
        "facts": facts,
        "windows": [Window(opens_at=now, closes_at=now + timedelta(hours=8))],
        "expires_at": now + timedelta(hours=8),
    }
    return InterestDue(**{**given, **changes})


def rita(house: House) -> RecipientChanged:
    return house.person(
        "r1",
        kind=RecipientKind.RECRUITER,
        name=PersonName(full_name="Rita Baumann"),
        emails=["rita@acme.example"],
        applications=[],
    )


def test_a_recruiter_reads_what_they_now_have_and_what_else_they_would_talk_about() -> None:
    licence = Shortfall(requirement_id="l", kind=RequirementKind.LICENCE, name="Nursing licence")
    ward = Shortfall(
        requirement_id="w",
        kind=RequirementKind.EXPERIENCE,
        name="ward nursing",
        required_months=24,
        observed_months=9,
    )
    also = [
        AlsoSaid(answer=Answer.INTERESTED, vacancy_title="Night Nurse"),
        AlsoSaid(answer=Answer.INTERESTED, vacancy_title="Night Nurse"),
        AlsoSaid(answer=Answer.HAS_IT_NOW, vacancy_title="Theatre Nurse"),
        AlsoSaid(answer=Answer.INTERESTED, vacancy_title="Ward Nurse", is_talking=True),
    ]
    facts = interest(answer=Answer.HAS_IT_NOW, shortfalls=[licence, ward], also=also)
    text = " ".join(renderer().render(content(INTEREST, facts), NOW).text.split())
    assert "Nursing licence; 2 years of ward nursing. That is their own word" in text
    assert "They would also like to talk about Night Nurse." in text
    assert (
        "They have also told us that they now have something that was missing for Theatre Nurse."
        in text
    )
    assert "You or a colleague are already talking with them about Ward Nurse." in text


def test_a_recruiter_reads_of_all_that_they_say_is_there() -> None:
    licences = [
        Shortfall(requirement_id=f"r-{n}", kind=RequirementKind.LICENCE, name=f"Licence {n}.")
        for n in range(9)
    ]
    facts = interest(answer=Answer.HAS_IT_NOW, shortfalls=licences)
    text = " ".join(renderer().render(content(INTEREST, facts), NOW).text.split())
    assert all(licence.name in text for licence in licences)


async def test_a_recruiter_hears_by_name_who_would_like_to_talk(
    databases: Databases, clock: ManualClock
) -> None:
    said: list[Content] = []

    def words(content: Content, _: Any) -> Rendered:
        said.append(content)
        return Rendered("Subject", "text", "<p>text</p>", "interest.en.1")

    async with mail_server() as server:
        house = build_house(await databases("notifier"), clock, server, words=words)
        known_as = SpeakingOf(
            application_id="a1", answer_owed=False, name=PersonName(full_name="A. Lovelace")
        )
        await house.knows(rita(house), house.person(applications=[known_as]))
        await house.tell(house.handlers.on_contacts, due(house, application_id="a1"))
        await house.is_fresh()
        await house.sends()
        await house.dispatcher.stop()
    assert server.recipients == ["rita@acme.example"]
    assert [one.about.display for one in said if one.about] == ["A. Lovelace"]
    assert await house.reported() == [("sent", "r1")]
    row = await house.row("k1")
    assert (row["purpose"], row["about_id"]) == (INTEREST, "c1")


async def test_of_somebody_who_was_erased_nobody_is_told(house: House) -> None:
    await house.knows(rita(house), house.person())
    await house.tell(house.handlers.on_contacts, due(house))
    tombstone = house.event(house.person())
    gone = type(tombstone).tombstone("c1", tombstone.type, source="intake", at=house.clock.now())
    await house.tell(house.handlers.on_recipients, gone)
    await house.is_fresh()
    await house.sends()
    assert await house.state() == ("dropped", "erased")
    await house.tell(house.handlers.on_contacts, due(house, contact_id="k2"))
    await house.is_fresh()
    await house.sends()
    assert await house.state("k2") == ("dropped", "recipient_unknown")
    assert not house.server.recipients


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, ["Amara Okafor", "our invitation", "Staff Nurse, Intensive Care", "5 March 2025"]),
        ({"purpose": Purpose.CHECK_IN}, ["our check-in"]),
        ({"answer": Answer.HAS_IT_NOW, "purpose": Purpose.READY}, ["their own word"]),
        ({"is_reminder": True}, ["This is our only reminder"]),
    ],
)
def test_the_mail_says_who_for_what_and_in_answer_to_what(
    channel: Channel, facts: dict[str, Any], says: list[str]
) -> None:
    now = interest().said_at
    worded = renderer().render(content(INTEREST, interest(**facts), channel), now)
    text = worded.sms_text or worded.text
    assert "Amara Okafor" in text
    page = "t" if channel is Channel.SMS else "i"
    assert f"https://talent.northwind.example/{page}/" in text
    assert channel is Channel.SMS or all(words in text for words in says)
    assert "List-Unsubscribe" not in worded.headers
