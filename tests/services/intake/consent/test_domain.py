"""What a candidate's form means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.consent.domain import (
    HAT_MONTHS,
    ContactAnswer,
    HatYes,
    Pause,
    SimpleAnswer,
    agreed,
    compare,
    last_moment,
    reachable,
    read_answer,
)
from services.intake.consent.forms import InvalidAnswer
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.responses import Answer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOTH = [Channel.EMAIL, Channel.SMS]
YES = {
    "do": ["hat_yes"],
    "purpose": ["similar_opening", "now_and_then"],
    "channel": ["email"],
    "months": ["12"],
}


def test_a_yes_gives_one_consent_for_each_purpose_and_channel() -> None:
    choice = read_answer({**YES, "channel": ["email", "sms"]})
    assert isinstance(choice, HatYes)
    given_consents = {(consent.purpose, consent.channel) for consent in agreed(choice, NOW)}
    assert given_consents == {
        (purpose, channel)
        for purpose in (ConsentPurpose.SIMILAR_OPENING, ConsentPurpose.NOW_AND_THEN)
        for channel in BOTH
    }


def test_a_consent_ends_with_the_last_day_of_the_chosen_months() -> None:
    assert last_moment(NOW, 12) == datetime(2027, 3, 3, tzinfo=UTC)
    assert last_moment(datetime(2028, 2, 29, 23, tzinfo=UTC), 12) == datetime(
        2029, 3, 1, tzinfo=UTC
    )


@given(st.integers(min_value=0, max_value=30 * 366 * 24 * 60))
def test_the_same_yes_later_on_the_same_day_changes_nothing(minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    choice = HatYes(frozenset(ConsentPurpose), frozenset(Channel), HAT_MONTHS[0])
    live = agreed(choice, now)
    again = agreed(choice, now.replace(hour=23, minute=59))
    assert compare(live, again) == (again, [])


def test_a_new_choice_keeps_only_what_it_repeats() -> None:
    live = agreed(HatYes(frozenset(ConsentPurpose), frozenset({Channel.EMAIL}), 12), NOW)
    wanted = agreed(
        HatYes(frozenset({ConsentPurpose.NOW_AND_THEN}), frozenset({Channel.EMAIL}), 12), NOW
    )
    assert compare(live, wanted) == (wanted, [])


def test_a_longer_yes_replaces_the_shorter_one() -> None:
    short = Consent(
        purpose=ConsentPurpose.NOW_AND_THEN,
        channel=Channel.EMAIL,
        since=NOW - timedelta(days=30),
        until=last_moment(NOW, 6),
    )
    wanted = agreed(
        HatYes(frozenset({ConsentPurpose.NOW_AND_THEN}), frozenset({Channel.EMAIL}), 24), NOW
    )
    assert compare([short], wanted) == ([], wanted)


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({**YES, "purpose": ["everything"]}, "purpose"),
        ({**YES, "purpose": []}, "purpose"),
        ({**YES, "channel": ["pigeon"]}, "channel"),
        ({**YES, "months": ["600"]}, "months"),
        ({**YES, "months": []}, "months"),
        ({"do": ["pause"], "months": ["24"]}, "months"),
        ({"do": ["erase"]}, "confirm"),
        ({"do": ["erase"], "confirm": ["no"]}, "confirm"),
        ({"do": ["has_it_now"]}, "gap"),
        ({"do": ["hat"]}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_form_that_cannot_be_acted_on_says_what_is_missing(
    form: dict[str, list[str]], fault: str
) -> None:
    with pytest.raises(InvalidAnswer) as misread:
        read_answer(form)
    assert misread.value.fault == fault


def test_a_yes_counts_for_the_channels_over_which_somebody_can_be_reached() -> None:
    choice = read_answer({**YES, "channel": ["email", "sms"]})
    assert isinstance(choice, HatYes)
    assert reachable(choice, [Channel.EMAIL]).channels == {Channel.EMAIL}
    with pytest.raises(InvalidAnswer) as misread:
        reachable(choice, [])
    assert misread.value.fault == "channel"


def test_every_other_answer_is_read_as_what_it_is() -> None:
    assert read_answer({"do": ["interested"]}) == ContactAnswer(Answer.INTERESTED)
    assert read_answer({"do": ["not_now"]}) == ContactAnswer(Answer.NOT_NOW)
    assert read_answer({"do": ["has_it_now"], "gap": ["r1"]}) == ContactAnswer(
        Answer.HAS_IT_NOW, "r1"
    )
    assert read_answer({"do": ["pause"], "months": ["3"]}) == Pause(3)
    assert read_answer({"do": ["stop"]}) is SimpleAnswer.STOP
    assert read_answer({"do": ["resume"]}) is SimpleAnswer.RESUME
    assert read_answer({"do": ["erase"], "confirm": ["yes"]}) is SimpleAnswer.ERASE
    assert read_answer({"do": ["hat_no"]}) is SimpleAnswer.HAT_NO
