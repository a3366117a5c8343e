from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from services.scheduler.domain.budget import free_from
from services.scheduler.domain.occasions import (
    QUALIFIED,
    Departure,
    Occasion,
    PastOccasion,
    State,
)
from services.scheduler.domain.policy import Limit
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.contacts import CandidateQualified, ContactDue, ContactFacts
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import Purpose, Share
from shared.contract.events.shortfalls import RequirementKind, Shortfall
from tests.services.scheduler.people import (
    NOW,
    POLICY,
    YEARS,
    approval,
    candidate,
    consent,
    contacts,
    not_yet,
    of_kind,
    on_record,
    planned,
    rejection,
    sent,
    the,
)

WHEN_QUALIFIED = ConsentPurpose.WHEN_QUALIFIED
NOW_AND_THEN = ConsentPurpose.NOW_AND_THEN
DAY, HALF_A_YEAR = timedelta(days=1), timedelta(days=180)
SEPTEMBER = date(2026, 9, 1)
LONG_TOLD: dict[str, Any] = {"already_told": True, "decided_at": NOW - timedelta(days=1000)}


YES_ALONE = {Purpose.CHECK_IN, Purpose.RENEWAL}
"""What goes by a yes, and by no application."""


def agreed(*purposes: ConsentPurpose, **changes: Any) -> CandidateChanged:
    """Somebody who was told, asked, and said yes to these purposes."""
    return candidate(
        rejection(**LONG_TOLD), consents=consent(*purposes), hat_answered_at=NOW, **changes
    )


def due(occasion: Occasion) -> ContactDue:
    assert isinstance(occasion.event, ContactDue)
    return occasion.event


def facts_of(occasion: Occasion) -> ContactFacts:
    return due(occasion).facts


def test_somebody_is_written_to_when_their_gap_closes_if_they_agreed() -> None:
    state = candidate(not_yet(SEPTEMBER), consents=consent(WHEN_QUALIFIED))
    ready = the(planned(state), Purpose.READY)
    assert ready.due_at.date() == SEPTEMBER
    told = due(ready)
    assert told.facts.qualifies_on
    assert (told.application_id, told.facts.application_id) == (None, "a-1")
    assert not of_kind(planned(candidate(not_yet(SEPTEMBER))), Purpose.READY)


def test_the_matcher_hears_once_that_a_gap_closes_whoever_agreed_to_what() -> None:
    made = planned(candidate(not_yet(SEPTEMBER)))
    news = the(made, QUALIFIED)
    assert isinstance(news.event, CandidateQualified)
    assert news.event.qualified_on == datetime(2026, 9, 1, tzinfo=UTC)
    told = [on_record(news, State.EMITTED, ended_at=None)]
    again = planned(candidate(not_yet(SEPTEMBER)), past=told)
    assert not of_kind(again, QUALIFIED)
    assert not again.withdrawn


def test_missing_months_are_projected_and_the_assumption_is_said() -> None:
    gap = Shortfall(
        requirement_id="r-1",
        kind=RequirementKind.EXPERIENCE,
        required_months=36,
        observed_months=12,
        observed_at=date(2026, 2, 28),
    )
    lacking = rejection(tier=Tier.NOT_YET, shortfalls=[gap])
    news = the(planned(candidate(lacking)), QUALIFIED).event
    assert isinstance(news, CandidateQualified)
    assert news.qualified_on.date() == date(2028, 2, 28)
    assert news.assumed
    stopped = lacking.model_copy(update={"still_working": False})
    assert not of_kind(planned(candidate(stopped)), QUALIFIED)


def test_whoever_told_us_that_they_have_it_now_needs_no_telling() -> None:
    gap = not_yet(SEPTEMBER).shortfalls[0].model_copy(update={"closed_at": date(2026, 3, 20)})
    state = candidate(
        not_yet(SEPTEMBER, **LONG_TOLD).model_copy(update={"shortfalls": [gap]}),
        consents=consent(WHEN_QUALIFIED),
        hat_answered_at=NOW,
    )
    assert {occasion.kind for occasion in planned(state).occasions} == {QUALIFIED, Purpose.RENEWAL}


def test_a_gap_that_closed_before_the_yes_is_spoken_of_after_it_and_after_the_letter() -> None:
    since = NOW + timedelta(days=5)
    state = candidate(not_yet(date(2026, 1, 5)), consents=consent(WHEN_QUALIFIED, since=since))
    made = planned(state, since)
    assert the(made, Purpose.READY).due_at >= the(made, Purpose.LETTER).due_at + 14 * DAY


