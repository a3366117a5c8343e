"""What is over for long is deleted, and nothing that is still to come changes by it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from services.scheduler.domain.occasions import Occasion, PastOccasion, State
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.contacts import ContactDue
from shared.contract.events.people import ConsentPurpose
from shared.contract.events.purposes import Purpose
from tests.services.scheduler.conftest import Bench, sent
from tests.services.scheduler.people import (
    NOW,
    POLICY,
    approval,
    candidate,
    consent,
    not_yet,
    of_kind,
    on_record,
    planned,
    rejection,
    the,
)

DAY = timedelta(days=1)
LATER = NOW + 5 * 365 * DAY
LONG = 10 * 365 * DAY


def ended(*occasions: Occasion, at: datetime = NOW) -> list[PastOccasion]:
    return [on_record(each, State.SENT, emitted_at=at, ended_at=at) for each in occasions]


def kept(state: CandidateChanged, past: Sequence[PastOccasion], now: datetime = LATER) -> int:
    return len(past) - len(planned(state, now, past=past).forgotten)


def test_a_letter_is_remembered_while_its_application_stands_and_two_years_at_least() -> None:
    letter = ended(the(planned(candidate(rejection())), "letter"))
    assert kept(candidate(rejection()), letter) == 1
    assert kept(candidate(), letter, NOW + 700 * DAY) == 1
    assert kept(candidate(), letter) == 0


def test_somebody_who_works_here_for_years_is_not_told_twice_afterwards() -> None:
    letter = ended(the(planned(candidate(rejection())), "letter"))
    assert kept(candidate(rejection(), hired_at=NOW), letter) == 1


def test_the_day_a_gap_closed_is_told_once_however_long_ago_it_was() -> None:
    state = candidate(not_yet(date(2026, 4, 1), already_told=True))
    news = [on_record(the(planned(state), "qualified"), State.EMITTED, ended_at=None)]
    assert kept(state, news) == 1
    assert kept(candidate(), news) == 0


def test_check_ins_that_nobody_answered_stay_so_that_they_do_not_begin_again() -> None:
    yes = consent(ConsentPurpose.NOW_AND_THEN, lasts=LONG)
    state = candidate(rejection(already_told=True), consents=yes, hat_answered_at=NOW)
    past = ended(*of_kind(planned(state), Purpose.CHECK_IN), at=NOW + DAY)
    assert kept(state, past) == len(past) == 2
    assert not of_kind(planned(state, LATER, past=past), Purpose.CHECK_IN)


def test_of_answered_check_ins_the_latest_stays_so_that_no_number_is_used_twice() -> None:
    yes = consent(ConsentPurpose.NOW_AND_THEN, lasts=LONG)
    state = candidate(rejection(already_told=True), consents=yes, hat_answered_at=NOW + 9 * DAY)
    past = ended(*of_kind(planned(state), Purpose.CHECK_IN), at=NOW + DAY)
    made = planned(state, LATER, past=past)
    assert list(made.forgotten) == [past[0].id]
    left = [each for each in past if each.id not in made.forgotten]
    assert planned(state, LATER, past=left).occasions == made.occasions
    assert {each.subject for each in made.occasions if each.kind == Purpose.CHECK_IN} == {"3", "4"}


def test_what_is_planned_or_recent_is_never_forgotten() -> None:
    letter = the(planned(candidate(rejection())), "letter")
    assert kept(candidate(), [on_record(letter)]) == 1
    unreported = on_record(letter, State.EMITTED)
    assert kept(candidate(), [replace(unreported, expires_at=LATER - 700 * DAY)]) == 1


def test_everything_is_remembered_for_longer_than_any_rule_looks_back() -> None:
    periods = [limit.period for each in POLICY.allowances.values() for limit in each.limits]
    assert POLICY.remembered_for > max(*periods, POLICY.ask_again_after)


async def test_a_new_plan_deletes_what_is_forgotten(scheduler: Bench) -> None:
    yes = consent(ConsentPurpose.SIMILAR_OPENING)
    await scheduler.know(candidate(rejection(already_told=True), consents=yes))
    await scheduler.respond(approval())
    (due,) = await scheduler.live_until(NOW + DAY)
    assert isinstance(due, ContactDue)
    await scheduler.report(sent(due))
    scheduler.clock.set(LATER)
    assert len(await scheduler.rows("select 1 from occasions where state = 'sent'")) == 1
    await scheduler.know(candidate(rejection(already_told=True), consents=yes))
    assert not await scheduler.rows("select 1 from occasions where state <> 'planned'")
    assert not await scheduler.published()


async def test_an_invitation_is_deleted_after_two_years_and_whoever_was_never_known_with_it(
    scheduler: Bench,
) -> None:
    await scheduler.respond(approval())
    await scheduler.jobs.purge(NOW + 700 * DAY)
    assert await scheduler.rows("select 1 from invitations")
    await scheduler.jobs.purge(NOW + 740 * DAY)
    assert not await scheduler.rows("select 1 from invitations")
