"""The plan of one person: everything that should be due, from what is known at this moment."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from services.scheduler.domain import contact_rules, interests
from services.scheduler.domain.allocation import Allocation
from services.scheduler.domain.check_ins import grant_check_ins
from services.scheduler.domain.facts import qualified
from services.scheduler.domain.forgetting import forgettable
from services.scheduler.domain.occasions import QUALIFIED, CandidateRecord, Occasion, Plan
from services.scheduler.domain.policy import Policy
from shared.contract.events.payload import stable_id


def plan(record: CandidateRecord, now: datetime, policy: Policy) -> Plan:
    """Returns the complete plan; what is planned or under way and not in it should not be.

    It has the same ids whenever it is asked for, and the same slots while nothing new is known.
    """
    allocation = Allocation(record, now, policy)
    works_here = record.state.hired_at is not None
    continued = set() if works_here else _grant_invitations(allocation, record, policy)
    _grant_answers(allocation, record, policy, continued)
    for proposal in interests.outcomes(record, policy, allocation.telling):
        allocation.grant(proposal)
    for notice in interests.notices(record, policy):
        allocation.announce(notice)
    if not works_here:
        for proposal in contact_rules.follow_ups(record, allocation.hours, policy):
            allocation.grant(proposal)
        grant_check_ins(allocation, record, policy)
        allocation.occasions.extend(_qualifications(allocation, record))
    return replace(allocation.finished(), forgotten=forgettable(record, now, policy))


def _grant_invitations(allocation: Allocation, record: CandidateRecord, policy: Policy) -> set[str]:
    """Returns the applications that go on: nobody is told no about a place they are offered."""
    invitations = contact_rules.invitations(record, policy)
    granted = [proposal for proposal in invitations if allocation.grant(proposal)]
    going_on = [each.application for each in granted if each.application]
    told_with = {each.told_with for each in going_on if each.told_with}
    return told_with | {each.application_id for each in going_on}


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
