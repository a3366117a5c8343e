from datetime import date, datetime, timedelta

import pytest

from services.scheduler.store.candidates import PURGE_AFTER
from shared.contract.events.contacts import CandidateQualified, ContactDue, ContactWithdrawn
from shared.contract.events.notifications import (
    MessageBounced,
    MessageDelivered,
    MessageDropped,
    MessageExpired,
)
from shared.contract.events.payload import Payload
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import (
    Answer,
    CandidateAnswered,
    InvitationWithdrawn,
    Withdrawal,
)
from tests.services.scheduler.conftest import Bench, sent
from tests.services.scheduler.people import (
    NOW,
    POLICY,
    approval,
    candidate,
    consent,
    no,
    not_yet,
    rejection,
)

DAY = timedelta(days=1)


def the_due(events: list[Payload]) -> ContactDue:
    (due,) = events
    assert isinstance(due, ContactDue)
    return due


async def test_a_letter_is_emitted_when_it_is_due_and_not_before(scheduler: Bench) -> None:
    await scheduler.know(candidate(rejection()))
    assert not await scheduler.live_until(NOW + DAY - timedelta(minutes=1))
    due = the_due(await scheduler.live_until(NOW + DAY + timedelta(hours=3)))
    assert due.purpose is Purpose.LETTER
    assert due.windows[0].opens_at >= NOW + DAY
    assert not await scheduler.live_until(NOW + 2 * DAY)


async def test_the_event_keeps_its_id_and_names_its_cause(scheduler: Bench) -> None:
    await scheduler.know(candidate(rejection()))
    await scheduler.jobs.emit(NOW + 2 * DAY)
    (row,) = await scheduler.rows("select * from outbox")
    assert row["event_id"] in row["value"].decode()
    assert row["key"] == "c-1"
    assert row["causation_id"]
    assert row["correlation_id"]


async def test_a_state_heard_again_changes_nothing(scheduler: Bench) -> None:
    await scheduler.know(candidate(not_yet(date(2026, 9, 1)), consents=consent(*ConsentPurpose)))
    before = await scheduler.rows("select * from occasions order by 1")
    await scheduler.know(candidate(not_yet(date(2026, 9, 1)), consents=consent(*ConsentPurpose)))
    after = await scheduler.rows("select * from occasions order by 1")
    assert before == after


async def test_the_day_a_gap_closes_is_told_once(scheduler: Bench) -> None:
    state = candidate(not_yet(date(2026, 9, 1), already_told=True), channels=[])
    await scheduler.know(state)
    (news,) = await scheduler.live_until(NOW + 200 * DAY)
    assert isinstance(news, CandidateQualified)
    await scheduler.know(state)
    assert not await scheduler.live_until(NOW + 400 * DAY)


async def test_a_rejection_taken_back_leaves_no_plan_and_withdraws_what_is_out(
    scheduler: Bench,
) -> None:
    await scheduler.know(candidate(rejection()))
    await scheduler.know(candidate())
    assert not await scheduler.live_until(NOW + 3 * DAY)
    await scheduler.know(candidate(rejection("a-2", decided_at=scheduler.clock.now())))
    due = the_due(await scheduler.live_until(NOW + 5 * DAY))
    await scheduler.know(candidate())
    (withdrawn,) = await scheduler.published()
    assert isinstance(withdrawn, ContactWithdrawn)
    assert withdrawn.contact_id == due.contact_id
    await scheduler.know(candidate())
    assert not await scheduler.published()


async def test_what_left_although_it_was_withdrawn_counts(scheduler: Bench) -> None:
    await scheduler.know(candidate(rejection()))
    due = the_due(await scheduler.live_until(NOW + 2 * DAY))
    await scheduler.know(candidate())
    await scheduler.published()
    await scheduler.report(sent(due))
    await scheduler.know(candidate(rejection()))
    assert not await scheduler.live_until(NOW + 60 * DAY)


async def test_a_withdrawn_letter_that_did_not_leave_is_written_anew(scheduler: Bench) -> None:
    await scheduler.know(candidate(rejection()))
    due = the_due(await scheduler.live_until(NOW + 2 * DAY))
    await scheduler.know(candidate())
    await scheduler.published()
    await scheduler.report(ended(MessageDropped, due, scheduler.clock.now()))
    await scheduler.know(candidate(rejection(decided_at=scheduler.clock.now())))
    again = the_due(await scheduler.live_until(NOW + 6 * DAY))
    assert again.contact_id != due.contact_id


