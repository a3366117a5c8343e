from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain import (
    Backoff,
    Because,
    Conditions,
    Message,
    Recipient,
    Refusal,
    Route,
    SendResult,
    SendStatus,
    State,
    after_refusal,
    after_try,
    conditions,
    evaluate,
    next_slot,
)
from shared.contract.events.contacts import ContactFacts, Outcome, Window
from shared.contract.events.people import Channel, Consent, ConsentPurpose, PersonName
from shared.contract.events.purposes import Purpose
from shared.contract.events.recipients import RecipientChanged, RecipientKind, SpeakingOf

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FRESH = Conditions(known_until=NOON)
ADA = Recipient(
    RecipientChanged(
        recipient_id="c1",
        version=1,
        kind=RecipientKind.CANDIDATE,
        name=PersonName(given_name="Ada"),
        emails=["ada@example.com", "ada@work.example"],
        phone="+491700000001",
        applications=[SpeakingOf(application_id="a1", answer_owed=True)],
    )
)


def message(**changes: Any) -> Message:
    letter = Message(
        message_id="m1",
        lease_token=uuid4(),
        recipient_id="c1",
        purpose=Purpose.LETTER,
        channels=[Channel.EMAIL, Channel.SMS],
        facts=ContactFacts(),
        windows=[Window(opens_at=NOON - HOUR, closes_at=NOON + HOUR)],
        expires_at=NOON + timedelta(days=2),
        received_at=NOON - HOUR,
        tries=0,
        contact_id="k1",
        application_id="a1",
    )
    return replace(letter, **changes)


def changed(**changes: Any) -> Recipient:
    return replace(ADA, state=ADA.state.model_copy(update=changes))


def test_the_first_channel_that_is_possible_is_taken() -> None:
    assert evaluate(message(), ADA, FRESH, NOON) == Route(
        ADA.state, Channel.EMAIL, "ada@example.com"
    )
    stopped = changed(stopped=[Channel.EMAIL])
    route = evaluate(message(), stopped, FRESH, NOON)
    assert route == Route(stopped.state, Channel.SMS, "+491700000001")


def test_a_channel_without_a_way_out_is_passed_over() -> None:
    no_mail = replace(FRESH, ways=frozenset({Channel.SMS}))
    route = evaluate(message(), ADA, no_mail, NOON)
    assert route == Route(ADA.state, Channel.SMS, "+491700000001")
    nothing = replace(FRESH, ways=frozenset[Channel]())
    assert evaluate(message(), ADA, nothing, NOON) == Refusal(Because.NO_WAY_OUT, for_good=True)


def test_an_address_that_is_dead_is_passed_over() -> None:
    one_dead = replace(ADA, suppressed=frozenset({"ada@example.com"}))
    route = evaluate(message(), one_dead, FRESH, NOON)
    assert isinstance(route, Route)
    assert route.address == "ada@work.example"
    all_dead = replace(ADA, suppressed=frozenset({*ADA.state.emails, "+491700000001"}))
    assert evaluate(message(), all_dead, FRESH, NOON) == Refusal(
        Because.ADDRESS_DEAD, for_good=True
    )


def test_an_application_is_spoken_of_over_what_its_own_source_gave_and_nothing_else() -> None:
    own = SpeakingOf(application_id="a1", answer_owed=True, emails=["ada@own.example"])
    one_dead = replace(changed(applications=[own]), suppressed=frozenset({"ada@own.example"}))
    assert evaluate(message(), one_dead, FRESH, NOON) == Refusal(
        Because.ADDRESS_DEAD, for_good=True
    )


def test_what_somebody_agreed_to_goes_where_they_agreed_whatever_it_speaks_of() -> None:
    own = SpeakingOf(
        application_id="a1", answer_owed=False, emails=["ada@own.example"], phone="+491700000002"
    )
    consent = Consent(
        purpose=ConsentPurpose.NOW_AND_THEN,
        channel=Channel.SMS,
        since=NOON - HOUR,
        until=NOON + HOUR,
    )
    agreed = changed(applications=[own], consents=[consent])
    check_in = message(purpose=Purpose.CHECK_IN)
    assert evaluate(check_in, agreed, FRESH, NOON) == Route(
        agreed.state, Channel.SMS, "+491700000001"
    )
    assert isinstance(
        route := evaluate(
            message(),
            changed(applications=[own.model_copy(update={"answer_owed": True})]),
            FRESH,
            NOON,
        ),
        Route,
    )
    assert route.address == "ada@own.example"


def test_a_stop_of_a_channel_that_is_not_known_here_stops_them_all() -> None:
    stopped = changed(stopped=[Channel("post")])
    for channel in Channel:
        refused = evaluate(message(channels=[channel]), stopped, FRESH, NOON)
        assert refused == Refusal(Because.STOPPED, for_good=True)