def test_check_ins_come_every_six_months_and_end_after_two_without_an_answer() -> None:
    state = agreed(NOW_AND_THEN)
    past: list[PastOccasion] = []
    moments = [NOW]
    for now in (NOW, NOW + HALF_A_YEAR):
        following = of_kind(planned(state, now, past=past), Purpose.CHECK_IN)
        assert len(following) == 2 - len(past)
        moments.append(following[0].due_at)
        past += sent(following[0])
    assert all(
        HALF_A_YEAR <= later - earlier < HALF_A_YEAR + 10 * DAY
        for earlier, later in pairwise(moments)
    )
    assert not of_kind(planned(state, moments[-1], past=past), Purpose.CHECK_IN)


def test_any_answer_starts_the_check_ins_again() -> None:
    state = agreed(NOW_AND_THEN)
    past = sent(*of_kind(planned(state), Purpose.CHECK_IN))
    now = past[-1].due_at + 30 * DAY
    made = planned(state, now, past=past, answered_at=now)
    assert of_kind(made, Purpose.CHECK_IN)
    assert not of_kind(planned(state, now, past=past), Purpose.CHECK_IN)


def test_a_check_in_counts_from_whatever_was_heard_last() -> None:
    state = candidate(
        not_yet(date(2026, 7, 1), **LONG_TOLD),
        consents=consent(WHEN_QUALIFIED, NOW_AND_THEN),
        hat_answered_at=NOW,
    )
    made = planned(state)
    first = of_kind(made, Purpose.CHECK_IN)[0]
    assert first.due_at - the(made, Purpose.READY).due_at >= HALF_A_YEAR


def test_a_check_in_that_was_dropped_is_not_made_up_for_at_once() -> None:
    state = agreed(NOW_AND_THEN)
    first = of_kind(planned(state), Purpose.CHECK_IN)[0]
    dropped = on_record(first, State.DROPPED)
    following = of_kind(planned(state, first.due_at + DAY, past=[dropped]), Purpose.CHECK_IN)[0]
    assert following.id != first.id
    assert following.due_at - first.due_at >= HALF_A_YEAR


def test_a_check_in_leaves_a_wish_for_a_pause_alone() -> None:
    first = of_kind(planned(agreed(NOW_AND_THEN)), Purpose.CHECK_IN)[0]
    paused = agreed(NOW_AND_THEN, paused_until=first.due_at + 100 * DAY)
    made = planned(paused, first.due_at, past=[on_record(first, State.EMITTED)])
    assert [withdrawn.contact_id for withdrawn in made.withdrawn] == [first.id]
    assert all(
        occasion.due_at >= first.due_at + 100 * DAY for occasion in of_kind(made, Purpose.CHECK_IN)
    )


def test_renewal_is_asked_a_month_before_consents_end_and_for_the_last_time_a_week_before() -> None:
    state = agreed(ConsentPurpose.SIMILAR_OPENING)
    renewal, last = of_kind(planned(state), Purpose.RENEWAL)
    end = NOW + YEARS
    assert end - 30 * DAY <= renewal.due_at < end - 25 * DAY
    assert end - 7 * DAY <= last.due_at < end - 2 * DAY
    told = [facts_of(each) for each in (renewal, last)]
    assert [facts.consent_until for facts in told] == [end, end]
    assert [facts.is_last for facts in told] == [False, True]
    assert [o.id for o in planned(state, renewal.due_at, past=sent(renewal)).occasions] == [last.id]
    assert not planned(state, end - DAY, past=sent(renewal, last)).occasions


def test_of_several_applications_none_is_named_as_what_was_agreed_after() -> None:
    state = agreed(NOW_AND_THEN)
    [only] = state.rejections
    other = only.model_copy(update={"application_id": "a-other", "vacancy_title": "Another"})
    both = state.model_copy(update={"rejections": [only, other]})
    for person, title in ((state, only.vacancy_title), (both, None)):
        made = [each for each in planned(person).occasions if each.kind in YES_ALONE]
        assert {each.kind for each in made} == YES_ALONE
        assert {facts_of(each).vacancy_title for each in made} == {title}


def test_whoever_answered_the_first_reminder_gets_no_second_one_about_the_same_day() -> None:
    state = agreed(ConsentPurpose.SIMILAR_OPENING)
    renewal, last = of_kind(planned(state), Purpose.RENEWAL)
    now = renewal.due_at + DAY
    anew = consent(ConsentPurpose.SIMILAR_OPENING, since=now)
    went_on = state.model_copy(update={"consents": anew, "hat_answered_at": now})
    following = of_kind(planned(went_on, now, past=sent(renewal)), Purpose.RENEWAL)
    assert min(each.due_at for each in following) > last.due_at + HALF_A_YEAR


