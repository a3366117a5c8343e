"""Names, titles and facts that try to be more than words."""

import pytest

from services.notifier.domain import SHORTLIST, Content
from services.notifier.rendering.checks import Page, faults
from services.notifier.rendering.samples import (
    NOW,
    contact,
    content,
    reason,
    samples,
    shortlist,
)
from shared.contract.events.contacts import ContactFacts
from shared.contract.events.evidence import EvidenceCode
from shared.contract.events.people import Channel, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.shortfalls import RequirementKind, Shortfall
from tests.services.notifier.letters import renderer

HOSTILE = [
    'Nurse\r\nBcc: everybody@example.org\r\n\r\n<img src="https://evil.example/">',
    "<script>alert(1)</script>",
    '"><a href="https://evil.example/">yes</a>',
    "{{ 7 * 7 }}{% for x in y %}",
    "a\x1ebutton\x1fClick\x1fhttps://evil.example/\x1e\f\x00b",
    "one\n\ntwo\u2028three\u2029four",
    "\u202egnp.exe",
    "x" * 500,
]


def _letter(value: str, channel: Channel = Channel.EMAIL) -> Content:
    gap = Shortfall(requirement_id="one", kind=RequirementKind.SKILL, name=value)
    facts = contact(vacancy_title=value, employer=value, locality=value, shortfalls=[gap])
    return content(Purpose.LETTER, facts, channel, name=PersonName(given_name=value))


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_adds_no_header_no_tag_no_link_and_no_paragraph(value: str) -> None:
    letter = renderer().render(_letter(value), NOW)
    harmless = renderer().render(_letter("Nurse"), NOW)
    page, expected = Page(letter.html or ""), Page(harmless.html or "")
    assert len(letter.subject.splitlines()) == 1
    assert not page.unbalanced
    assert len(page.links) == len(expected.links)
    assert not any("evil" in link for link in page.links)
    assert (letter.html or "").count("<") == (harmless.html or "").count("<")
    assert letter.text.count("\n") == harmless.text.count("\n")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_leaves_a_text_message_one_line(value: str) -> None:
    message = renderer().render(_letter(value, Channel.SMS), NOW)
    assert len((message.sms_text or "").splitlines()) == 1
    assert not set(message.sms_text or "") & set("\x00\x1e\x1f\f\u202e")


@pytest.mark.parametrize("name", ["Win at evil.example", "https://evil.example", "me@evil.example"])
def test_a_name_that_mail_programs_would_link_is_left_out(name: str) -> None:
    letter = renderer().render(
        content(Purpose.LETTER, contact(), name=PersonName(given_name=name)), NOW
    )
    assert letter.text.startswith("Hello,")
    assert "evil" not in letter.text + (letter.html or "")


@pytest.mark.parametrize("name", ["J.R.", "Anne-Marie O’Neill", "José María", "李", "D'Arcy"])
def test_a_person_is_called_by_the_name_they_have(name: str) -> None:
    letter = renderer().render(
        content(Purpose.LETTER, contact(), name=PersonName(given_name=name)), NOW
    )
    assert letter.text.startswith(f"Hello {name},")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a.example/ x", 'https://a"b', ""])
def test_only_a_web_address_becomes_the_link_to_a_vacancy(url: str) -> None:
    letter = renderer().render(content(Purpose.INVITATION, contact(apply_url=url)), NOW)
    assert "Read about the role" not in letter.text


def test_no_internal_word_leaves() -> None:
    facts = ContactFacts.model_validate(
        {
            "vacancyTitle": "Nurse",
            "reasonCode": "other",
            "assumed": "an assumption in the words of the planner",
            "note": "did not like them",
            "reason": {"code": "other", "note": "did not like them"},
        }
    )
    letter = renderer().render(content(Purpose.LETTER, facts), NOW)
    assert "planner" not in letter.text + (letter.html or "")
    assert "like them" not in letter.text + (letter.html or "")


@pytest.mark.parametrize("name", [name for name, _ in samples() if name.startswith(SHORTLIST)])
def test_mail_to_a_recruiter_holds_no_candidate_and_asks_nobody_to_unsubscribe(name: str) -> None:
    contents = dict(samples())
    mail = renderer().render(contents[name], NOW)
    candidate = contents["letter-not-yet-email"]
    everything = f"{mail.subject}{mail.text}{mail.html}{mail.headers}"
    for private in (candidate.recipient_id, candidate.name.display, "Amara", "Okafor"):
        assert private not in everything
    assert "unsubscribe" not in everything.lower()
    assert list(faults(mail, stoppable=False)) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_reason_on_a_shortlist_is_words_only(name: str) -> None:
    facts = shortlist(reasons=[reason(2, EvidenceCode.SKILL_LISTED, name=name)])
    mail = renderer().render(content(SHORTLIST, facts), NOW)
    page = Page(mail.html or "")
    assert not page.unbalanced
    assert len(page.links) == 1