@pytest.mark.parametrize(("purpose", "channel"), [("new_shop", "email"), ("now_and_then", "post")])
def test_a_consent_that_is_not_known_here_allows_nothing(purpose: str, channel: str) -> None:
    consent = Consent(
        purpose=ConsentPurpose(purpose),
        channel=Channel(channel),
        since=NOON - HOUR,
        until=NOON + HOUR,
    )
    check_in = message(purpose=Purpose.CHECK_IN, channels=[Channel.EMAIL])
    refused = evaluate(check_in, changed(consents=[consent]), FRESH, NOON)
    assert refused == Refusal(Because.NO_CONSENT, for_good=True)


def test_a_purpose_that_is_not_known_here_is_refused_for_good_whatever_is_in_the_way() -> None:
    on_hold = Conditions(known_until=None, obstacle=Because.ON_HOLD)
    refused = evaluate(message(purpose=Purpose("yearly_note")), ADA, on_hold, NOON)
    assert refused == Refusal(Because.UNKNOWN_PURPOSE, for_good=True)


@pytest.mark.parametrize(
    ("recipient", "because"),
    [
        (Because.RECIPIENT_UNREAD, Because.RECIPIENT_UNREAD),
        (changed(kind=RecipientKind("referee")), Because.UNKNOWN_KIND),
    ],
)
def test_what_is_only_not_understood_about_a_person_is_never_final(
    recipient: Recipient | Because, because: Because
) -> None:
    assert evaluate(message(), recipient, FRESH, NOON) == Refusal(because)


def test_a_refusal_is_final_only_when_all_is_known_that_came_before_the_message() -> None:
    nobody_owes = changed(applications=[])
    for known_until, final in [(NOON - 2 * HOUR, False), (NOON - HOUR, False), (NOON, True)]:
        refused = evaluate(message(), nobody_owes, Conditions(known_until), NOON)
        assert refused == Refusal(Because.NOT_SPEAKING_OF_IT, for_good=final)


@pytest.mark.parametrize(
    ("known_ago", "clocks_apart", "complete", "held", "obstacle"),
    [
        (9.9, 0, True, [], None),
        (10.1, 0, True, [], Because.RECIPIENTS_STALE),
        (0, 0, False, [], Because.RECIPIENTS_STALE),
        (0, 61, True, [], Because.CLOCK_DOUBTFUL),
        (0, -61, True, [], Because.CLOCK_DOUBTFUL),
        (0, 0, True, ["everything"], Because.ON_HOLD),
        (0, 0, True, ["sms"], None),
    ],
)
def test_nothing_leaves_without_fresh_knowledge_a_sane_clock_and_leave(
    known_ago: float, clocks_apart: float, complete: bool, held: list[str], obstacle: Because | None
) -> None:
    stands = conditions(
        database_now=NOON,
        wall_now=NOON + timedelta(seconds=clocks_apart),
        known_until=NOON - timedelta(seconds=known_ago),
        complete=complete,
        fresh_for=timedelta(seconds=10),
        held=held,
        ways=[Channel.EMAIL],
    )
    assert stands.obstacle == obstacle
    assert (obstacle is None) == isinstance(evaluate(message(), ADA, stands, NOON), Route)


def test_a_held_channel_is_waited_for_and_no_other_is_taken_in_its_place() -> None:
    held = replace(FRESH, held=frozenset({Channel.EMAIL}))
    assert evaluate(message(), ADA, held, NOON) == Refusal(Because.ON_HOLD)


spans = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(1, 500)).map(
        lambda span: Window(
            opens_at=NOON + timedelta(minutes=span[0]),
            closes_at=NOON + timedelta(minutes=span[0] + span[1]),
        )
    ),
    min_size=1,
    max_size=5,
)


@given(windows=spans, minutes=st.integers(-100, 6000))
def test_the_next_moment_is_the_earliest_inside_a_window(
    windows: list[Window], minutes: int
) -> None:
    at = NOON + timedelta(minutes=minutes)
    found = next_slot(windows, at)
    minute = timedelta(minutes=1)
    inside = [
        moment
        for moment in (at + number * minute for number in range(7000))
        if any(window.opens_at <= moment < window.closes_at for window in windows)
    ]
    assert found == (inside[0] if inside else None)


@given(
    windows=spans,
    minutes=st.integers(0, 6000),
    tries=st.integers(0, 40),
    chance=st.floats(0, 0.999),
)
def test_a_message_is_tried_again_only_inside_a_window_or_left_to_expire(
    windows: list[Window], minutes: int, tries: int, chance: float
) -> None:
    now = NOON + timedelta(minutes=minutes)
    wait = Backoff(timedelta(minutes=1), HOUR).after(tries + 1, chance)
    assert timedelta(seconds=30) < wait <= HOUR
    tried = message(windows=windows, tries=tries, expires_at=max(w.closes_at for w in windows))
    route = Route(ADA.state, Channel.EMAIL, "ada@example.com")
    settled = after_try(tried, route, "v1", SendResult(SendStatus.DEFERRED, "rcpt_450"), now, wait)
    assert (settled.state, settled.tries) == (State.PENDING, tries + 1)
    again = settled.next_attempt_at
    assert again == tried.expires_at or again >= now + wait
    assert again == tried.expires_at or any(w.opens_at <= again < w.closes_at for w in windows)


