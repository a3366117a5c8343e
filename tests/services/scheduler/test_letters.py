from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.occasions import PastOccasion, State
from shared.contract.events.applications import Reason, ReasonCode, Stage, Strength, Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.contacts import ContactDue
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import Purpose
from tests.services.scheduler.people import (
    NOW,
    POLICY,
    SOON,
    approval,
    candidate,
    consent,
    contacts,
    no,
    not_yet,
    of_kind,
    on_record,
    planned,
    rejection,
    sent,
    the,
)

DAY = timedelta(days=1)
FRIDAY_NIGHT = datetime(2026, 3, 6, 22, tzinfo=UTC)


def test_the_letter_rests_a_day_and_then_waits_for_business_hours() -> None:
    letter = the(planned(candidate(rejection(decided_at=FRIDAY_NIGHT))), "letter")
    local = letter.due_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert local.date() == date(2026, 3, 9)
    assert 9 <= local.hour < 11


def test_the_letter_says_what_is_known_and_asks() -> None:
    gap = not_yet(date(2026, 9, 1))
    letter = contacts(planned(candidate(gap)))[Purpose.LETTER]
    assert letter.application_id == "a-1"
    assert letter.facts.employer == "Hafenwerk"
    assert letter.facts.qualifies_on == datetime(2026, 9, 1, tzinfo=UTC)
    assert letter.facts.shortfalls == gap.shortfalls
    assert letter.facts.asks_hat


def test_a_letter_to_somebody_who_just_missed_out_knows_how_close_it_was() -> None:
    praised = Reason(code=ReasonCode.OTHER, strengths=[Strength.INTERVIEW], note="For colleagues.")
    close = rejection(finishing_place=3, reason=praised)
    facts = contacts(planned(candidate(close)))[Purpose.LETTER].facts
    assert (facts.stage, facts.finishing_place) == (Stage.FINAL, 3)
    assert facts.strengths == [Strength.INTERVIEW]
    assert "colleagues" not in facts.model_dump_json()


def test_the_letter_may_leave_for_two_weeks_and_never_before_it_is_due() -> None:
    letter = the(planned(candidate(rejection())), "letter")
    due = contacts(planned(candidate(rejection())))[Purpose.LETTER]
    assert due.windows[0].opens_at == letter.due_at
    assert due.expires_at - letter.due_at <= timedelta(days=14)
    assert due.windows[-1].closes_at == due.expires_at


def test_somebody_wholly_unqualified_gets_one_kind_letter_and_nothing_more() -> None:
    everything = consent(*ConsentPurpose)
    state = candidate(no(), consents=everything)
    kind = the(planned(state), "kind_letter")
    assert len(planned(state).occasions) == 1
    assert not kind.asks_hat
    assert not planned(state, past=sent(kind), invitations=[approval()]).occasions


def test_somebody_told_by_another_system_is_only_asked() -> None:
    question = contacts(planned(candidate(rejection(already_told=True))))
    assert set(question) == {Purpose.QUESTION}
    assert question[Purpose.QUESTION].facts.asks_hat


def test_somebody_wholly_unqualified_and_told_hears_nothing() -> None:
    assert not planned(candidate(no(already_told=True))).occasions


def test_whom_somebody_else_asks_gets_no_question_of_ours() -> None:
    assert not planned(candidate(rejection(already_told=True, already_asked=True))).occasions
    letter = contacts(planned(candidate(rejection(already_asked=True))))[Purpose.LETTER]
    assert not letter.facts.asks_hat


def test_one_of_several_letters_asks() -> None:
    letters = of_kind(planned(candidate(rejection("a-1"), rejection("a-2"))), "letter")
    assert [letter.asks_hat for letter in letters] == [True, False]


def test_a_letter_asks_rather_than_a_question_beside_it() -> None:
    state = candidate(rejection("a-1", already_told=True), rejection("a-2"))
    assert set(contacts(planned(state))) == {Purpose.LETTER}


