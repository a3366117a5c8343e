"""The plan of one person: everything that should be due, from what is known at this moment."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from dateutil.relativedelta import relativedelta

from services.scheduler.domain import contact_rules
from services.scheduler.domain.allocation import Allocation
from services.scheduler.domain.facts import qualified
from services.scheduler.domain.occasions import (
    QUALIFIED,
    CandidateRecord,
    Occasion,
    PastOccasion,
    Plan,
    State,
)
from services.scheduler.domain.policy import Policy
from shared.contract.events.payload import stable_id
from shared.contract.events.purposes import Purpose


def plan(record: CandidateRecord, now: datetime, policy: Policy) -> Plan:
    """Returns the complete plan; what is planned or under way and not in it should not be.

    It has the same ids whenever it is asked for, and the same slots while nothing new is known.
    """
    allocation = Allocation(record, now, policy)
    if record.state.hired_at is None:
        continued = _grant_invitations(allocation, record, policy)
        _grant_answers(allocation, record, policy, continued)
        for proposal in contact_rules.follow_ups(record, allocation.hours, policy):
            allocation.grant(proposal)
        _grant_check_ins(allocation, record, policy)
        allocation.occasions.extend(_qualifications(allocation, record))
    return allocation.finished()


def _grant_invitations(allocation: Allocation, record: CandidateRecord, policy: Policy) -> set[str]:
    """Returns the applications that go on: nobody is told no about a place they are offered."""
    invitations = contact_rules.invitations(record, policy)
    granted = [proposal for proposal in invitations if allocation.grant(proposal)]
    return {each.application.application_id for each in granted if each.application}


def _grant_answers(
    allocation: Allocation, record: CandidateRecord, policy: Policy, continued: set[str]
) -> None:
    """Letters come first, so that one of them asks rather than a question beside it."""
    asked = [past.counted_at for past in allocation.emitted if past.asks_hat and past.counted_at]
    answers = [a for a in contact_rules.answers(record, policy) if a.subject not in continued]
    for answer in sorted(answers, key=lambda answer: not answer.rule.is_letter):
        if allocation.keep(answer):
            continue
        last = max(asked, default=None)
        asks = contact_rules.may_ask(record, answer, last, policy.ask_again_after)
        if answer.rule.is_letter or asks:
            granted = allocation.grant(answer.asking() if asks else answer)
            asked += [answer.not_before] if asks and granted else []


def _grant_check_ins(allocation: Allocation, record: CandidateRecord, policy: Policy) -> None:
    """Plans as many check-ins as may still go unanswered, each after a time of quiet."""
    check_in = contact_rules.check_in(record, policy)
    if check_in is None:
        return
    made = [past for past in allocation.emitted if _is_check_in(past)]
    for past in made:
        allocation.keep(replace(check_in, subject=past.subject))
    left = policy.sunset_after - len(unanswered(made, record))
    last = max([check_in.not_before, *(past.due_at for past in made)])
    number = max((int(past.subject) for past in made), default=0)
    for following in range(number + 1, number + 1 + left):
        heard = [departure.latest for departure in (*allocation.ordinary, *allocation.inviting)]
        due = _quiet_since(last, heard, policy) + _interval(policy)
        if not allocation.grant(replace(check_in, subject=str(following), not_before=due)):
            return
        last = allocation.occasions[-1].due_at


def unanswered(made: Iterable[PastOccasion], record: CandidateRecord) -> list[PastOccasion]:
    """Returns those that reached the person after the last answer, for all that is known."""
    answered = record.heard_from_at
    return [
        past for past in made if past.counted_at and (not answered or past.counted_at > answered)
    ]


def _is_check_in(past: PastOccasion) -> bool:
    return past.kind is Purpose.CHECK_IN and past.state is not State.WITHDRAWN


def _quiet_since(since: datetime, heard: Iterable[datetime], policy: Policy) -> datetime:
    """Returns the last contact after which it stays quiet for long enough to check in."""
    for at in sorted(heard):
        if since < at < since + _interval(policy) + policy.check_in_gives_way:
            since = at
    return since


def _interval(policy: Policy) -> relativedelta:
    return relativedelta(months=policy.check_in_months)


def _qualifications(allocation: Allocation, record: CandidateRecord) -> Iterator[Occasion]:
    """Returns the day on which each gap closes, of which the matcher hears once."""
    told = {past.subject for past in allocation.emitted if past.kind == QUALIFIED}
    for rejection, projection in contact_rules.qualifying(record):
        day, subject = projection.closes_on, rejection.application_id
        if day and subject not in told:
            yield Occasion(
                id=stable_id(record.state.candidate_id, QUALIFIED, subject),
                kind=QUALIFIED,
                subject=subject,
                due_at=allocation.hours.midnight(day),
                event=qualified(record.state, rejection, day, projection),
            )
