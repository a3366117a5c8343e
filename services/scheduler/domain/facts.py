"""The facts that a contact's text is made from; the words are the notifier's."""

from datetime import UTC, date, datetime, time

from services.scheduler.domain.policy import Employer
from services.scheduler.domain.wishes import Wish, projected
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.contacts import CandidateQualified, ContactFacts
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import InvitationApproved
from shared.contract.events.shortfalls import Projection


def facts_for(wish: Wish, employer: Employer) -> ContactFacts:
    """Gives what is known about whatever the contact is about."""
    if wish.invitation:
        return _of_invitation(wish.invitation, wish.rejection, employer)
    if wish.rejection is None:
        return ContactFacts(employer=employer.name)
    if wish.purpose in (Purpose.CHECK_IN, Purpose.RENEWAL):
        return _in_general(wish, wish.rejection, employer)
    return _of_rejection(wish.rejection, employer, asks_hat=wish.asks_hat)


def qualified(
    candidate: CandidateChanged, rejection: Rejection, day: date, projection: Projection
) -> CandidateQualified:
    """Gives the news that nothing is missing any more."""
    return CandidateQualified(
        candidate_id=candidate.candidate_id,
        application_id=rejection.application_id,
        vacancy_id=rejection.vacancy_id,
        qualified_on=_moment(day),
        assumed=projection.assumed,
    )


def _of_invitation(
    approved: InvitationApproved, rejection: Rejection | None, employer: Employer
) -> ContactFacts:
    return ContactFacts(
        vacancy_id=approved.vacancy_id,
        vacancy_title=approved.vacancy_title,
        employer=approved.employer or employer.name,
        locality=approved.locality,
        apply_url=approved.apply_url,
        tier=rejection.tier if rejection else None,
        finishing_place=rejection.finishing_place if rejection else None,
    )


def _in_general(wish: Wish, rejection: Rejection, employer: Employer) -> ContactFacts:
    return ContactFacts(
        vacancy_id=rejection.vacancy_id,
        vacancy_title=rejection.vacancy_title,
        employer=employer.name,
        consent_until=wish.not_after,
    )


def _of_rejection(rejection: Rejection, employer: Employer, *, asks_hat: bool) -> ContactFacts:
    projection = projected(rejection) if rejection.tier is Tier.NOT_YET else None
    closes_on = projection.closes_on if projection else None
    return ContactFacts(
        vacancy_id=rejection.vacancy_id,
        vacancy_title=rejection.vacancy_title,
        employer=employer.name,
        tier=rejection.tier,
        reason_code=rejection.reason.code,
        finishing_place=rejection.finishing_place,
        shortfalls=rejection.shortfalls,
        qualifies_on=_moment(closes_on) if closes_on else None,
        assumed=projection.assumed if projection else None,
        asks_hat=asks_hat,
    )


def _moment(day: date) -> datetime:
    """A day on the wire is its midnight in UTC: a day of the calendar, not an instant."""
    return datetime.combine(day, time(), UTC)
