from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.scheduler.domain.facts import last_word, of_interest
from services.scheduler.domain.occasions import CandidateRecord, Interest, PastOccasion, State
from services.scheduler.store.candidates import PURGE_AFTER
from shared.contract.events.candidates import Rejection
from shared.contract.events.contacts import (
    ContactDue,
    ContactWithdrawn,
    InterestDue,
    LastWord,
    Outcome,
)
from shared.contract.events.notifications import MessageDropped, MessagePayload, MessageSent
from shared.contract.events.payload import Payload
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import (
    Answer,
    CandidateAnswered,
    HearingRecruiter,
    InterestEnd,
    InterestEnded,
    InterestRaised,
    InvitationWithdrawn,
    ReplyReceived,
    Withdrawal,
)
from shared.contract.events.shortfalls import RequirementKind, Shortfall
from tests.services.scheduler.conftest import Bench, sent
from tests.services.scheduler.people import NOW, approval, candidate, consent, not_yet, rejection

DAY, MINUTES = timedelta(days=1), timedelta(minutes=10)
TOLD = rejection(already_told=True, decided_at=NOW - 400 * DAY)
AGREED = candidate(
    TOLD, consents=consent(ConsentPurpose.SIMILAR_OPENING), hat_answered_at=NOW - DAY
)
RITA = HearingRecruiter(recruiter_id="rita", time_zone="Europe/Berlin")


def yes(scheduler: Bench, **changes: Any) -> InterestRaised:
    said: dict[str, Any] = {
        "interest_id": "i-1",
        "candidate_id": "c-1",
        "answer": Answer.INTERESTED,
        "purpose": Purpose.INVITATION,
        "contact_id": "k-1",
        "vacancy_id": "v-2",
        "vacancy_title": "Night shift lead",
        "recruiters": [RITA],
        "at": scheduler.clock.now(),
    }
    return InterestRaised(**{**said, **changes})


def ended(scheduler: Bench, ended_as: InterestEnd, interest_id: str = "i-1") -> InterestEnded:
    return InterestEnded(
        interest_id=interest_id, candidate_id="c-1", ended_as=ended_as, at=scheduler.clock.now()
    )


def answered(scheduler: Bench, answer: Answer, contact_id: str) -> CandidateAnswered:
    return CandidateAnswered(
        candidate_id="c-1", answer=answer, contact_id=contact_id, at=scheduler.clock.now()
    )


def reported(
    scheduler: Bench, news: InterestDue, how: type[MessagePayload], **more: Any
) -> MessagePayload:
    """Returns what the notifier reports of the mail to a recruiter."""
    return how(
        message_id=f"of {news.contact_id}",
        recipient_id=news.recruiter_id,
        contact_id=news.contact_id,
        channel=Channel.EMAIL,
        at=scheduler.clock.now(),
        **more,
    )