def test_the_next_decision_within_a_year_does_not_ask_again() -> None:
    first = the(planned(candidate(rejection("a-1"))), "letter")
    for days, asks in ((200, False), (400, True)):
        later = rejection("a-2", decided_at=NOW + timedelta(days=days))
        state = candidate(rejection("a-1"), later)
        made = planned(state, later.decided_at, past=sent(first))
        assert the(made, "letter").asks_hat is asks


def test_a_decision_after_an_answer_may_ask_and_one_before_it_may_not() -> None:
    first = the(planned(candidate(rejection("a-1"))), "letter")
    answered = first.due_at + timedelta(days=1)
    for decided_at, asks in ((NOW, False), (answered + timedelta(days=30), True)):
        later = rejection("a-2", decided_at=decided_at)
        state = candidate(rejection("a-1"), later, hat_answered_at=answered)
        assert the(planned(state, answered, past=sent(first)), "letter").asks_hat is asks


def test_somebody_who_has_agreed_is_not_asked() -> None:
    state = candidate(rejection(), consents=consent(ConsentPurpose.SIMILAR_OPENING))
    assert not the(planned(state), "letter").asks_hat


def test_a_question_that_is_out_stands_until_it_is_answered() -> None:
    told = rejection(already_told=True)
    question = the(planned(candidate(told)), "question")
    out = [on_record(question, State.EMITTED)]
    assert not planned(candidate(told), question.due_at, past=out).withdrawn
    answered = candidate(told, hat_answered_at=question.due_at + SOON)
    (withdrawn,) = planned(answered, question.due_at + SOON, past=out).withdrawn
    assert withdrawn.contact_id == question.id


def test_a_rejection_taken_back_is_not_told_of() -> None:
    letter = the(planned(candidate(rejection())), "letter")
    made = planned(candidate(), past=[on_record(letter)])
    assert made.obsolete == [letter.id]
    assert not made.withdrawn


def test_a_letter_under_way_is_withdrawn_when_the_rejection_is_taken_back() -> None:
    letter = the(planned(candidate(rejection())), "letter")
    (withdrawn,) = planned(candidate(), past=[on_record(letter, State.EMITTED)]).withdrawn
    assert (withdrawn.contact_id, withdrawn.because) == (letter.id, "no_longer_standing")


def test_an_application_gets_one_letter_even_if_its_tier_changes() -> None:
    letter = the(planned(candidate(rejection())), "letter")
    assert not planned(candidate(no()), letter.due_at, past=sent(letter)).occasions


def made_again(at: datetime, back: datetime | None) -> CandidateChanged:
    return candidate(rejection(decided_at=at, taken_back_at=back))


@pytest.mark.parametrize("back", [NOW, NOW + DAY])
@pytest.mark.parametrize("state", [State.SENT, State.EMITTED, State.WITHDRAWN])
def test_a_decision_made_again_after_it_was_taken_back_gets_a_letter_of_its_own_and_one(
    back: datetime, state: State
) -> None:
    first = the(planned(candidate(rejection())), "letter")
    past = [on_record(first, state)]
    again = made_again(NOW + 9 * DAY, back)
    second = the(planned(again, past=past), "letter")
    assert second.id != first.id
    assert second.due_at >= NOW + 10 * DAY
    past += sent(second)
    assert not planned(again, past=past).occasions
    moved = made_again(NOW + 10 * DAY, back)
    assert not planned(moved, past=past).occasions
    third = the(planned(made_again(NOW + 20 * DAY, NOW + 12 * DAY), past=past), "letter")
    assert third.id not in {first.id, second.id}


def test_the_same_decision_with_another_day_or_title_is_told_once() -> None:
    letter = the(planned(candidate(rejection())), "letter")
    moved = rejection(decided_at=NOW + 9 * DAY, vacancy_title="Another")
    assert not planned(candidate(moved), past=sent(letter)).occasions


