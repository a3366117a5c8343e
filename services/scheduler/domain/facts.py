"""The facts that a contact's text is made from; the words are the notifier's."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

from services.scheduler.domain.occasions import CandidateRecord
from services.scheduler.domain.policy import Employer
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.contacts import (
    AlsoSaid,
    CandidateQualified,
    ContactFacts,
    InterestFacts,
    LastWord,
    Outcome,
)
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Answer, InterestEnd, InterestRaised, InvitationApproved
from shared.contract.events.shortfalls import (
    Projection,
    Shortfall,
    each_thing,
    qualifying_day,
)


def projected(rejection: Rejection) -> Projection:
    """Returns when nothing will be missing any more."""
    return qualifying_day(
        rejection.shortfalls, rejection.decided_at.date(), still_working=rejection.still_working
    )


def of_application(rejection: Rejection, employer: Employer) -> ContactFacts:
    """Returns what is known of how one application ended, and of when its gap closes."""
    projection = projected(rejection) if rejection.tier is not Tier.NO else None
    closes_on = projection.closes_on if projection else None
    return ContactFacts(
        application_id=rejection.application_id,
        vacancy_id=rejection.vacancy_id,
        vacancy_title=rejection.vacancy_title,
        employer=employer.name,
        tier=rejection.tier,
        reason_code=rejection.reason.code,
        stage=rejection.stage,
        finishing_place=rejection.finishing_place,
        strengths=rejection.reason.strengths,
        shortfalls=rejection.shortfalls,
        qualifies_on=_midnight(closes_on) if closes_on else None,
        assumed=projection.assumed if projection else None,
    )


def of_consent(
    hopes: Sequence[Rejection], until: datetime, employer: Employer, *, is_last: bool = False
) -> ContactFacts:
    """Returns what reminds somebody of what they agreed to, and until when it holds.

    Of several applications nobody can tell behind whose letter they agreed: then none is named.
    """
    only = hopes[0] if len(hopes) == 1 else None
    return ContactFacts(
        application_id=only.application_id if only else None,
        vacancy_id=only.vacancy_id if only else None,
        vacancy_title=only.vacancy_title if only else None,
        employer=employer.name,
        consent_until=until,
        is_last=is_last,
    )


def of_invitation(
    approved: InvitationApproved,
    continued: Rejection | None,
    employer: Employer,
    *,
    is_open_again: bool,
) -> ContactFacts:
    """Returns what a recruiter invites to, and how the application that goes on had ended."""
    return ContactFacts(
        vacancy_id=approved.vacancy_id,
        vacancy_title=approved.vacancy_title,
        employer=approved.employer or employer.name,
        locality=approved.locality,
        country=approved.country,
        apply_url=approved.apply_url,
        tier=continued.tier if continued else None,
        finishing_place=continued.finishing_place if continued else None,
        asked_first=approved.asked_first,
        is_open_again=is_open_again,
        recruiter_id=approved.recruiter_id,
    )


def of_outcome(
    outcome: Outcome,
    vacancy_id: str | None,
    title: str | None,
    answered: Answer | None,
    recruiter_id: str | None,
    employer: Employer,
    *,
    wrote: bool = False,
) -> ContactFacts:
    """Returns how it ended for somebody who was invited, or said that they would like to talk."""
    return ContactFacts(
        vacancy_id=vacancy_id,
        vacancy_title=title,
        employer=employer.name,
        outcome=outcome,
        answered=answered,
        wrote=wrote,
        recruiter_id=recruiter_id,
    )


def last_word(record: CandidateRecord) -> LastWord | None:
    """Returns what somebody answered last to a contact, and how it ended as far as they know."""
    last = max(
        (past for past in record.past if past.answered_at),
        key=lambda past: (past.answered_at, past.id),
        default=None,
    )
    if last is None or last.answer is None or last.answered_at is None:
        return None
    told = {
        past.subject for past in record.past if past.kind is Purpose.OUTCOME and past.counted_at
    }
    return LastWord(
        answer=last.answer,
        said_at=last.answered_at,
        vacancy_title=record.invited_to.get(last.subject) if last.is_inviting else None,
        ended=_ended(last.id, record) if last.id in told else None,
    )


def _ended(contact_id: str, record: CandidateRecord) -> Outcome:
    """Returns which end was told of what answered a contact: our silence is no "no"."""
    for interest in record.interests:
        raised, ended = interest.raised, interest.ended
        if raised.contact_id == contact_id and ended:
            if ended.ended_as is InterestEnd.UNANSWERED:
                return Outcome.LEFT_OPEN if raised.closed_at else Outcome.UNANSWERED
            if ended.ended_as is InterestEnd.VACANCY_CLOSED:
                return Outcome.VACANCY_CLOSED
    return Outcome.NOT_THIS_TIME


def of_interest(
    raised: InterestRaised, record: CandidateRecord, *, is_reminder: bool
) -> InterestFacts:
    """Returns what a recruiter is told of what somebody said, and what else stands by now."""
    has_it = raised.answer is Answer.HAS_IT_NOW
    told = _told_together(raised, record.state) if has_it else []
    return InterestFacts(
        interest_id=raised.interest_id,
        answer=raised.answer,
        purpose=raised.purpose,
        vacancy_title=raised.vacancy_title,
        shortfalls=_has_now(raised, told),
        lacks_more=has_it and not _has_it_all(told),
        also=list(_also(raised, record)),
        said_at=raised.at,
        is_reminder=is_reminder,
        closed_at=raised.closed_at,
    )


def _told_together(raised: InterestRaised, person: CandidateChanged) -> list[Rejection]:
    """Returns the decision that they speak of, and all that its letter tells of or tells apart."""
    its_own = (it for it in person.rejections if it.application_id == raised.application_id)
    return [told for it in its_own for told in person.told_together(it)]


def _has_it_all(told: Sequence[Rejection]) -> bool:
    """Tells whether nothing is missing any more; of a decision that is gone nobody knows."""
    return bool(told) and all(gap.closed_at for it in told for gap in it.shortfalls)


def _has_now(raised: InterestRaised, told: Sequence[Rejection]) -> list[Shortfall]:
    """Returns what they have by now of what their role asked, each thing once.

    They may have said so of more since. What other systems found missing is not told.
    """
    its_own = next((it for it in told if it.application_id == raised.application_id), None)
    if its_own is None:
        return raised.shortfalls
    role = its_own.source, its_own.vacancy_id
    gaps = [gap for it in told if (it.source, it.vacancy_id) == role for gap in it.shortfalls]
    has = [gap for gap in gaps if gap.closed_at]
    return each_thing(has, its_own.decided_at.date()) or raised.shortfalls


def _also(raised: InterestRaised, record: CandidateRecord) -> Iterator[AlsoSaid]:
    """Yields what else they said of roles of the same system that has not come to an end."""
    for other in record.interests:
        said, ended_as = other.raised, other.ended and other.ended.ended_as
        is_other = said.interest_id != raised.interest_id and said.source == raised.source
        if is_other and said.vacancy_title and ended_as in (None, InterestEnd.TALKING):
            yield AlsoSaid(
                answer=said.answer,
                vacancy_title=said.vacancy_title,
                is_talking=bool(ended_as or said.closed_at),
            )


def qualified(
    candidate: CandidateChanged, rejection: Rejection, day: date, projection: Projection
) -> CandidateQualified:
    """Returns the news that nothing is missing any more."""
    return CandidateQualified(
        candidate_id=candidate.candidate_id,
        application_id=rejection.application_id,
        vacancy_id=rejection.vacancy_id,
        qualified_on=_midnight(day),
        assumed=projection.assumed,
    )


def _midnight(day: date) -> datetime:
    """A day on the wire is its midnight in UTC: a day of the calendar, not an instant."""
    return datetime.combine(day, time(), UTC)