def of_type(events: list[Payload], kind: type[Payload]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


async def told(scheduler: Bench, until: datetime) -> list[tuple[str, bool]]:
    """Returns which recruiters have heard by then, and whether it was a reminder."""
    dues = of_type(await scheduler.live_until(until), InterestDue)
    return [(due.recruiter_id, due.facts.is_reminder) for due in dues]


async def invited(scheduler: Bench) -> ContactDue:
    """Somebody who was invited, and has the invitation."""
    await scheduler.know(AGREED)
    await scheduler.respond(approval())
    (invitation,) = of_type(await scheduler.live_until(NOW + 2 * timedelta(hours=1)), ContactDue)
    assert isinstance(invitation, ContactDue)
    await scheduler.report(sent(invitation))
    return invitation


def withdrawn(
    scheduler: Bench, because: Withdrawal = Withdrawal.VACANCY_CLOSED
) -> InvitationWithdrawn:
    return InvitationWithdrawn(
        shortlist_id="s-1",
        candidate_id="c-1",
        recruiter_id="r-1",
        vacancy_id="v-2",
        at=scheduler.clock.now(),
        because=because,
    )


async def test_recruiters_hear_of_a_yes_within_minutes_and_are_reminded_once(
    scheduler: Bench,
) -> None:
    await scheduler.know(AGREED)
    raised = yes(scheduler)
    await scheduler.respond(raised)
    (news,) = await scheduler.live_until(NOW + MINUTES)
    assert isinstance(news, InterestDue)
    assert (news.recruiter_id, news.facts.is_reminder) == ("rita", False)
    assert news.windows[0].opens_at <= NOW + MINUTES
    assert not await scheduler.live_until(NOW + 2 * DAY)
    (reminder,) = await scheduler.live_until(NOW + 3 * DAY)
    assert isinstance(reminder, InterestDue)
    assert reminder.facts.is_reminder
    assert not await scheduler.live_until(NOW + 100 * DAY)
    await scheduler.respond(raised)
    assert not await scheduler.live_until(NOW + 101 * DAY)


async def test_who_recruits_by_the_time_that_the_news_leaves_hears_it_and_nobody_else(
    scheduler: Bench,
) -> None:
    await scheduler.know(AGREED)
    raised = yes(scheduler)
    await scheduler.respond(raised)
    nia = HearingRecruiter(recruiter_id="nia", time_zone="Europe/Berlin", since=NOW)
    await scheduler.respond(raised.model_copy(update={"recruiters": [nia]}))
    assert await told(scheduler, NOW + MINUTES) == [("nia", False)]
    assert await told(scheduler, NOW + 5 * DAY) == [("nia", True)]


@pytest.mark.parametrize("days", [1, 15])
async def test_who_comes_to_recruit_after_the_news_hears_it_then_and_whoever_left_no_more(
    scheduler: Bench, days: int
) -> None:
    await scheduler.know(AGREED)
    raised = yes(scheduler)
    await scheduler.respond(raised)
    assert await told(scheduler, NOW + MINUTES) == [("rita", False)]
    came = NOW + days * DAY
    reminded = await told(scheduler, came)
    assert reminded == ([("rita", True)] if days > 3 else [])
    nia = HearingRecruiter(recruiter_id="nia", time_zone="Europe/Berlin", since=came)
    for _ in range(2):
        await scheduler.respond(raised.model_copy(update={"recruiters": [nia]}))
        assert await told(scheduler, came + MINUTES) in ([("nia", False)], [])
    assert await told(scheduler, came + 5 * DAY) == [("nia", True)]
    assert not await told(scheduler, came + 20 * DAY)


async def test_news_that_waits_for_the_hours_of_a_recruiter_who_leaves_is_withdrawn(
    scheduler: Bench,
) -> None:
    await scheduler.know(AGREED)
    raised = yes(scheduler)
    await scheduler.respond(raised)
    (news,) = of_type(await scheduler.live_until(NOW + MINUTES), InterestDue)
    await scheduler.respond(raised.model_copy(update={"recruiters": []}))
    (gone,) = of_type(await scheduler.published(), ContactWithdrawn)
    assert (gone.contact_id, gone.because) == (news.contact_id, "no_longer_standing")


async def test_what_is_open_again_stays_so_when_it_is_handed_over_in_the_same_batch(
    scheduler: Bench,
) -> None:
    await scheduler.know(AGREED)
    await scheduler.respond(yes(scheduler), ended(scheduler, InterestEnd.WITHDRAWN))
    assert not await scheduler.live_until(NOW + MINUTES)
    again = yes(scheduler, resumed_at=scheduler.clock.now())
    nia = HearingRecruiter(recruiter_id="nia", time_zone="Europe/Berlin")
    handed_over = again.model_copy(update={"recruiters": [nia], "resumed_at": None})
    await scheduler.respond(again, handed_over)
    (news,) = of_type(await scheduler.live_until(NOW + 2 * MINUTES), InterestDue)
    assert news.recruiter_id == "nia"


@pytest.mark.parametrize("closed", [[], ["a-1"], ["b-1"], ["a-1", "b-1"]])
async def test_recruiters_hear_whether_something_that_one_letter_named_is_missing_still(
    scheduler: Bench, closed: list[str]
) -> None:
    missing = [
        not_yet(NOW.date(), "a-1"),
        not_yet(NOW.date(), "b-1", told_with="a-1", vacancy_title="Same"),
    ]
    lacked = []
    for it, name in zip(missing, ("Licence", "Certificate"), strict=True):
        day = NOW.date() if it.application_id in closed else None
        changes = {"name": name, "closed_at": day, "expected_at": None}
        gap = it.shortfalls[0].model_copy(update=changes)
        lacked.append(it.model_copy(update={"shortfalls": [gap]}))
    record = CandidateRecord(candidate(*lacked))
    for application_id in ("a-1", "b-1"):
        said = yes(scheduler, answer=Answer.HAS_IT_NOW, application_id=application_id)
        told = of_interest(said, record, is_reminder=False)
        assert told.lacks_more is (len(closed) < 2)
    would_talk = yes(scheduler, application_id="a-1")
    assert not of_interest(would_talk, record, is_reminder=False).lacks_more


def gap(name: str, id: str = "r-1", *, is_there: bool = True, months: int = 0) -> Shortfall:
    return Shortfall(
        requirement_id=id,
        kind=RequirementKind.LICENCE,
        name=name,
        required_months=months or None,
        closed_at=NOW.date() if is_there else None,
    )


async def test_recruiters_hear_of_all_that_is_there_by_now_of_what_their_role_asked(
    scheduler: Bench,
) -> None:
    first = gap("Licence")
    says = {"answer": Answer.HAS_IT_NOW, "application_id": "a-1", "shortfalls": [first]}
    said = yes(scheduler, **says)
    of_role = [first, gap("Open", "r-2", is_there=False), gap("Certificate", "r-3", months=12)]
    its_own = not_yet(NOW.date(), source="ats").model_copy(update={"shortfalls": of_role})
    beside = [gap("certificate", months=36), gap("German", "r-4")]
    others = [
        its_own.model_copy(update={"application_id": id, "told_with": "a-1", **changes})
        for id, changes in (
            ("b-1", {"shortfalls": beside, "told_apart": True}),
            ("b-2", {"shortfalls": [gap("Elsewhere")], "source": "pool"}),
            ("b-3", {"shortfalls": [gap("Other role")], "vacancy_id": "v-8"}),
            ("b-4", {"shortfalls": [gap("Other letter")], "told_with": None}),
        )
    ]

    def named(*rejections: Rejection) -> list[tuple[str, int | None]]:
        told = of_interest(said, CandidateRecord(candidate(*rejections)), is_reminder=True)
        return [(it.name, it.required_months) for it in told.shortfalls]

    assert named(its_own) == [("Licence", None), ("Certificate", 12)]
    assert named(its_own, *others) == [("Licence", None), ("certificate", 36), ("German", None)]
    not_known_yet = its_own.model_copy(update={"shortfalls": [gap("Licence", is_there=False)]})
    assert named(not_known_yet) == named() == [("Licence", None)]


async def test_what_a_letter_did_not_name_is_missing_still_all_the_same(scheduler: Bench) -> None:
    its_own = not_yet(NOW.date()).model_copy(update={"shortfalls": [gap("Years")]})
    changes = {"application_id": "b-1", "told_with": "a-1", "told_apart": True}
    for is_there in (True, False):
        apart = its_own.model_copy(
            update={**changes, "shortfalls": [gap("Licence", is_there=is_there)]}
        )
        record = CandidateRecord(candidate(its_own, apart))
        said = yes(scheduler, answer=Answer.HAS_IT_NOW, application_id="a-1")
        assert of_interest(said, record, is_reminder=False).lacks_more is not is_there
        gone = CandidateRecord(candidate(apart))
        assert of_interest(said, gone, is_reminder=False).lacks_more


async def test_a_reminder_tells_what_else_stands_by_then(scheduler: Bench) -> None:
    await scheduler.know(AGREED)
    nights, days = {"source": "ats"}, {"source": "ats", "interest_id": "i-2", "vacancy_id": "v-3"}
    await scheduler.respond(yes(scheduler, vacancy_title="Days", **days))
    there = {**days, "interest_id": "i-3", "answer": Answer.HAS_IT_NOW, "contact_id": "k-3"}
    await scheduler.respond(yes(scheduler, vacancy_title="Loading bay", **there))
    elsewhere = {"source": "pool", "interest_id": "i-4", "vacancy_id": "v-4"}
    await scheduler.respond(yes(scheduler, vacancy_title="Elsewhere", **elsewhere))
    await scheduler.respond(yes(scheduler, **nights))

    async def said(until: datetime) -> list[list[tuple[str, Answer, bool]]]:
        dues = of_type(await scheduler.live_until(until), InterestDue)
        return [
            [(it.vacancy_title, it.answer, it.is_talking) for it in due.facts.also]
            for due in dues
            if due.facts.interest_id == "i-1"
        ]

    loading = ("Loading bay", Answer.HAS_IT_NOW, False)
    assert await said(NOW + MINUTES) == [[("Days", Answer.INTERESTED, False), loading]]
    await scheduler.respond(ended(scheduler, InterestEnd.VACANCY_CLOSED, "i-2"))
    await scheduler.respond(ended(scheduler, InterestEnd.TALKING, "i-3"))
    assert await said(NOW + 3 * DAY) == [[("Loading bay", Answer.HAS_IT_NOW, True)]]


async def test_a_yes_at_the_weekend_is_heard_on_the_recruiters_monday(scheduler: Bench) -> None:
    await scheduler.know(AGREED)
    saturday = NOW + 5 * DAY
    scheduler.clock.set(saturday)
    vienna = HearingRecruiter(recruiter_id="rosa", time_zone="America/New_York")
    await scheduler.respond(yes(scheduler, recruiters=[RITA, vienna]))
    assert not await scheduler.live_until(saturday + DAY)
    heard = of_type(await scheduler.live_until(saturday + 3 * DAY), InterestDue)
    opens = {due.recruiter_id: due.windows[0].opens_at for due in heard}
    monday = (NOW + 7 * DAY).replace(hour=0)
    assert opens == {
        "rita": monday + timedelta(hours=8),
        "rosa": monday + timedelta(hours=13),
    }


async def test_an_interest_that_has_ended_is_announced_no_more(scheduler: Bench) -> None:
    await scheduler.know(AGREED)
    await scheduler.respond(yes(scheduler))
    (news,) = await scheduler.live_until(NOW + MINUTES)
    await scheduler.respond(ended(scheduler, InterestEnd.TALKING))
    (taken_back,) = await scheduler.published()
    assert isinstance(news, InterestDue)
    assert isinstance(taken_back, ContactWithdrawn)
    assert taken_back.contact_id == news.contact_id
    assert not await scheduler.live_until(NOW + 100 * DAY)


async def test_a_yes_taken_back_within_the_minute_reaches_nobody(scheduler: Bench) -> None:
    await scheduler.know(AGREED)
    await scheduler.respond(yes(scheduler))
    await scheduler.respond(ended(scheduler, InterestEnd.WITHDRAWN))
    assert not await scheduler.live_until(NOW + 100 * DAY)


async def test_not_this_time_and_no_answer_at_all_are_each_told_once(scheduler: Bench) -> None:
    await scheduler.know(AGREED)
    ends = {
        InterestEnd.NOT_THIS_TIME: Outcome.NOT_THIS_TIME,
        InterestEnd.UNANSWERED: Outcome.UNANSWERED,
    }
    for interest_id, end in enumerate(ends, start=1):
        said = yes(
            scheduler, interest_id=str(interest_id), contact_id=str(interest_id), recruiters=[]
        )
        await scheduler.respond(said)
        await scheduler.respond(ended(scheduler, end, str(interest_id)))
        before = scheduler.clock.now()
        assert not await scheduler.live_until(before + timedelta(hours=23))
        (told,) = await scheduler.live_until(before + 3 * DAY)
        assert isinstance(told, ContactDue)
        assert told.purpose is Purpose.OUTCOME
        assert told.facts.outcome is ends[end]
        assert told.facts.answered is Answer.INTERESTED
        assert told.facts.recruiter_id is None
        assert told.application_id == TOLD.application_id
        await scheduler.report(sent(told))
        await scheduler.respond(ended(scheduler, InterestEnd.VACANCY_CLOSED, str(interest_id)))
        assert not await scheduler.live_until(scheduler.clock.now() + 5 * DAY)


async def test_what_was_said_twice_of_one_vacancy_has_one_end(scheduler: Bench) -> None:
    await scheduler.know(AGREED)
    await scheduler.respond(
        yes(scheduler, interest_id="i-0", answer=Answer.HAS_IT_NOW, contact_id="k-0")
    )
    await scheduler.live_until(NOW + 10 * DAY)
    await scheduler.respond(yes(scheduler))
    await scheduler.live_until(NOW + 20 * DAY)
    await scheduler.respond(ended(scheduler, InterestEnd.UNANSWERED, "i-0"))
    assert not of_type(await scheduler.live_until(NOW + 29 * DAY), ContactDue)
    await scheduler.respond(ended(scheduler, InterestEnd.UNANSWERED))
    [told] = of_type(await scheduler.live_until(NOW + 40 * DAY), ContactDue)
    assert told.facts.outcome is Outcome.UNANSWERED


@pytest.mark.parametrize("slip", [InterestEnd.TAKEN_BACK, InterestEnd.WITHDRAWN])
async def test_a_yes_is_told_its_end_though_one_that_came_after_it_was_taken_back(
    scheduler: Bench, slip: InterestEnd
) -> None:
    await scheduler.know(AGREED)
    await scheduler.respond(yes(scheduler))
    await scheduler.live_until(NOW + DAY)
    again = yes(scheduler, interest_id="i-0", answer=Answer.HAS_IT_NOW, contact_id="k-0")
    await scheduler.respond(again)
    await scheduler.respond(ended(scheduler, slip, "i-0"))
    await scheduler.live_until(NOW + 20 * DAY)
    await scheduler.respond(ended(scheduler, InterestEnd.UNANSWERED))
    [told] = of_type(await scheduler.live_until(NOW + 30 * DAY), ContactDue)
    assert told.facts.outcome is Outcome.UNANSWERED


async def test_whoever_was_invited_since_is_not_told_that_nobody_came_back(
    scheduler: Bench,
) -> None:
    await scheduler.know(AGREED)
    said = yes(scheduler, interest_id="i-0", answer=Answer.HAS_IT_NOW, contact_id="k-0")
    await scheduler.respond(said.model_copy(update={"at": NOW - DAY}))
    await scheduler.respond(approval())
    [invitation] = of_type(await scheduler.live_until(NOW + DAY), ContactDue)
    await scheduler.report(sent(invitation))
    await scheduler.respond(ended(scheduler, InterestEnd.UNANSWERED, "i-0"))
    assert not of_type(await scheduler.live_until(NOW + 10 * DAY), ContactDue)


async def test_an_end_is_told_though_no_application_stands_any_more(scheduler: Bench) -> None:
    await invited(scheduler)
    await scheduler.respond(yes(scheduler))
    await scheduler.know(AGREED.model_copy(update={"rejections": [], "version": 2}))
    await scheduler.respond(ended(scheduler, InterestEnd.NOT_THIS_TIME))
    [told] = of_type(await scheduler.live_until(NOW + 4 * DAY), ContactDue)
    assert told.facts.outcome is Outcome.NOT_THIS_TIME


async def test_a_pause_defers_an_end_and_does_not_swallow_it(scheduler: Bench) -> None:
    await invited(scheduler)
    await scheduler.respond(yes(scheduler))
    over = NOW + 180 * DAY
    await scheduler.know(AGREED.model_copy(update={"paused_until": over, "version": 2}))
    await scheduler.respond(ended(scheduler, InterestEnd.NOT_THIS_TIME))
    assert not of_type(await scheduler.live_until(over), ContactDue)
    told = of_type(await scheduler.live_until(over + 4 * DAY), ContactDue)
    assert [each.facts.outcome for each in told] == [Outcome.NOT_THIS_TIME]


@pytest.mark.parametrize(("said_by", "signs"), [("ines", "ines"), (None, "r-1")])
async def test_whoever_ended_it_signs_else_whoever_approved_it(
    scheduler: Bench, said_by: str | None, signs: str
) -> None:
    invitation = await invited(scheduler)
    raised = yes(scheduler, contact_id=invitation.contact_id, recruiters=[])
    end = ended(scheduler, InterestEnd.NOT_THIS_TIME).model_copy(update={"recruiter_id": said_by})
    await scheduler.respond(raised, end)
    (told,) = of_type(await scheduler.live_until(NOW + 5 * DAY), ContactDue)
    assert told.facts.recruiter_id == signs


@pytest.mark.parametrize(
    ("purpose", "answer", "named"),
    [
        (Purpose.LETTER, Answer.HAS_IT_NOW, True),
        (Purpose.READY, Answer.HAS_IT_NOW, True),
        (Purpose.READY, Answer.INTERESTED, True),
        (Purpose.CHECK_IN, Answer.HAS_IT_NOW, True),
        (Purpose.CHECK_IN, Answer.INTERESTED, False),
    ],
)
async def test_the_end_of_what_they_have_by_now_names_the_role_it_was_missing_for(
    scheduler: Bench, purpose: Purpose, answer: Answer, named: bool
) -> None:
    await scheduler.know(AGREED)
    said = yes(scheduler, purpose=purpose, answer=answer, recruiters=[])
    await scheduler.respond(said, ended(scheduler, InterestEnd.NOT_THIS_TIME))
    (told,) = of_type(await scheduler.live_until(NOW + 3 * DAY), ContactDue)
    assert told.facts.vacancy_title == ("Night shift lead" if named else None)
    assert told.facts.vacancy_id == (said.vacancy_id if named else None)


async def test_a_recruiter_who_thinks_again_within_a_day_is_heard(scheduler: Bench) -> None:
    await scheduler.know(AGREED)
    await scheduler.respond(yes(scheduler, recruiters=[]))
    await scheduler.respond(ended(scheduler, InterestEnd.NOT_THIS_TIME))
    await scheduler.respond(ended(scheduler, InterestEnd.HIRED))
    assert not await scheduler.live_until(NOW + 100 * DAY)


async def test_an_end_is_told_whoever_was_invited_once_they_are_another_than_they_were_taken_for(
    scheduler: Bench,
) -> None:
    await invited(scheduler)
    mistaken = AGREED.model_copy(update={"candidate_id": "one", "merged_from": ["c-1"]})
    await scheduler.know(mistaken)
    parted = {"candidate_id": "anew", "merged_from": ["c-1"], "split_from": ["one"]}
    await scheduler.know(AGREED.model_copy(update=parted))
    await scheduler.know(mistaken.model_copy(update={"version": 2, "merged_from": []}))
    for whose in ("one", "anew"):
        closing = withdrawn(scheduler).model_copy(update={"candidate_id": whose})
        await scheduler.respond(closing)
    due = of_type(await scheduler.live_until(NOW + 10 * DAY), ContactDue)
    assert [(it.candidate_id, it.purpose) for it in due] == [("anew", Purpose.OUTCOME)]


async def test_a_vacancy_that_closes_is_told_once_to_whoever_was_invited(
    scheduler: Bench,
) -> None:
    await invited(scheduler)
    await scheduler.respond(withdrawn(scheduler))
    (told,) = await scheduler.live_until(NOW + 5 * DAY)
    assert isinstance(told, ContactDue)
    assert told.purpose is Purpose.OUTCOME
    assert told.facts.outcome is Outcome.VACANCY_CLOSED
    assert told.facts.answered is None
    assert not told.facts.wrote
    assert told.facts.vacancy_title == "Night shift lead"
    assert told.facts.recruiter_id == "r-1"
    await scheduler.report(sent(told))
    assert not await scheduler.live_until(NOW + 100 * DAY)


@pytest.mark.parametrize("after", [timedelta(), 2 * timedelta(hours=1)])
async def test_whoever_answered_the_invitation_by_mail_is_not_told_as_if_they_had_been_silent(
    scheduler: Bench, after: timedelta
) -> None:
    invitation = await invited(scheduler)
    mail = ReplyReceived(
        reply_id="y-1",
        candidate_id="c-1",
        message_id="m-1",
        contact_id=invitation.contact_id,
        at=scheduler.clock.now(),
    )
    if after:
        await scheduler.respond(withdrawn(scheduler))
        scheduler.clock.move(after)
        await scheduler.respond(mail)
    else:
        await scheduler.respond(mail, withdrawn(scheduler))
    (told,) = await scheduler.live_until(NOW + 5 * DAY)
    assert isinstance(told, ContactDue)
    assert (told.facts.outcome, told.facts.wrote) == (Outcome.VACANCY_CLOSED, True)


async def test_whoever_said_yes_hears_once_that_the_vacancy_closed(scheduler: Bench) -> None:
    invitation = await invited(scheduler)
    raised = yes(scheduler, contact_id=invitation.contact_id, recruiters=[])
    await scheduler.respond(raised)
    await scheduler.respond(withdrawn(scheduler), ended(scheduler, InterestEnd.VACANCY_CLOSED))
    (told,) = await scheduler.live_until(NOW + 5 * DAY)
    assert isinstance(told, ContactDue)
    assert told.facts.outcome is Outcome.VACANCY_CLOSED
    assert told.facts.answered is Answer.INTERESTED


async def test_whoever_is_talking_hears_nothing_of_the_closing_and_the_recruiter_is_asked(
    scheduler: Bench,
) -> None:
    invitation = await invited(scheduler)
    raised = yes(scheduler, contact_id=invitation.contact_id)
    again = approval("s-2", at=scheduler.clock.now())
    await scheduler.respond(raised, ended(scheduler, InterestEnd.TALKING), again)
    (second,) = of_type(await scheduler.live_until(NOW + 2 * DAY), ContactDue)
    await scheduler.report(sent(second))
    closed_at = scheduler.clock.now()
    other_list = withdrawn(scheduler).model_copy(update={"shortlist_id": "s-2"})
    await scheduler.respond(withdrawn(scheduler), other_list)
    asked = raised.model_copy(update={"resumed_at": closed_at, "closed_at": closed_at})
    await scheduler.respond(asked)
    assert not await scheduler.live_until(closed_at + 2 * DAY)
    (question,) = await scheduler.live_until(closed_at + 6 * DAY)
    assert isinstance(question, InterestDue)
    assert (question.recruiter_id, question.facts.closed_at) == ("rita", closed_at)
    assert not question.facts.is_reminder
    await scheduler.respond(ended(scheduler, InterestEnd.UNANSWERED))
    told = of_type(await scheduler.live_until(closed_at + 10 * DAY), ContactDue)
    assert [it.facts.outcome for it in told] == [Outcome.LEFT_OPEN]


@pytest.mark.parametrize(
    ("end", "outcomes"),
    [(InterestEnd.HIRED, []), (InterestEnd.NOT_THIS_TIME, [Outcome.NOT_THIS_TIME])],
)
async def test_the_last_word_of_such_a_conversation_is_the_recruiters(
    scheduler: Bench, end: InterestEnd, outcomes: list[Outcome]
) -> None:
    invitation = await invited(scheduler)
    raised = yes(scheduler, contact_id=invitation.contact_id)
    await scheduler.respond(raised, ended(scheduler, InterestEnd.TALKING))
    at = scheduler.clock.now()
    asked = raised.model_copy(update={"resumed_at": at, "closed_at": at})
    await scheduler.respond(withdrawn(scheduler), asked)
    await scheduler.respond(ended(scheduler, end))
    told = of_type(await scheduler.live_until(at + 5 * DAY), ContactDue)
    assert [it.facts.outcome for it in told] == outcomes


async def test_whoever_is_being_hired_is_not_told_of_a_silence_elsewhere(
    scheduler: Bench,
) -> None:
    await scheduler.know(AGREED)
    other = yes(scheduler, interest_id="i-2", contact_id="k-2", vacancy_id="v-3")
    await scheduler.respond(yes(scheduler), other)
    await scheduler.respond(ended(scheduler, InterestEnd.HIRED))
    await scheduler.respond(ended(scheduler, InterestEnd.UNANSWERED, "i-2"))
    assert not of_type(await scheduler.live_until(NOW + 5 * DAY), ContactDue)


async def test_an_invitation_to_the_role_that_turned_them_down_says_so(scheduler: Bench) -> None:
    assert not (await invited(scheduler)).facts.is_open_again
    theirs = rejection(vacancy_id="v-2", already_told=True, decided_at=NOW - 400 * DAY)
    await scheduler.know(AGREED.model_copy(update={"rejections": [theirs], "version": 2}))
    await scheduler.respond(approval("s-2", at=scheduler.clock.now()))
    (invitation,) = of_type(await scheduler.live_until(NOW + 2 * DAY), ContactDue)
    assert (invitation.purpose, invitation.facts.is_open_again) == (Purpose.INVITATION, True)


async def test_nobody_is_told_of_the_end_of_what_they_said_no_to(scheduler: Bench) -> None:
    invitation = await invited(scheduler)
    await scheduler.respond(answered(scheduler, Answer.NOT_NOW, invitation.contact_id))
    await scheduler.respond(withdrawn(scheduler))
    assert not await scheduler.live_until(NOW + 100 * DAY)


async def test_whoever_has_left_the_hat_since_an_invitation_is_left_alone(
    scheduler: Bench,
) -> None:
    await invited(scheduler)
    await scheduler.know(AGREED.model_copy(update={"consents": [], "version": 2}))
    await scheduler.respond(withdrawn(scheduler))
    assert not await scheduler.live_until(NOW + 100 * DAY)


async def test_an_invitation_that_never_left_has_no_end_to_tell(scheduler: Bench) -> None:
    await scheduler.know(AGREED)
    await scheduler.respond(approval())
    await scheduler.respond(withdrawn(scheduler))
    assert not await scheduler.live_until(NOW + 100 * DAY)


async def test_an_approval_that_was_taken_back_too_late_is_no_vacancy_that_closed(
    scheduler: Bench,
) -> None:
    await invited(scheduler)
    await scheduler.respond(withdrawn(scheduler, Withdrawal.TAKEN_BACK))
    assert not await scheduler.live_until(NOW + 100 * DAY)


async def test_an_approval_that_was_taken_back_too_late_has_its_end_when_the_vacancy_closes(
    scheduler: Bench,
) -> None:
    await invited(scheduler)
    await scheduler.respond(withdrawn(scheduler, Withdrawal.TAKEN_BACK))
    assert not await scheduler.live_until(NOW + 5 * DAY)
    await scheduler.respond(withdrawn(scheduler))
    (told,) = await scheduler.live_until(NOW + 10 * DAY)
    assert isinstance(told, ContactDue)
    assert (told.purpose, told.shortlist_id) == (Purpose.OUTCOME, "s-1")


async def test_a_vacancy_that_closes_is_told_once_however_often_it_was_invited_to(
    scheduler: Bench,
) -> None:
    invitation = await invited(scheduler)
    again = approval("s-2", at=scheduler.clock.now())
    await scheduler.respond(again)
    (second,) = of_type(await scheduler.live_until(NOW + 2 * DAY), ContactDue)
    await scheduler.report(sent(second))
    assert second.contact_id != invitation.contact_id
    first_list, second_list = withdrawn(scheduler), withdrawn(scheduler)
    second_list = second_list.model_copy(update={"shortlist_id": "s-2"})
    await scheduler.respond(first_list, second_list)
    (told,) = await scheduler.live_until(NOW + 6 * DAY)
    assert isinstance(told, ContactDue)
    assert told.shortlist_id == "s-2"
    await scheduler.report(sent(told))
    assert not await scheduler.live_until(NOW + 100 * DAY)


async def test_a_closing_that_was_a_mistake_is_told_to_nobody(scheduler: Bench) -> None:
    invitation = await invited(scheduler)
    raised = yes(scheduler, contact_id=invitation.contact_id, recruiters=[])
    await scheduler.respond(raised)
    await scheduler.respond(withdrawn(scheduler), ended(scheduler, InterestEnd.VACANCY_CLOSED))
    (told,) = await scheduler.live_until(NOW + 5 * DAY)
    reopened = raised.model_copy(update={"resumed_at": scheduler.clock.now()})
    await scheduler.respond(approval(), reopened)
    (taken_back,) = await scheduler.live_until(NOW + 50 * DAY)
    assert isinstance(told, ContactDue)
    assert isinstance(taken_back, ContactWithdrawn)
    assert taken_back.contact_id == told.contact_id


async def test_an_invitation_without_an_answer_is_not_told_of_such_a_closing_either(
    scheduler: Bench,
) -> None:
    await invited(scheduler)
    await scheduler.respond(withdrawn(scheduler))
    await scheduler.respond(approval())
    assert not await scheduler.live_until(NOW + 50 * DAY)
    await scheduler.respond(withdrawn(scheduler))
    (told,) = await scheduler.live_until(NOW + 60 * DAY)
    assert isinstance(told, ContactDue)
    assert told.facts.outcome is Outcome.VACANCY_CLOSED


async def test_an_end_that_is_heard_late_ends_nothing_that_is_open_again(
    scheduler: Bench,
) -> None:
    await scheduler.know(AGREED)
    raised = yes(scheduler, recruiters=[])
    closed = ended(scheduler, InterestEnd.VACANCY_CLOSED)
    scheduler.clock.set(NOW + DAY)
    reopened = raised.model_copy(update={"resumed_at": scheduler.clock.now()})
    await scheduler.respond(closed, reopened)
    await scheduler.respond(closed)
    assert not await scheduler.live_until(NOW + 50 * DAY)


async def test_a_yes_that_is_taken_back_and_said_again_is_no_second_news(
    scheduler: Bench,
) -> None:
    await scheduler.know(AGREED)
    await scheduler.respond(yes(scheduler))
    (news,) = await scheduler.live_until(NOW + MINUTES)
    assert isinstance(news, InterestDue)
    await scheduler.report(reported(scheduler, news, MessageSent, wording_version="1"))
    for _ in range(3):
        await scheduler.respond(ended(scheduler, InterestEnd.WITHDRAWN))
        scheduler.clock.set(scheduler.clock.now() + MINUTES)
        await scheduler.respond(yes(scheduler, resumed_at=scheduler.clock.now()))
        assert not await scheduler.live_until(scheduler.clock.now() + MINUTES)
    (reminder,) = await scheduler.live_until(NOW + 5 * DAY)
    assert isinstance(reminder, InterestDue)
    assert reminder.facts.is_reminder


async def test_news_that_never_left_because_the_yes_was_taken_back_are_told_anew(
    scheduler: Bench,
) -> None:
    await scheduler.know(AGREED)
    await scheduler.respond(yes(scheduler))
    (news,) = await scheduler.live_until(NOW + MINUTES)
    assert isinstance(news, InterestDue)
    await scheduler.respond(ended(scheduler, InterestEnd.WITHDRAWN))
    await scheduler.respond(yes(scheduler, resumed_at=scheduler.clock.now()))
    assert of_type(await scheduler.live_until(NOW + 2 * MINUTES), InterestDue) == []
    await scheduler.report(reported(scheduler, news, MessageDropped, because="withdrawn"))
    (anew,) = await scheduler.live_until(NOW + 3 * MINUTES)
    assert isinstance(anew, InterestDue)
    assert anew.contact_id != news.contact_id
    assert not anew.facts.is_reminder


HIRED_ELSEWHERE = AGREED.model_copy(update={"hired_at": NOW + DAY, "consents": [], "version": 2})


async def test_whoever_was_hired_is_told_nothing_more(scheduler: Bench) -> None:
    invitation = await invited(scheduler)
    await scheduler.respond(yes(scheduler, contact_id=invitation.contact_id, recruiters=[]))
    await scheduler.respond(withdrawn(scheduler), ended(scheduler, InterestEnd.VACANCY_CLOSED))
    await scheduler.respond(ended(scheduler, InterestEnd.HIRED))
    await scheduler.know(HIRED_ELSEWHERE)
    assert not await scheduler.live_until(NOW + 100 * DAY)


async def test_a_yes_is_heard_and_has_its_end_though_another_source_says_they_were_hired(
    scheduler: Bench,
) -> None:
    invitation = await invited(scheduler)
    await scheduler.respond(yes(scheduler, contact_id=invitation.contact_id))
    await scheduler.know(HIRED_ELSEWHERE)
    heard = await scheduler.live_until(NOW + 10 * DAY)
    assert [it.facts.is_reminder for it in of_type(heard, InterestDue)] == [False, True]
    await scheduler.respond(ended(scheduler, InterestEnd.UNANSWERED))
    told = of_type(await scheduler.live_until(NOW + 20 * DAY), ContactDue)
    assert [it.facts.outcome for it in told] == [Outcome.UNANSWERED]


async def test_a_letter_about_an_application_for_it_tells_the_end(scheduler: Bench) -> None:
    invitation = await invited(scheduler)
    await scheduler.respond(yes(scheduler, contact_id=invitation.contact_id, recruiters=[]))
    await scheduler.respond(withdrawn(scheduler), ended(scheduler, InterestEnd.VACANCY_CLOSED))
    applied = rejection("a-2", vacancy_id="v-2", decided_at=scheduler.clock.now())
    await scheduler.know(AGREED.model_copy(update={"rejections": [TOLD, applied], "version": 2}))
    (letter,) = await scheduler.live_until(NOW + 10 * DAY)
    assert isinstance(letter, ContactDue)
    assert letter.purpose is Purpose.LETTER


async def test_the_same_decision_once_more_after_a_yes_is_no_end(scheduler: Bench) -> None:
    """No letter follows it, so that it would be the only thing never said."""
    applied = rejection("a-2", vacancy_id="v-2", decided_at=NOW - DAY)
    await scheduler.know(AGREED.model_copy(update={"rejections": [TOLD, applied]}))
    (letter,) = of_type(await scheduler.live_until(NOW + timedelta(hours=1)), ContactDue)
    await scheduler.report(sent(letter))
    await scheduler.respond(approval(at=scheduler.clock.now()))
    (invitation,) = of_type(await scheduler.live_until(NOW + DAY), ContactDue)
    await scheduler.report(sent(invitation))
    await scheduler.respond(yes(scheduler, contact_id=invitation.contact_id, recruiters=[]))
    scheduler.clock.set(NOW + 3 * DAY)
    for version, more in enumerate(({}, {"already_told": True}), start=2):
        again = applied.model_copy(update={"decided_at": NOW + version * DAY, **more})
        state = {"rejections": [TOLD, again], "version": version}
        await scheduler.know(AGREED.model_copy(update=state))
    assert not of_type(await scheduler.live_until(NOW + 20 * DAY), ContactDue)
    await scheduler.respond(ended(scheduler, InterestEnd.UNANSWERED))
    (told,) = of_type(await scheduler.live_until(NOW + 30 * DAY), ContactDue)
    assert told.facts.outcome is Outcome.UNANSWERED


async def test_a_closing_is_told_to_the_invited_of_whom_the_same_decision_came_once_more(
    scheduler: Bench,
) -> None:
    applied = rejection("a-2", vacancy_id="v-2", already_told=True, decided_at=NOW - 90 * DAY)
    await scheduler.know(AGREED.model_copy(update={"rejections": [TOLD, applied]}))
    await scheduler.respond(approval())
    (invitation,) = of_type(await scheduler.live_until(NOW + timedelta(hours=2)), ContactDue)
    await scheduler.report(sent(invitation))
    scheduler.clock.set(NOW + 2 * DAY)
    again = applied.model_copy(update={"decided_at": scheduler.clock.now()})
    await scheduler.know(AGREED.model_copy(update={"rejections": [TOLD, again], "version": 2}))
    await scheduler.respond(withdrawn(scheduler))
    (told,) = of_type(await scheduler.live_until(NOW + 10 * DAY), ContactDue)
    assert told.facts.outcome is Outcome.VACANCY_CLOSED


async def test_what_their_system_tells_of_another_decision_after_a_yes_is_its_end(
    scheduler: Bench,
) -> None:
    invitation = await invited(scheduler)
    await scheduler.respond(yes(scheduler, contact_id=invitation.contact_id, recruiters=[]))
    back, no = NOW + 2 * DAY, NOW + 3 * DAY
    again = rejection("a-2", vacancy_id="v-2", already_told=True, taken_back_at=back, decided_at=no)
    scheduler.clock.set(no)
    await scheduler.know(AGREED.model_copy(update={"rejections": [TOLD, again], "version": 2}))
    await scheduler.respond(withdrawn(scheduler), ended(scheduler, InterestEnd.VACANCY_CLOSED))
    told = of_type(await scheduler.live_until(NOW + 20 * DAY), ContactDue)
    assert not [due for due in told if due.purpose is Purpose.OUTCOME]


async def test_an_end_is_told_where_the_letter_of_the_decision_cannot_leave(
    scheduler: Bench,
) -> None:
    """The application goes on by the invitation, which nobody has withdrawn."""
    applied = rejection("a-2", vacancy_id="v-2", decided_at=NOW)
    known = AGREED.model_copy(update={"rejections": [TOLD, applied]})
    await scheduler.know(known)
    await scheduler.respond(approval(application_id="a-2"))
    (invitation,) = of_type(await scheduler.live_until(NOW + timedelta(hours=2)), ContactDue)
    assert invitation.purpose is Purpose.CONTINUATION
    await scheduler.report(sent(invitation))
    said = {"contact_id": invitation.contact_id, "purpose": Purpose.CONTINUATION}
    await scheduler.respond(yes(scheduler, **said, application_id="a-2", recruiters=[]))
    await scheduler.respond(ended(scheduler, InterestEnd.NOT_THIS_TIME))
    (told,) = of_type(await scheduler.live_until(NOW + 4 * DAY), ContactDue)
    assert (told.purpose, told.facts.outcome) == (Purpose.OUTCOME, Outcome.NOT_THIS_TIME)


HEARS_NOW_AND_THEN = candidate(
    TOLD,
    consents=consent(ConsentPurpose.SIMILAR_OPENING, ConsentPurpose.NOW_AND_THEN),
    hat_answered_at=NOW - DAY,
)


async def test_no_check_in_follows_an_invitation_that_waits_for_an_answer(
    scheduler: Bench,
) -> None:
    invitation = await invited(scheduler)
    await scheduler.know(HEARS_NOW_AND_THEN.model_copy(update={"version": 2}))
    check_in = "select due_at from occasions where kind = 'check_in' order by due_at limit 1"
    (waits,) = await scheduler.rows(check_in)
    assert waits["due_at"] > NOW + 365 * DAY
    await scheduler.respond(answered(scheduler, Answer.NOT_NOW, invitation.contact_id))
    (comes,) = await scheduler.rows(check_in)
    assert comes["due_at"] < NOW + 200 * DAY


async def test_a_check_in_recalls_what_was_said_last(scheduler: Bench) -> None:
    invitation = await invited(scheduler)
    await scheduler.know(HEARS_NOW_AND_THEN.model_copy(update={"version": 2}))
    await scheduler.respond(answered(scheduler, Answer.NOT_NOW, invitation.contact_id))
    said_at = scheduler.clock.now()
    (check_in,) = await scheduler.live_until(NOW + 190 * DAY)
    assert isinstance(check_in, ContactDue)
    assert check_in.facts.last_word == LastWord(
        answer=Answer.NOT_NOW, said_at=said_at, vacancy_title="Night shift lead"
    )


@pytest.mark.parametrize(
    ("ended_as", "closed_at", "told"),
    [
        (InterestEnd.NOT_THIS_TIME, None, Outcome.NOT_THIS_TIME),
        (InterestEnd.VACANCY_CLOSED, None, Outcome.VACANCY_CLOSED),
        (InterestEnd.UNANSWERED, None, Outcome.UNANSWERED),
        (InterestEnd.UNANSWERED, NOW, Outcome.LEFT_OPEN),
    ],
)
def test_what_is_recalled_of_an_end_is_what_was_told(
    ended_as: InterestEnd, closed_at: datetime | None, told: Outcome
) -> None:
    raised = InterestRaised(
        interest_id="i-1",
        candidate_id="c-1",
        answer=Answer.INTERESTED,
        contact_id="k-1",
        closed_at=closed_at,
        at=NOW,
    )
    end = InterestEnded(interest_id="i-1", candidate_id="c-1", ended_as=ended_as, at=NOW)
    asked = PastOccasion(
        "k-1",
        Purpose.CHECK_IN,
        "",
        State.SENT,
        NOW,
        ended_at=NOW,
        answer=Answer.INTERESTED,
        answered_at=NOW,
    )
    untold = CandidateRecord(AGREED, past=[asked], interests=[Interest(raised, end)])
    letter = PastOccasion("k-2", Purpose.OUTCOME, "k-1", State.SENT, NOW, ended_at=NOW)
    for record, known in ((untold, None), (replace(untold, past=[asked, letter]), told)):
        word = last_word(record)
        assert word is not None
        assert word.ended == known


async def test_what_somebody_said_follows_them_into_another_and_goes_with_them(
    scheduler: Bench,
) -> None:
    await scheduler.know(AGREED)
    await scheduler.respond(yes(scheduler))
    one = AGREED.model_copy(update={"candidate_id": "c-2", "merged_from": ["c-1"]})
    await scheduler.know(one)
    (news,) = await scheduler.live_until(NOW + MINUTES)
    assert news.entity_id == "c-2"
    await scheduler.erase("c-2")
    assert of_type(await scheduler.published(), ContactWithdrawn)
    scheduler.clock.set(NOW + PURGE_AFTER + DAY)
    await scheduler.jobs.purge(scheduler.clock.now())
    assert not await scheduler.rows("select * from interests")


async def test_an_interest_that_is_heard_after_a_merge_is_its_new_owners(
    scheduler: Bench,
) -> None:
    await scheduler.know(AGREED)
    await scheduler.know(AGREED.model_copy(update={"candidate_id": "c-2", "merged_from": ["c-1"]}))
    raised = yes(scheduler)
    await scheduler.respond(raised)
    await scheduler.respond(raised.model_copy(update={"candidate_id": "c-2"}))
    (news,) = await scheduler.live_until(NOW + MINUTES)
    assert news.entity_id == "c-2"
    await scheduler.respond(ended(scheduler, InterestEnd.TALKING))
    assert of_type(await scheduler.published(), ContactWithdrawn)


async def test_an_old_interest_is_forgotten_whoever_it_was(scheduler: Bench) -> None:
    await scheduler.respond(yes(scheduler))
    await scheduler.jobs.purge(NOW + 729 * DAY)
    assert await scheduler.rows("select * from interests")
    await scheduler.jobs.purge(NOW + 731 * DAY)
    assert not await scheduler.rows("select * from interests")
