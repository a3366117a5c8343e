"""No text is sent twice to the same person word for word."""

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from services.notifier.rendering.samples import contact, content
from shared.contract.events.people import Channel
from shared.contract.events.purposes import RULES, Basis, Purpose
from tests.services.notifier.letters import renderer, without_tokens

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
KEPT = datetime(2036, 3, 5, tzinfo=UTC)
MONTHS_APART = 6
RENDERER = renderer()
UNASKED = {purpose for purpose, rule in RULES.items() if rule.basis is not Basis.REQUEST}
"""What comes without their having asked for this one message; a lost link looks like the last."""


def said(purpose: Purpose, nth: int, channel: Channel, *, is_last: bool = False) -> tuple[str, str]:
    facts = contact(nth=nth, consent_until=KEPT, is_last=is_last)
    at = NOW + timedelta(days=30.5 * MONTHS_APART * nth)
    rendered = RENDERER.render(content(purpose, facts, channel), at)
    return rendered.subject, without_tokens(rendered.text)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("purpose", sorted(UNASKED - {Purpose.RENEWAL}))
def test_what_repeats_never_says_the_same_words_twice(purpose: Purpose, channel: Channel) -> None:
    texts = [said(purpose, nth, channel)[1] for nth in range(1, 8)]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("is_last", [False, True])
@pytest.mark.parametrize("purpose", sorted(UNASKED))
def test_three_in_a_row_are_worded_in_three_ways(
    purpose: Purpose, channel: Channel, is_last: bool
) -> None:
    three = [said(purpose, nth, channel, is_last=is_last) for nth in (1, 2, 3)]
    for (subject, text), (other_subject, other_text) in combinations(three, 2):
        assert text != other_text
        assert channel is Channel.SMS or subject != other_subject


def test_the_last_reminder_says_that_it_is_the_last() -> None:
    for nth in (2, 3, 4):
        for channel in Channel:
            subject, text = said(Purpose.RENEWAL, nth, channel, is_last=True)
            assert re.search("last|not ask again", subject + text)


def test_the_wording_that_is_agreed_to_names_which_variant_it_was() -> None:
    versions = [
        RENDERER.render(
            content(Purpose.RENEWAL, contact(nth=nth, consent_until=KEPT)), NOW
        ).wording_version
        for nth in (1, 2, 3)
    ]
    assert len(set(versions)) == 3
    assert versions[1].startswith(versions[0])