@pytest.mark.parametrize(
    ("result", "state", "tries"),
    [
        (SendStatus.SENT, State.SENT, 0),
        (SendStatus.FAILED, State.FAILED, 0),
        (SendStatus.UNCERTAIN, State.UNCERTAIN, 0),
        (SendStatus.DEFERRED, State.PENDING, 1),
        (SendStatus.AWAY, State.PENDING, 0),
    ],
)
def test_a_result_leads_to_its_state(result: SendStatus, state: State, tries: int) -> None:
    route = Route(ADA.state, Channel.EMAIL, "ada@example.com")
    settled = after_try(message(), route, "v1", SendResult(result, "x"), NOON, HOUR / 2)
    assert (settled.state, settled.tries) == (state, tries)


def test_only_a_refusal_for_good_drops_a_message() -> None:
    dropped = after_refusal(message(), Refusal(Because.NO_CONSENT, for_good=True), NOON)
    assert dropped.state is State.DROPPED
    waits = after_refusal(message(), Refusal(Because.NO_CONSENT), NOON)
    assert (waits.state, waits.tries) == (State.PENDING, 0)
    assert NOON < waits.next_attempt_at < NOON + timedelta(minutes=1)


def test_what_somebody_asked_for_is_sent_whatever_they_stopped_or_did_not_agree_to() -> None:
    stopped = changed(stopped=[Channel.EMAIL, Channel.SMS], applications=[])
    route = evaluate(message(purpose=Purpose.RECORD), stopped, FRESH, NOON)
    assert route == Route(stopped.state, Channel.EMAIL, "ada@example.com")


def test_a_new_address_is_asked_whether_it_is_theirs_and_sent_nothing_else() -> None:
    given = changed(to_verify="ada@new.example")
    asks = evaluate(message(purpose=Purpose.ADDRESS), given, FRESH, NOON)
    assert asks == Route(given.state, Channel.EMAIL, "ada@new.example")
    for purpose in set(Purpose) - {Purpose.ADDRESS}:
        route = evaluate(message(purpose=purpose), given, FRESH, NOON)
        assert not isinstance(route, Route) or route.address == "ada@example.com"
    none_left = evaluate(message(purpose=Purpose.ADDRESS), ADA, FRESH, NOON)
    assert none_left == Refusal(Because.NO_ADDRESS, for_good=True)


def test_a_link_for_an_address_that_another_one_replaced_goes_nowhere() -> None:
    asks = message(purpose=Purpose.ADDRESS, contact_id="r1")
    for state in ({"to_verify": "new@b.example", "to_verify_request": "r2"}, {"to_verify": None}):
        left = evaluate(asks, changed(**state), FRESH, NOON)
        assert left == Refusal(Because.NO_ADDRESS, for_good=True)
    still = changed(to_verify="new@a.example", to_verify_request="r1", phone_to_verify="+491")
    assert evaluate(asks, still, FRESH, NOON) == Route(still.state, Channel.EMAIL, "new@a.example")


def test_a_new_number_is_asked_for_by_text_message_and_sent_nothing_else() -> None:
    given = changed(phone_to_verify="+491729999999", emails=[])
    asks = message(purpose=Purpose.ADDRESS, channels=[Channel.SMS])
    assert evaluate(asks, given, FRESH, NOON) == Route(given.state, Channel.SMS, "+491729999999")
    for purpose in set(Purpose) - {Purpose.ADDRESS}:
        route = evaluate(message(purpose=purpose), given, FRESH, NOON)
        assert not isinstance(route, Route) or route.address == ADA.state.phone


def test_nobody_is_told_that_a_vacancy_has_closed_which_is_open_again() -> None:
    said = message(
        purpose=Purpose.OUTCOME,
        shortlist_id="s1",
        facts=ContactFacts(outcome=Outcome.VACANCY_CLOSED),
    )
    closed = changed(closed_shortlists=["s0", "s1"])
    assert isinstance(evaluate(said, closed, FRESH, NOON), Route)
    refused = Refusal(Because.VACANCY_OPEN, for_good=True)
    assert evaluate(said, changed(closed_shortlists=["s0"]), FRESH, NOON) == refused
    ended = replace(said, facts=ContactFacts(outcome=Outcome.NOT_THIS_TIME))
    assert isinstance(evaluate(ended, ADA, FRESH, NOON), Route)
    assert isinstance(evaluate(ended, changed(applications=[]), FRESH, NOON), Route)