def test_each_contact_tells_how_many_of_its_purpose_came_before_it() -> None:
    state = agreed(NOW_AND_THEN)
    first, second = of_kind(planned(state), Purpose.CHECK_IN)
    assert [facts_of(each).nth for each in (first, second)] == [1, 2]
    answered = first.due_at + DAY
    past = [on_record(first, State.SENT), on_record(second, State.DROPPED)]
    (third, *_) = of_kind(
        planned(state, answered, past=past, answered_at=answered), Purpose.CHECK_IN
    )
    assert facts_of(third).nth == 3
    assert [facts_of(each).nth for each in of_kind(planned(state), Purpose.RENEWAL)] == [1, 2]


def test_a_consent_over_one_channel_is_no_consent_over_another() -> None:
    state = agreed(NOW_AND_THEN, channels=[Channel.EMAIL, Channel.SMS])
    for occasion in planned(state).occasions:
        assert not isinstance(occasion.event, CandidateQualified)
        assert occasion.event.channels == [Channel.EMAIL]
    assert not planned(agreed(NOW_AND_THEN, channels=[Channel.SMS])).occasions


def test_what_was_emitted_is_withdrawn_when_the_consent_ends() -> None:
    first = of_kind(planned(agreed(NOW_AND_THEN)), Purpose.CHECK_IN)[0]
    out = [on_record(first, State.EMITTED)]
    (withdrawn,) = planned(agreed(), first.due_at, past=out).withdrawn
    assert withdrawn.because == "consent_ended"


def test_an_invitation_leaves_within_minutes_in_business_hours_and_lapses_after_two_weeks() -> None:
    state = agreed(ConsentPurpose.SIMILAR_OPENING)
    made = planned(state, invitations=[approval()])
    invitation = due(the(made, Purpose.INVITATION))
    assert the(made, Purpose.INVITATION).due_at - NOW < timedelta(minutes=1)
    assert invitation.expires_at <= NOW + 14 * DAY
    assert invitation.facts.vacancy_title == "Night shift lead"
    assert not of_kind(planned(state, NOW + 15 * DAY, invitations=[approval()]), Purpose.INVITATION)


def test_invitations_have_a_share_of_their_own_two_in_two_weeks() -> None:
    state = agreed(ConsentPurpose.SIMILAR_OPENING)
    three = [approval(f"s-{number}") for number in range(3)]
    assert len(of_kind(planned(state, invitations=three), Purpose.INVITATION)) == 2
    spoken = [on_record(the(planned(candidate(rejection())), "letter"), State.SENT)]
    assert of_kind(planned(state, past=spoken, invitations=three), Purpose.INVITATION)


def test_an_invitation_under_way_takes_room_from_when_it_may_have_left() -> None:
    state = agreed(ConsentPurpose.SIMILAR_OPENING)
    approvals = [approval(f"s-{day}", NOW + day * DAY) for day in (0, 2, 3)]
    gone, under_way = of_kind(planned(state, invitations=approvals[:2]), Purpose.INVITATION)
    past = [on_record(gone, State.SENT), on_record(under_way, State.EMITTED)]
    third = the(planned(state, NOW + 3 * DAY, past=past, invitations=approvals), Purpose.INVITATION)
    assert third.due_at >= NOW + 14 * DAY


def test_an_invitation_under_way_takes_no_more_room_than_one() -> None:
    state = agreed(ConsentPurpose.SIMILAR_OPENING)
    first = the(planned(state, invitations=[approval()]), Purpose.INVITATION)
    both, now = [approval(), approval("s-2", NOW + 3 * DAY)], NOW + 3 * DAY
    made = planned(state, now, past=[on_record(first, State.EMITTED)], invitations=both)
    assert the(made, Purpose.INVITATION).due_at - now < timedelta(minutes=1)


def test_an_invitation_under_way_is_withdrawn_with_its_approval() -> None:
    state = agreed(ConsentPurpose.SIMILAR_OPENING)
    invitation = the(planned(state, invitations=[approval()]), Purpose.INVITATION)
    (withdrawn,) = planned(state, past=[on_record(invitation, State.EMITTED)]).withdrawn
    assert withdrawn.because == "invitation_withdrawn"


def test_a_continuation_needs_no_consent_but_an_application_that_may_be_spoken_of() -> None:
    again = approval(application_id="a-1")
    made = contacts(planned(candidate(rejection()), invitations=[again]))
    assert made[Purpose.CONTINUATION].application_id == "a-1"
    assert not planned(candidate(), invitations=[again]).occasions


@pytest.mark.parametrize(("said_no", "asked"), [(-1, True), (1, False)])
def test_no_application_goes_on_of_somebody_who_said_no_after_it(said_no: int, asked: bool) -> None:
    at = NOW + timedelta(hours=said_no)
    state = candidate(rejection(**LONG_TOLD | {"decided_at": NOW}), hat_refused_at=at)
    made = planned(state, NOW + DAY, invitations=[approval(at=NOW, application_id="a-1")])
    assert bool(of_kind(made, Purpose.CONTINUATION)) is asked