def test_the_letter_of_a_decision_that_was_taken_back_does_not_leave_for_the_next_one() -> None:
    letter = the(planned(candidate(rejection())), "letter")
    made = planned(made_again(NOW + 9 * DAY, NOW + DAY), past=[on_record(letter, State.EMITTED)])
    assert [it.contact_id for it in made.withdrawn] == [letter.id]


def test_a_letter_that_did_not_get_out_is_tried_again_as_a_new_contact_and_not_for_ever() -> None:
    past: list[PastOccasion] = []
    for _ in range(POLICY.letter_tries):
        letter = the(planned(candidate(rejection()), past=past), "letter")
        assert letter.id not in {before.id for before in past}
        past.append(on_record(letter, State.EXPIRED, ended_at=letter.expires_at))
    assert not planned(candidate(rejection()), past=past).occasions


def test_after_a_withdrawal_the_next_letter_waits_until_the_first_certainly_never_leaves() -> None:
    letter = the(planned(candidate(rejection())), "letter")
    unsettled = on_record(letter, State.WITHDRAWN, ended_at=None)
    again = the(planned(candidate(rejection()), past=[unsettled]), "letter")
    assert letter.expires_at
    assert again.due_at > letter.expires_at
    settled = on_record(letter, State.WITHDRAWN)
    assert the(planned(candidate(rejection()), past=[settled]), "letter").due_at < again.due_at


def test_the_letter_goes_by_mail_first_and_over_no_channel_that_was_stopped() -> None:
    both = candidate(rejection(), channels=[Channel.SMS, Channel.EMAIL])
    assert contacts(planned(both))[Purpose.LETTER].channels == [Channel.EMAIL, Channel.SMS]
    stopped = both.model_copy(update={"stopped": [Channel.EMAIL]})
    assert contacts(planned(stopped))[Purpose.LETTER].channels == [Channel.SMS]


def test_an_answer_leaves_in_the_hours_of_the_place_that_its_own_system_told() -> None:
    there = rejection("b-1", time_zone="Pacific/Auckland", country="NZ", source="hr")
    letters = [it.event for it in planned(candidate(rejection(), there)).occasions]
    for letter, zone in zip(letters, ("Europe/Berlin", "Pacific/Auckland"), strict=True):
        assert isinstance(letter, ContactDue)
        opening = letter.windows[1].opens_at.astimezone(ZoneInfo(zone))
        assert (opening.hour, opening.weekday() < 5) == (9, True)


def test_whoever_cannot_be_reached_gets_nothing() -> None:
    changes: dict[str, Any]
    for changes in ({"channels": []}, {"stopped": [Channel.EMAIL]}):
        assert not planned(candidate(rejection(), **changes)).occasions


def test_whoever_works_here_hears_what_is_still_owed_is_asked_nothing_and_hears_no_more() -> None:
    gap = not_yet(date(2026, 9, 1), "a-2", already_told=True)
    agreed = consent(ConsentPurpose.NOW_AND_THEN), consent(ConsentPurpose.WHEN_QUALIFIED)
    hired = candidate(rejection(), gap, hired_at=NOW, consents=list(agreed))
    plan = planned(hired, invitations=[approval()])
    [letter] = [occasion.event for occasion in plan.occasions]
    assert isinstance(letter, ContactDue)
    assert (letter.purpose, letter.application_id) == (Purpose.LETTER, "a-1")
    assert not letter.facts.asks_hat
    asking = on_record(the(planned(candidate(rejection())), "letter"), State.EMITTED)
    again = planned(hired, past=[asking])
    assert [withdrawn.because for withdrawn in again.withdrawn] == ["hired"]
    assert not contacts(again)[Purpose.LETTER].facts.asks_hat
    assert not planned(candidate(hired_at=NOW)).occasions