async def test_a_letter_that_expired_at_the_notifier_is_still_owed(scheduler: Bench) -> None:
    await scheduler.know(candidate(rejection()))
    due = the_due(await scheduler.live_until(NOW + 2 * DAY))
    scheduler.clock.set(due.expires_at)
    await scheduler.report(ended(MessageExpired, due, due.expires_at))
    again = the_due(await scheduler.live_until(due.expires_at + 5 * DAY))
    assert (again.purpose, again.application_id) == (Purpose.LETTER, "a-1")
    assert again.contact_id != due.contact_id


async def test_what_follows_keeps_its_distance_from_when_the_letter_really_left(
    scheduler: Bench,
) -> None:
    state = candidate(not_yet(date(2026, 3, 9)), consents=consent(ConsentPurpose.WHEN_QUALIFIED))
    await scheduler.know(state)
    letter, *news = await scheduler.live_until(NOW + 8 * DAY)
    assert isinstance(letter, ContactDue)
    assert [type(event) for event in news] == [CandidateQualified]
    await scheduler.report(sent(letter, after=6 * DAY))
    left_at = letter.windows[0].opens_at + 6 * DAY
    ready = the_due(await scheduler.live_until(left_at + 18 * DAY))
    assert ready.purpose is Purpose.READY
    assert ready.windows[0].opens_at >= left_at + 14 * DAY


async def test_after_a_long_outage_a_letter_is_still_sent_and_the_rest_is_spread(
    scheduler: Bench,
) -> None:
    gaps = [not_yet(date(2026, 4, day), f"a-{day}", already_told=True) for day in (1, 3, 6)]
    yes = consent(ConsentPurpose.WHEN_QUALIFIED)
    await scheduler.know(candidate(rejection("a-0"), *gaps, consents=yes, hat_answered_at=NOW))
    back = NOW + 90 * DAY
    at_once = await scheduler.live_until(back)
    assert {type(event) for event in at_once} == {CandidateQualified}
    later = await scheduler.live_until(back + 2 * DAY)
    assert [event.purpose for event in later if isinstance(event, ContactDue)] == [Purpose.LETTER]
    assert float(scheduler.metrics.expired._value.get()) == 1


async def test_an_invitation_goes_out_at_once_and_is_withdrawn_with_its_approval(
    scheduler: Bench,
) -> None:
    yes = consent(ConsentPurpose.SIMILAR_OPENING)
    await scheduler.know(candidate(rejection(already_told=True), consents=yes))
    await scheduler.respond(approval())
    due = the_due(await scheduler.live_until(NOW + timedelta(minutes=2)))
    assert due.purpose is Purpose.INVITATION
    await scheduler.respond(withdrawal())
    (withdrawn,) = await scheduler.published()
    assert isinstance(withdrawn, ContactWithdrawn)
    assert withdrawn.because == "invitation_withdrawn"


async def test_an_invitation_that_comes_before_the_persons_state_waits_for_it(
    scheduler: Bench,
) -> None:
    await scheduler.respond(approval())
    assert not await scheduler.live_until(NOW + timedelta(minutes=2))
    yes = consent(ConsentPurpose.SIMILAR_OPENING)
    await scheduler.know(candidate(rejection(already_told=True), consents=yes))
    due = the_due(await scheduler.live_until(NOW + timedelta(minutes=3)))
    assert due.purpose is Purpose.INVITATION


async def test_an_approval_withdrawn_in_the_same_batch_invites_nobody(scheduler: Bench) -> None:
    yes = consent(ConsentPurpose.SIMILAR_OPENING)
    await scheduler.know(candidate(rejection(already_told=True), consents=yes))
    await scheduler.respond(approval(), withdrawal())
    assert not await scheduler.live_until(NOW + DAY)
    await scheduler.respond(withdrawal(), approval())
    assert the_due(await scheduler.live_until(NOW + DAY)).purpose is Purpose.INVITATION