@pytest.mark.parametrize(
    ("chosen", "order"),
    [
        ([], [Channel.EMAIL, Channel.SMS]),
        ([Channel.EMAIL], [Channel.EMAIL, Channel.SMS]),
        ([Channel.SMS], [Channel.SMS, Channel.EMAIL]),
        ([Channel.EMAIL, Channel.SMS], [Channel.EMAIL, Channel.SMS]),
    ],
)
def test_a_continuation_goes_over_the_channel_that_was_chosen_in_the_hat_answer(
    chosen: list[Channel], order: list[Channel]
) -> None:
    agreed = [each for it in chosen for each in consent(ConsentPurpose.NOW_AND_THEN, channel=it)]
    state = candidate(
        rejection(),
        channels=[Channel.EMAIL, Channel.SMS],
        consents=agreed,
        hat_answered_at=NOW if chosen else None,
    )
    made = planned(state, invitations=[approval(application_id="a-1")])
    due = the(made, Purpose.CONTINUATION).event
    assert isinstance(due, ContactDue)
    assert due.channels == order


def test_what_a_recruiter_approved_names_them_their_list_and_whether_nobody_was_asked_before() -> (
    None
):
    again = approval(application_id="a-1").model_copy(update={"asked_first": True})
    due = contacts(planned(candidate(rejection()), invitations=[again]))[Purpose.CONTINUATION]
    assert due.shortlist_id == "s-1"
    assert due.facts.recruiter_id == "r-1"
    assert due.facts.asked_first


def test_contacts_of_one_person_keep_their_distance() -> None:
    gaps = [not_yet(SEPTEMBER, f"a-{number}", **LONG_TOLD) for number in range(9)]
    state = candidate(*gaps, consents=consent(*ConsentPurpose), hat_answered_at=NOW)
    moments = sorted(
        occasion.due_at for occasion in planned(state).occasions if occasion.kind != QUALIFIED
    )
    assert len(moments) > 9
    assert all(b - a >= 14 * DAY for a, b in pairwise(moments))
    assert all(b - a >= 365 * DAY for a, b in zip(moments, moments[6:], strict=False))


def test_letters_are_exempt_from_the_budget_and_counted_in_it() -> None:
    letters = [rejection(f"a-{number}") for number in range(3)]
    made = planned(
        candidate(*letters, not_yet(date(2026, 3, 5), "a-4"), consents=consent(WHEN_QUALIFIED))
    )
    written = [occasion.due_at for occasion in of_kind(made, Purpose.LETTER)]
    assert max(written) - min(written) < DAY
    assert the(made, Purpose.READY).due_at >= max(written) + 14 * DAY


def test_what_an_outage_held_up_is_spread_within_the_budget_and_not_poured_out() -> None:
    gaps = [not_yet(date(2026, 4, 1 + number), f"a-{number}", **LONG_TOLD) for number in range(3)]
    state = candidate(*gaps, consents=consent(WHEN_QUALIFIED), hat_answered_at=NOW)
    before = planned(state)
    late = NOW + 90 * DAY
    after = planned(state, late, past=[on_record(occasion) for occasion in before.occasions])
    moments = sorted(occasion.due_at for occasion in of_kind(after, Purpose.READY))
    assert len(moments) == 3
    assert moments[0] >= late
    assert all(b - a >= 14 * DAY for a, b in pairwise(moments))
    assert {o.id for o in after.occasions} == {o.id for o in before.occasions}


def left(*days: int) -> list[Departure]:
    return [Departure(NOW + day * DAY, NOW + day * DAY) for day in days]


@pytest.mark.parametrize(("at", "expected"), [(0, 10), (5, 10), (10, None), (-3, 10), (-10, None)])
def test_there_is_room_only_at_a_distance_from_what_was_and_what_will_be(
    at: int, expected: int | None
) -> None:
    free = free_from(NOW + at * DAY, left(0), [Limit(1, 10 * DAY)])
    assert free == (None if expected is None else NOW + expected * DAY)


def test_a_limit_of_several_counts_every_span_that_covers_the_moment() -> None:
    limit, taken = [Limit(2, 10 * DAY)], left(0, 8)
    assert free_from(NOW + 4 * DAY, taken, limit) == NOW + 10 * DAY
    assert free_from(NOW + 10 * DAY, taken, limit) is None
    assert free_from(NOW - 3 * DAY, taken, limit) is None


def test_the_policy_keeps_the_lifetime_within_the_first_limit() -> None:
    ordinary = POLICY.allowances[Share.ORDINARY]
    assert ordinary.lifetime <= ordinary.limits[0].period
