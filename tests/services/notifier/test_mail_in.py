"""Where people can answer us by mail: each letter has its own addresses, recruiters are told."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from services.notifier.channels import Parcel
from services.notifier.channels.mime import Composer
from services.notifier.domain import REPLY, Content, Correspondent, Rendered, evaluate
from services.notifier.domain.shortlists import message_id
from services.notifier.rendering.renderer import Renderer
from services.notifier.rendering.samples import NOW, contact, content, interest, reply
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.contract.events.recipients import RecipientChanged
from shared.contract.events.responses import HearingRecruiter, ReplyReceived
from shared.contract.mail_addresses import MailRole, read_mail_address
from shared.runtime.links import LinkPurpose
from tests.databases import Databases
from tests.services.notifier.house import House, build_house
from tests.services.notifier.letters import LINKS, NORTHWIND
from tests.services.notifier.mailserver import mail_server
from tests.services.notifier.test_interests import rita
from tests.services.notifier.test_send_policy import ADA, FRESH, NOON, message

DOMAIN = "replies.northwind.example"
ANSWERED = Renderer(LINKS, replace(NORTHWIND, mail_domain=DOMAIN, reads_replies=True))
COMPOSER = Composer("Northwind", "jobs@northwind.example", "people@northwind.example")
LETTER = content(Purpose.INVITATION, contact())


def composed(words: Rendered, replies_to: Correspondent | None = None) -> EmailMessage:
    parcel = Parcel("m-1", "c1", "Ada", "ada@example.com", words, NOW, replies_to)
    return message_from_bytes(COMPOSER.compose(parcel), _class=EmailMessage, policy=default)


def test_a_letter_is_answered_at_an_address_that_tells_which_letter_it_was() -> None:
    letter = ANSWERED.render(LETTER, NOW)
    mail: Any = composed(letter, Correspondent("Jonas Weber", "jonas@northwind.example"))
    [answered_at] = mail["Reply-To"].addresses
    assert (answered_at.display_name, answered_at.domain) == ("Jonas Weber", DOMAIN)
    found = read_mail_address(answered_at.addr_spec, DOMAIN)
    assert found is not None
    assert found.role is MailRole.REPLY
    assert len(answered_at.username) <= 64
    known = LINKS.mail(found.token)
    assert known is not None
    assert letter.told is not None
    assert letter.told.token_hash in known.hashes
    assert letter.told.purpose is LinkPurpose.MAIL
    assert letter.told.claims["message"] == LETTER.message_id
    ways = str(mail["List-Unsubscribe"])
    assert ways.endswith(f", <mailto:unsubscribe+{found.token}@{DOMAIN}>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_a_domain_for_answers_a_letter_is_as_ever() -> None:
    letter = Renderer(LINKS, NORTHWIND).render(LETTER, NOW)
    assert (letter.told, letter.return_path) == (None, None)
    assert composed(letter)["Reply-To"] == "people@northwind.example"
    assert "mailto" not in letter.headers["List-Unsubscribe"]


@pytest.mark.parametrize("each", [content(REPLY, reply()), content("interest", interest())])
def test_recruiters_mail_has_no_address_of_its_own(each: Content) -> None:
    assert ANSWERED.render(each, NOW).return_path is None


def test_what_a_recruiter_is_sent_of_an_answer_goes_on_the_thread_of_their_mail() -> None:
    words = ANSWERED.render(content(REPLY, reply(follows=["first", "second"])), NOW)
    mail = composed(words)
    assert mail["In-Reply-To"] == "<second@northwind.example>"
    assert mail["References"] == "<first@northwind.example> <second@northwind.example>"
    assert "Okafor" not in words.text + words.subject


async def test_a_mail_comes_back_to_its_own_address(databases: Databases, clock: Any) -> None:
    async with mail_server() as server:
        house = build_house(await databases("notifier"), clock, server, words=ANSWERED.render)
        await house.knows(house.person())
        await house.is_due(house.contact())
        await house.sends()
        await house.dispatcher.stop()
    [mail] = server.accepted
    sender = read_mail_address(mail.mail_from or "", DOMAIN)
    assert sender is not None
    assert sender.role is MailRole.BOUNCE
    told = await house.all("select type from outbox order by id")
    assert [row["type"].split(".")[2] for row in told] == ["link", "message"]


def received(house: House, **changes: Any) -> ReplyReceived:
    facts = {
        "reply_id": "r-1",
        "candidate_id": "c1",
        "message_id": "m-1",
        "purpose": Purpose.INVITATION,
        "vacancy_title": "Baker",
        "recruiters": [HearingRecruiter(recruiter_id="r1", time_zone="Europe/Berlin")],
        "at": house.clock.now(),
    }
    return ReplyReceived(**{**facts, **changes})


async def test_recruiters_are_told_once_of_an_answer_and_not_what_it_says(house: House) -> None:
    await house.knows(rita(house), house.person())
    await house.is_due(house.contact(shortlist_id="s-1"))
    answered = await house.row("k1")
    for _ in range(2):
        said = received(house, message_id=answered["message_id"])
        await house.tell(house.handlers.on_responses, said)
    await house.is_fresh()
    row = await house.one("select facts, about_id from messages where purpose = 'reply'")
    assert message_id("r1", "s-1") in row["facts"]
    assert row["about_id"] == "c1"
    await house.sends()
    assert house.server.recipients.count("rita@acme.example") == 1


async def test_of_an_answer_of_somebody_who_was_erased_nobody_is_told(house: House) -> None:
    await house.knows(rita(house), house.person())
    await house.tell(house.handlers.on_responses, received(house))
    gone = house.event(house.person())
    tombstone = gone.tombstone("c1", RecipientChanged.type, source="intake", at=gone.time)
    await house.tell(house.handlers.on_recipients, tombstone)
    await house.sends()
    assert house.server.recipients == []


def test_what_somebody_asks_for_themselves_leaves_beside_an_answer_that_nobody_read() -> None:
    state = ADA.state.model_copy(update={"held": [Channel.EMAIL, Channel.SMS]})
    held = replace(ADA, state=state)
    for purpose in (Purpose.RECORD, Purpose.STOPPED):
        assert evaluate(message(purpose=purpose), held, FRESH, NOON) == evaluate(
            message(purpose=purpose), replace(ADA, state=state), FRESH, NOON
        )
    assert not hasattr(evaluate(message(purpose=Purpose.STOPPED), held, FRESH, NOON), "because")
    assert getattr(evaluate(message(), held, FRESH, NOON), "because", None) == "reply_unread"