async def test_an_answer_keeps_check_ins_coming(scheduler: Bench) -> None:
    yes = consent(ConsentPurpose.NOW_AND_THEN, lasts=2000 * DAY)
    await scheduler.know(candidate(rejection(already_told=True), consents=yes, hat_answered_at=NOW))
    moment, answers = NOW, []
    for _ in range(4):
        moment += 185 * DAY
        due = the_due(await scheduler.live_until(moment))
        await scheduler.report(sent(due))
        answers.append(due.contact_id)
        await scheduler.respond(
            CandidateAnswered(candidate_id="c-1", answer=Answer.NOT_NOW, at=moment)
        )
    assert len(set(answers)) == 4


async def test_an_erased_person_is_not_written_to_and_leaves_nothing_after_a_day(
    scheduler: Bench,
) -> None:
    await scheduler.know(candidate(rejection()), candidate(candidate_id="c-2"))
    due = the_due(await scheduler.live_until(NOW + 2 * DAY))
    await scheduler.respond(approval())
    await scheduler.erase("c-1")
    (withdrawn,) = await scheduler.published()
    assert isinstance(withdrawn, ContactWithdrawn)
    assert withdrawn.contact_id == due.contact_id
    await scheduler.know(candidate(rejection("a-9")))
    await scheduler.respond(approval("s-9"))
    await scheduler.jobs.purge(scheduler.clock.now() + PURGE_AFTER)
    assert not await scheduler.rows("select 1 from occasions union select 1 from invitations")
    (left,) = await scheduler.rows("select * from candidates where candidate_id = 'c-1'")
    assert (left["state"], left["answered_at"], left["purge_at"]) == (None, None, None)


async def test_nobody_gets_a_second_letter_after_a_merge_in_whatever_order_it_comes(
    scheduler: Bench,
) -> None:
    for tombstone_first in (True, False):
        absorbed, remaining = f"old-{tombstone_first}", f"new-{tombstone_first}"
        scheduler.clock.set(NOW)
        await scheduler.know(candidate(rejection(), candidate_id=absorbed))
        await scheduler.report(sent(the_due(await scheduler.live_until(NOW + 2 * DAY))))
        if tombstone_first:
            await scheduler.erase(absorbed)
        await scheduler.know(candidate(rejection(), candidate_id=remaining, merged_from=[absorbed]))
        if not tombstone_first:
            await scheduler.erase(absorbed)
        await scheduler.jobs.purge(scheduler.clock.now() + PURGE_AFTER)
        assert not await scheduler.live_until(NOW + 90 * DAY)
        (kept,) = await scheduler.rows(
            "select state from occasions where candidate_id = $1", remaining
        )
        assert kept["state"] == "sent"


async def test_what_is_withdrawn_after_a_merge_follows_the_contact_on_its_own_key(
    scheduler: Bench,
) -> None:
    """On another key the withdrawal may be read first, and the letter then leaves after all."""
    await scheduler.know(candidate(rejection(), candidate_id="old"))
    due = the_due(await scheduler.live_until(NOW + 2 * DAY))
    await scheduler.know(candidate(candidate_id="new", merged_from=["old"]))
    (withdrawn,) = await scheduler.published()
    assert isinstance(withdrawn, ContactWithdrawn)
    assert (withdrawn.contact_id, withdrawn.entity_id) == (due.contact_id, "old")


async def test_nobody_gets_a_second_letter_once_one_person_turns_out_to_be_two(
    scheduler: Bench,
) -> None:
    for turn in (1, -1):
        one, other = f"one {turn}", f"other {turn}"
        scheduler.clock.set(NOW)
        await scheduler.know(candidate(rejection(), no("a-2"), candidate_id=one))
        for event in await scheduler.live_until(NOW + 2 * DAY):
            if isinstance(event, ContactDue):
                await scheduler.report(sent(event))
        states = [
            candidate(rejection(), candidate_id=one),
            candidate(no("a-2"), candidate_id=other, split_from=[one]),
        ]
        for state in states[::turn]:
            await scheduler.know(state)
        assert not await scheduler.live_until(NOW + 90 * DAY)
        kept = await scheduler.rows(
            "select candidate_id, subject, state from occasions"
            " where candidate_id = any($1) order by 2",
            [one, other],
        )
        assert [tuple(row) for row in kept] == [(one, "a-1", "sent"), (other, "a-2", "sent")]


