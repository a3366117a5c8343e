"""Text messages: short, spelled plainly, and with a way to stop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.rendering.gsm7 import is_gsm7, segments, spelled
from services.notifier.rendering.samples import NOW, contact, content, samples
from shared.contract.events.applications import ReasonCode, Tier
from shared.contract.events.people import Channel, PersonName
from shared.contract.events.purposes import Purpose
from tests.services.notifier.letters import renderer, without_tokens


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


@pytest.mark.parametrize("name", [name for name, _ in samples() if name.endswith("sms")])
def test_the_words_of_a_text_message_take_one_segment_or_all_of_it_two(name: str) -> None:
    message = renderer().render(dict(samples())[name], NOW)
    text = message.sms_text or ""
    assert message.html is None
    assert message.text == text
    assert segments(without_tokens(text).replace("<c>", "")) == 1 or segments(text) <= 2


@pytest.mark.parametrize("name", [name for name, _ in samples() if name.endswith("sms")])
def test_a_text_message_says_first_who_sends_it(name: str) -> None:
    message = renderer().render(dict(samples())[name], NOW)
    assert (message.sms_text or "").startswith("Northwind Clinics")


def test_a_text_message_gives_up_the_name_and_the_title_before_the_reason() -> None:
    long_title = "Head of Nursing, Anaesthesia and Intensive Care, Hamburg and Bremen"
    facts = contact(vacancy_title=long_title, asks_hat=True)
    too_short = {"tier": Tier.NOT_YET, "reason_code": ReasonCode.EXPERIENCE_TOO_SHORT}
    facts = facts.model_copy(update=too_short)
    text = renderer().render(content(Purpose.LETTER, facts, Channel.SMS), NOW).sms_text or ""
    assert without_tokens(text) == (
        "Northwind Clinics on your application: sorry, not yet. The role needs more experience. "
        "May we keep your name in the hat? <c> Reply STOP to stop."
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
