"""Text messages: short, spelled plainly, and with a way to stop."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain import Content
from services.notifier.rendering.gsm7 import is_gsm7, segments, spelled
from services.notifier.rendering.renderer import Renderer
from services.notifier.rendering.samples import NOW, contact, content, samples
from shared.contract.events.applications import ReasonCode, Tier
from shared.contract.events.people import Channel, PersonName
from shared.contract.events.purposes import Purpose
from shared.runtime.links import Links, ShortLink
from tests.services.notifier.letters import NORTHWIND, renderer, without_tokens

SHORT = ("check_in", "ready", "renewal", "invitation", "continuation", "shortlist")
"""What only asks or announces. The answers to applications say why, and may take two for it."""
REPEATED = ("second-sms", "third-sms", "fourth-sms", "last-sms", "again-sms")
"""What says otherwise what was said before, and which month it is, may take two for that."""


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_networks_count_them(text: str, count: int) -> None:
    assert segments(text) == count


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“Zoë” – it’s…", '"Zoe" - it\'s...'),
        ("Größe, Ærø, España", "Größe, Ærø, España"),
        ("Łukasz ж", "Lukasz ж"),
        ("Œuvre “Bäcker” – für Zoë’s\u00a0Straße", 'OEuvre "Bäcker" - für Zoe\'s Straße'),
        ("Bäcker\u2011in\u200b", "Bäcker-in"),
        ("one\u00a0two", "one two"),
    ],
)
def test_what_gsm7_lacks_is_spelled_plainly_where_that_is_possible(text: str, plain: str) -> None:
    assert spelled(text) == plain


@given(st.text())
def test_spelling_changes_no_text_that_needs_no_spelling(text: str) -> None:
    assert spelled(spelled(text)) == spelled(text)
    if is_gsm7(text):
        assert spelled(text) == text


TEXTS = {name: each for name, each in samples() if each.channel is Channel.SMS}
HOSPITAL = Renderer(
    Links("k" * 43, "https://karriere.klinikum-schleswig-holstein.example"),
    replace(NORTHWIND, name="Universitätsklinikum Schleswig-Holstein"),
)
"""An employer whose name and host are long, and who is not invented to be so."""


def lengthened(each: Content) -> Content:
    """Writes a sample to somebody with a long name, about a role with a long title."""
    longer = {
        "vacancy_title": "Senior Physician, Anaesthesiology and Intensive Care (m/f/d)",
        "locality": "Neumünster",
    }
    known = each.facts.model_dump(exclude_none=True).keys() & longer.keys()
    facts = each.facts.model_copy(update={field: longer[field] for field in known})
    name = PersonName(given_name="Maximiliane-Charlotte", family_name="von Schönberg-Lichtenau")
    return replace(each, facts=facts, name=name)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_message_with_its_link_takes_two_segments_at_most_in_gsm7(name: str) -> None:
    for each in (TEXTS[name], replace(TEXTS[name], knows_how_to_stop=True)):
        message = renderer().render(each, NOW)
        text = message.sms_text or ""
        assert (message.html, message.text) == (None, text)
        assert is_gsm7(text)
        assert segments(text) <= 2
        assert text.startswith(NORTHWIND.name), "who writes is said first"


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_message_of_long_names_takes_two_segments_at_most_in_gsm7(name: str) -> None:
    text = HOSPITAL.render(lengthened(TEXTS[name]), NOW).sms_text or ""
    assert is_gsm7(text)
    assert segments(text) <= 2


@pytest.mark.parametrize(
    "name", [it for it in TEXTS if it.startswith(SHORT) and not it.endswith(REPEATED)]
)
def test_a_text_message_to_somebody_who_knows_how_to_stop_takes_one_segment(name: str) -> None:
    each = replace(TEXTS[name], knows_how_to_stop=True)
    assert segments(renderer().render(each, NOW).sms_text or "") == 1


@pytest.mark.parametrize("name", [name for name in TEXTS if TEXTS[name].is_to_candidate])
def test_how_to_stop_is_said_to_whom_it_was_not_said_lately(name: str) -> None:
    told = renderer().render(TEXTS[name], NOW)
    assert "STOP" in (told.sms_text or "")
    assert told.tells_how_to_stop
    knows = renderer().render(replace(TEXTS[name], knows_how_to_stop=True), NOW)
    assert "STOP" not in (knows.sms_text or "")
    assert not knows.tells_how_to_stop


@pytest.mark.parametrize("name", TEXTS)
def test_what_the_link_in_a_text_message_stands_for_is_told_beside_it(name: str) -> None:
    message = renderer().render(TEXTS[name], NOW)
    link = message.told
    assert (link is not None) == ("https://" in (message.sms_text or ""))
    if link:
        assert isinstance(link, ShortLink)
        assert link.url in (message.sms_text or "")
        assert {"candidate", "recruiter"} & link.claims.keys()


@pytest.mark.parametrize("name", [name for name, _ in samples() if name.endswith("sms")])
def test_a_text_message_says_first_who_sends_it(name: str) -> None:
    message = renderer().render(dict(samples())[name], NOW)
    assert (message.sms_text or "").startswith("Northwind Clinics")


def test_a_text_message_gives_up_the_name_and_the_title_before_the_reason() -> None:
    long_title = (
        "Head of Nursing, Anaesthesia and Intensive Care, Emergency Medicine and Day Surgery, "
        "Hamburg, Bremen and Kiel"
    )
    facts = contact(vacancy_title=long_title, asks_hat=True)
    too_short = {"tier": Tier.NOT_YET, "reason_code": ReasonCode.EXPERIENCE_TOO_SHORT}
    facts = facts.model_copy(update=too_short)
    text = renderer().render(content(Purpose.LETTER, facts, Channel.SMS), NOW).sms_text or ""
    assert without_tokens(text) == (
        "Northwind Clinics on your application: we are sorry, not yet. The role needs more "
        "experience. May we keep your name in the hat? <t> Reply STOP to stop."
    )


def test_a_name_beyond_gsm7_is_left_out_rather_than_doubling_the_price() -> None:
    polish = content(Purpose.CHECK_IN, contact(), Channel.SMS, name=PersonName(given_name="Лукаш"))
    text = renderer().render(polish, NOW).sms_text or ""
    assert "укаш" not in text
    assert is_gsm7(text)


def test_a_title_in_another_script_is_kept_as_it_is() -> None:
    facts = contact(vacancy_title="Медсестра")
    text = renderer().render(content(Purpose.INVITATION, facts, Channel.SMS), NOW).sms_text or ""
    assert "Медсестра" in text