def test_a_decision_that_two_systems_tell_of_has_one_letter() -> None:
    again = rejection("b-1", vacancy_id="v-9", source="hr", told_with="a-1")
    plan = planned(candidate(again, rejection()))
    assert [occasion.subject for occasion in plan.occasions] == ["a-1"]
    alone = planned(candidate(again.model_copy(update={"already_told": True})))
    assert set(contacts(alone)) == {Purpose.QUESTION}
    going_on = approval(application_id="b-1")
    both = planned(candidate(again, rejection()), invitations=[going_on])
    assert set(contacts(both)) == {Purpose.CONTINUATION}


@pytest.mark.parametrize("lacked", [rejection(), rejection(tier=Tier.NOT_YET)])
def test_the_letter_and_all_that_follows_go_by_what_was_missing_by_each_decision_it_tells(
    lacked: Rejection,
) -> None:
    other = not_yet(date(2026, 9, 1), "b-1", told_with="a-1")
    state = candidate(lacked, other, consents=consent(ConsentPurpose.WHEN_QUALIFIED))
    for purpose in (Purpose.LETTER, Purpose.READY):
        due = the(planned(state), purpose).event
        assert isinstance(due, ContactDue)
        assert (due.facts.application_id, due.facts.tier) == ("a-1", lacked.tier)
        assert due.facts.shortfalls == other.shortfalls
        assert due.facts.qualifies_on == datetime(2026, 9, 1, tzinfo=UTC)
    apart = other.model_copy(update={"told_apart": True})
    alone = planned(candidate(lacked, apart, consents=state.consents))
    letter = the(alone, Purpose.LETTER).event
    assert isinstance(letter, ContactDue)
    assert letter.facts.shortfalls == []
    assert not of_kind(alone, Purpose.READY)


@pytest.mark.parametrize(
    ("told_as", "agrees", "goes_on"),
    [
        (None, False, True),
        (Tier.RUNNER_UP, False, True),
        (Tier.NOT_YET, False, False),
        (Tier.NO, False, False),
        (Tier.NOT_YET, True, True),
    ],
)
def test_an_application_goes_on_without_a_yes_only_if_its_letter_said_so(
    told_as: Tier | None, agrees: bool, goes_on: bool
) -> None:
    close = rejection(already_told=True, already_asked=True, told_as=told_as)
    agreed = consent(ConsentPurpose.SIMILAR_OPENING) if agrees else []
    plan = planned(candidate(close, consents=agreed), invitations=[approval(application_id="a-1")])
    assert bool(of_kind(plan, Purpose.CONTINUATION)) is goes_on


def test_nothing_leaves_during_a_pause_and_the_letter_follows_it() -> None:
    until = NOW + timedelta(days=40)
    letter = the(planned(candidate(rejection(), paused_until=until)), "letter")
    assert letter.due_at >= until
    out = on_record(the(planned(candidate(rejection())), "letter"), State.EMITTED)
    paused = planned(candidate(rejection(), paused_until=until), past=[out])
    assert [withdrawn.because for withdrawn in paused.withdrawn] == ["paused"]


def test_a_letter_that_is_long_overdue_gets_a_moment_from_now_on_and_keeps_it() -> None:
    old = candidate(rejection(decided_at=NOW - timedelta(days=700)))
    letter = the(planned(old), "letter")
    assert letter.due_at >= NOW
    later = planned(old, NOW + timedelta(minutes=30), past=[on_record(letter)])
    assert the(later, "letter") == letter


def test_nobody_is_told_no_about_a_place_they_are_offered_again() -> None:
    again = approval(application_id="a-1")
    assert set(contacts(planned(candidate(rejection()), invitations=[again]))) == {
        Purpose.CONTINUATION
    }
    lapsed = NOW + timedelta(days=15)
    assert set(contacts(planned(candidate(rejection()), lapsed, invitations=[again]))) == {
        Purpose.LETTER
    }


def test_a_tier_of_its_own_for_each_application() -> None:
    state = candidate(no("a-1"), rejection("a-2", tier=Tier.RUNNER_UP))
    assert set(contacts(planned(state))) == {Purpose.KIND_LETTER, Purpose.LETTER}
