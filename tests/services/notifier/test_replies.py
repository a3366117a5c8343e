"""A reply to our mail goes to a human: who decided, else a recruiter of the vacancy, else ours."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from services.notifier.channels import Parcel
from services.notifier.channels.mime import Composer
from services.notifier.domain import SHORTLIST, Correspondent, Rendered
from services.notifier.rendering.renderer import Employer, Renderer
from services.notifier.rendering.samples import NOW, contact, content, shortlist
from shared.contract.events.contacts import ContactFacts
from shared.contract.events.people import Channel, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.recipients import RecipientChanged, RecipientKind
from tests.services.notifier.house import House
from tests.services.notifier.letters import LINKS, NORTHWIND

COMPOSER = Composer("Acme", "jobs@acme.example", "people@acme.example")
INES = Correspondent("Ines Albers", "ines@acme.example")


def recruiter(recruiter_id: str, name: str, *vacancies: str) -> RecipientChanged:
    return RecipientChanged(
        recipient_id=recruiter_id,
        version=1,
        kind=RecipientKind.RECRUITER,
        name=PersonName(full_name=name),
        emails=[f"{recruiter_id}@acme.example"],
        vacancies=list(vacancies),
    )


def replying_to(reader: Correspondent | None, composer: Composer = COMPOSER) -> str | None:
    words = Rendered("Hello", "Hello\n", None, "v1")
    raw = composer.compose(Parcel("m-1", "c1", "Ada", "ada@example.com", words, NOW, reader))
    assert raw.isascii()
    read = message_from_bytes(raw, _class=EmailMessage, policy=default)
    found: str | None = read["Reply-To"]
    return found


def test_a_reply_goes_to_the_human_who_reads_it() -> None:
    assert replying_to(INES) == "Ines Albers <ines@acme.example>"


@pytest.mark.parametrize(
    "unusable",
    [None, Correspondent("Ines", "not an address"), Correspondent("Ines", "ïnes@acme.example")],
    ids=["nobody", "malformed", "not for every server"],
)
def test_without_a_human_who_can_be_written_to_it_goes_to_the_configured_address(
    unusable: Correspondent | None,
) -> None:
    assert replying_to(unusable) == "people@acme.example"
    assert replying_to(unusable, Composer("Acme", "jobs@acme.example")) is None


def test_no_name_of_a_human_adds_a_header_or_a_recipient() -> None:
    evil = Correspondent("Ines\r\nBcc: x@evil.example, <y@evil.example>", "ines@acme.example")
    header: Any = replying_to(evil)
    assert [address.addr_spec for address in header.addresses] == ["ines@acme.example"]


async def replied_to(house: House, **facts: Any) -> str | None:
    """Sends a letter with these facts; returns to whom a reply to it goes."""
    await house.knows(house.person())
    await house.is_due(house.contact(facts=ContactFacts(vacancy_title="Baker", **facts)))
    await house.sends()
    (mail,) = house.server.accepted
    assert isinstance(mail.content, bytes)
    found: str | None = message_from_bytes(mail.content, policy=default)["Reply-To"]
    return found


async def test_whoever_approved_it_reads_the_reply(house: House) -> None:
    await house.knows(recruiter("r1", "Ines Albers", "v1"), recruiter("r2", "Jonas Weber", "v1"))
    reader = await replied_to(house, vacancy_id="v1", recruiter_id="r2")
    assert reader == "Jonas Weber <r2@acme.example>"


async def test_who_no_longer_recruits_for_the_vacancy_does_not_read_the_reply(
    house: House,
) -> None:
    await house.knows(recruiter("r1", "Eva Real", "v2"), recruiter("r2", "Jonas Weber", "v1"))
    reader = await replied_to(house, vacancy_id="v1", recruiter_id="r1")
    assert reader == "Jonas Weber <r2@acme.example>"


async def test_of_what_is_about_no_vacancy_whoever_ended_it_reads_the_reply(house: House) -> None:
    await house.knows(recruiter("r1", "Eva Real", "v2"), recruiter("r2", "Jonas Weber", "v1"))
    assert await replied_to(house, recruiter_id="r2") == "Jonas Weber <r2@acme.example>"


async def test_else_a_recruiter_of_the_vacancy_does(house: House) -> None:
    await house.knows(recruiter("r1", "Rob Else", "v2"), recruiter("r2", "Jonas Weber", "v1"))
    reader = await replied_to(house, vacancy_id="v1", recruiter_id="r9")
    assert reader == "Jonas Weber <r2@acme.example>"


async def test_of_a_vacancy_that_has_closed_its_recruiter_still_reads_the_reply(
    house: House,
) -> None:
    hers = recruiter("r2", "Jonas Weber").model_copy(update={"closed_vacancies": ["v1"]})
    await house.knows(recruiter("r1", "Rob Else", "v2"), hers)
    assert await replied_to(house, vacancy_id="v1") == "Jonas Weber <r2@acme.example>"


@pytest.mark.parametrize("facts", [{}, {"vacancy_id": "v3"}])
async def test_where_nobody_is_known_no_stranger_is_named(
    house: House, facts: dict[str, str]
) -> None:
    await house.knows(house.person("c2"), recruiter("r1", "Rob Else", "v2"))
    assert await replied_to(house, **facts) is None


def worded(*, signed_by: str = "", reads_replies: bool = False) -> str:
    employer = Employer(
        NORTHWIND.name,
        NORTHWIND.postal_address,
        NORTHWIND.country,
        NORTHWIND.time_zone,
        reads_replies=reads_replies,
    )
    letter = content(Purpose.INVITATION, contact(), signed_by=signed_by)
    return Renderer(LINKS, employer).render(letter, NOW).text


def test_a_letter_is_signed_by_the_human_who_reads_the_reply_and_says_so() -> None:
    text = worded(signed_by="Ines Albers")
    assert "Ines Albers, Northwind Clinics" in text
    assert "Just reply to this email: Ines Albers reads it." in text


def test_a_desk_that_bears_the_employers_name_is_nobody_by_name() -> None:
    text = worded(signed_by=NORTHWIND.name)
    assert "The hiring team at Northwind Clinics" in text
    assert "Just reply to this email: one of us reads it." in text


def test_a_letter_asks_for_no_reply_that_nobody_would_read() -> None:
    assert "reply to this email" not in worded()
    assert "one of us reads it" in worded(reads_replies=True)


def test_a_name_is_shown_as_text_and_ends_nowhere_else() -> None:
    letter = content(Purpose.INVITATION, contact(), signed_by="<b>\nBcc: x\x1e</b>")
    rendered = Renderer(LINKS, NORTHWIND).render(letter, NOW)
    assert rendered.html
    assert "<b>" not in rendered.html


def test_text_messages_and_recruiters_mail_are_signed_as_ever() -> None:
    renderer = Renderer(LINKS, NORTHWIND)
    text = content(Purpose.INVITATION, contact(), Channel.SMS, signed_by="Ines Albers")
    assert "Ines" not in (renderer.render(text, NOW).sms_text or "")
    assert "reply to this" not in renderer.render(content(SHORTLIST, shortlist()), NOW).text