async def test_what_was_only_planned_for_an_absorbed_person_is_planned_once_for_the_other(
    scheduler: Bench,
) -> None:
    await scheduler.know(
        candidate(rejection(), candidate_id="old"), candidate(no("a-2"), candidate_id="new")
    )
    await scheduler.know(candidate(rejection(), no("a-2"), candidate_id="new", merged_from=["old"]))
    await scheduler.know(candidate(rejection(), candidate_id="old"))
    events = await scheduler.live_until(NOW + 2 * DAY)
    assert {
        (event.candidate_id, event.purpose) for event in events if isinstance(event, ContactDue)
    } == {("new", Purpose.LETTER), ("new", Purpose.KIND_LETTER)}
    assert len(events) == 2


async def test_reports_about_recruiters_mail_and_unknown_contacts_are_passed_over(
    scheduler: Bench,
) -> None:
    await scheduler.know(candidate(rejection()))
    due = the_due(await scheduler.live_until(NOW + 2 * DAY))
    await scheduler.report(
        sent(due).model_copy(update={"contact_id": None, "shortlist_id": "s-1"}),
        sent(due).model_copy(update={"contact_id": "unheard of"}),
    )
    (row,) = await scheduler.rows("select state from occasions")
    assert row["state"] == "emitted"


async def test_an_end_counts_although_more_is_heard_of_the_message_in_the_same_batch(
    scheduler: Bench,
) -> None:
    await scheduler.know(candidate(rejection()))
    due = the_due(await scheduler.live_until(NOW + 2 * DAY))
    left = sent(due)
    arrived = MessageDelivered(**left.model_dump(include=set(MessageDelivered.model_fields)))
    await scheduler.report(left, arrived)
    (row,) = await scheduler.rows("select state from occasions")
    assert row["state"] == "sent"


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("because", "tries"),
    [("bounced", POLICY.letter_tries), ("failed", POLICY.letter_tries), ("opted_out", 1)],
)
async def test_a_letter_that_came_back_is_written_anew_and_no_other(
    scheduler: Bench, because: str, tries: int, together: bool
) -> None:
    await scheduler.know(candidate(rejection()))
    seen: set[str] = set()
    for _ in range(4):
        if not (news := await scheduler.live_until(scheduler.clock.now() + 3 * DAY)):
            break
        due = the_due(news)
        seen.add(due.contact_id)
        left = sent(due)
        facts = left.model_dump(include=set(MessageBounced.model_fields) - {"at"})
        back = MessageBounced(**facts, because=because, left_at=left.at, at=left.at + DAY)
        batches: list[list[Payload]] = [[left, back]] if together else [[left], [back]]
        for batch in batches:
            await scheduler.report(*batch)
    assert len(seen) == tries


async def test_who_waits_too_long_for_an_answer_is_counted(scheduler: Bench) -> None:
    await scheduler.know(candidate(rejection(), paused_until=NOW + 60 * DAY))
    await scheduler.jobs.measure(NOW + 6 * DAY)
    assert scheduler.metrics.unanswered._value.get() == 0
    await scheduler.jobs.measure(NOW + 8 * DAY)
    assert scheduler.metrics.unanswered._value.get() == 1


async def test_the_lag_is_how_long_the_earliest_has_been_due(scheduler: Bench) -> None:
    await scheduler.jobs.measure(NOW)
    assert scheduler.metrics.due_lag._value.get() == 0
    await scheduler.know(candidate(rejection()))
    (row,) = await scheduler.rows("select due_at from occasions")
    await scheduler.jobs.measure(row["due_at"] + timedelta(seconds=90))
    assert scheduler.metrics.due_lag._value.get() == 90


def withdrawal() -> InvitationWithdrawn:
    return InvitationWithdrawn(
        shortlist_id="s-1",
        candidate_id="c-1",
        recruiter_id="r-1",
        vacancy_id="v-2",
        at=NOW,
        because=Withdrawal.TAKEN_BACK,
    )


def ended(kind: type[MessageDropped | MessageExpired], due: ContactDue, at: datetime) -> Payload:
    return kind(
        message_id="m-1",
        recipient_id=due.candidate_id,
        contact_id=due.contact_id,
        channel=Channel.EMAIL,
        at=at,
        because="test",
    )
