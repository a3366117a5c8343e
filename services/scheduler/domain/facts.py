"""The facts that a contact's text is made from; the words are the notifier's."""

from datetime import UTC, date, datetime, time

from services.scheduler.domain.policy import Employer
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.contacts import CandidateQualified, ContactFacts
from shared.contract.events.responses import InvitationApproved
from shared.contract.events.shortfalls import Projection, qualifying_day


def projected(rejection: Rejection) -> Projection:
    """Returns when nothing will be missing any more."""
    return qualifying_day(
        rejection.shortfalls, rejection.decided_at.date(), still_working=rejection.still_working
    )


def of_application(rejection: Rejection, employer: Employer) -> ContactFacts:
    """Returns what is known of how one application ended, and of when its gap closes."""
    projection = projected(rejection) if rejection.tier is Tier.NOT_YET else None
    closes_on = projection.closes_on if projection else None
    return ContactFacts(
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


def of_consent(latest: Rejection, until: datetime, employer: Employer) -> ContactFacts:
    """Returns what reminds somebody of what they agreed to, and until when it holds."""
    return ContactFacts(
        vacancy_id=latest.vacancy_id,
        vacancy_title=latest.vacancy_title,
        employer=employer.name,
        consent_until=until,
    )


def of_invitation(
    approved: InvitationApproved, continued: Rejection | None, employer: Employer
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
        recruiter_id=approved.recruiter_id,
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
