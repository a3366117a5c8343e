"""What stands in SmartRecruiters about what a web hook names, in our own words.

It tells apart who was rejected and who withdrew; whoever was hired, or withdrew, or applied for
nothing yet, and was set to rejected only then was not turned down. It does not tell whether a job
is confidential, but one that is posted for everybody to see is not; of all others an operator has
to say so.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import takewhile

from services.intake.webhooks.adapter import Delivery, Ignored, Said, Told
from services.intake.webhooks.resume import job as job_held
from services.intake.webhooks.resume import resume, studies
from services.intake.webhooks.saying import (
    CONFIDENTIAL,
    INTERNAL,
    PROSPECT,
    by_kind,
    decided,
    erased,
    unnamed_job,
)
from services.intake.webhooks.smartrecruiters import payloads
from services.intake.webhooks.smartrecruiters.api import (
    DELETED,
    EVENT,
    ON_JOBS,
    REJECTED,
    STATUS,
    UPDATED,
    Asked,
)
from services.intake.webhooks.words import JobKind, JobWords
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantUpdated,
    ApplicantWithdrawn,
)
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.payload import Payload
from shared.contract.events.vacancies import VacancyClosed, VacancyOpened

Translate = Callable[[Delivery, JobWords], Told | Ignored]

_GONE = Ignored("not there any more")
_OPEN, _CLOSED = {"SOURCING", "INTERVIEW", "OFFER"}, {"FILLED", "CANCELLED"}
_PUBLIC = "PUBLIC"
_ENDS: Mapping[str, type[Payload]] = {
    "WITHDRAWN": ApplicantWithdrawn,
    "HIRED": ApplicantHired,
    "NEW": ApplicantUnrejected,
    "IN_REVIEW": ApplicantUnrejected,
    "INTERVIEW": ApplicantUnrejected,
    "OFFERED": ApplicantUnrejected,
}
"""What a status means that is not a rejection; any other means nothing to us."""
_LEAD = "LEAD"
"""The status of a prospect."""
_OVER = {"WITHDRAWN", "HIRED"}
"""After which nobody is turned down any more, whatever the records are set to."""


def translate(delivery: Delivery, options: JobWords) -> Told | Ignored:
    """Returns what a web hook leads to."""
    return by_kind(delivery.headers.get(EVENT, ""), _BY_EVENT, delivery, options)


def _status(delivery: Delivery, options: JobWords) -> Told | Ignored:
    asked = Asked(delivery)
    application = asked.application
    if application is None:
        return _GONE
    if application.status == REJECTED:
        return _rejected(asked, application, options)
    if application.status == _LEAD:
        return PROSPECT
    if application.status in _ENDS:
        what = f"{asked.candidate_id}-{asked.job_id}"
        return decided(_ENDS[application.status], asked.candidate_id, what, delivery.known_at)
    return Ignored("an application of a status that says nothing to us")


def _rejected(asked: Asked, application: payloads.Application, options: JobWords) -> Told | Ignored:
    candidate, job = asked.candidate, asked.job
    if candidate is None:
        return _GONE
    if candidate.internal:
        return INTERNAL
    if job is None:
        raise Unreadable("no_job", "its job is not there, or not for our key to read")
    if job.posting_status != _PUBLIC and (why_not := unnamed_job(options, job.id)):
        return why_not
    if options.job_kind(job.id) is JobKind.CONFIDENTIAL:
        return CONFIDENTIAL
    at, before = _rejected_at(asked), _before(asked)
    if before and before.status == _LEAD:
        return PROSPECT
    if before and before.status in _OVER:
        what = f"{candidate.id}-{job.id}"
        return decided(_ENDS[before.status], candidate.id, what, before.changed_on)
    reason = application.reason_of_rejection
    declined, notes = options.declined(
        before.status if before else None, reason.label if reason else None
    )
    body = {
        "applicationId": f"{candidate.id}-{job.id}",
        "applicant": _applicant(candidate),
        "vacancy": _vacancy(job),
        **declined,
        "profile": _profile(candidate),
        "decidedAt": at,
    }
    return Told([Said(ApplicantRejected, body, at, _applied_at(asked))], notes)


def _rejected_at(asked: Asked) -> datetime:
    """Returns since when somebody is rejected; raises Unreadable where that is not told.

    It may have been long ago: when it is read tells nothing of when it was decided.
    """
    by_age = sorted(asked.history, key=lambda each: (each.changed_on, each.status == REJECTED))
    last = list(takewhile(lambda each: each.status == REJECTED, reversed(by_age)))
    if not last:
        raise Unreadable("no_moment", "the history of its status does not tell when that was")
    return last[-1].changed_on


def _applied_at(asked: Asked) -> datetime | None:
    """Returns when the first was that is known of the application, if more is than its end.

    A lead has applied for nothing yet.
    """
    of_application = {each.changed_on for each in asked.history if each.status != _LEAD}
    return min(of_application) if _before(asked) else None


def _before(asked: Asked) -> payloads.Change | None:
    """Returns how far somebody had come when they were rejected."""
    before = [each for each in asked.history if each.status != REJECTED]
    return max(before, key=lambda each: (each.changed_on, each.status != _LEAD), default=None)


def _updated(delivery: Delivery, _: JobWords) -> Told | Ignored:
    candidate = Asked(delivery).candidate
    if candidate is None:
        return _GONE
    body = {"applicant": _applicant(candidate), "profile": _profile(candidate)}
    return Told([Said(ApplicantUpdated, body, delivery.known_at)])


def _deleted(delivery: Delivery, _: JobWords) -> Told:
    return erased(Asked(delivery).candidate_id, delivery.received_at)


def _job(delivery: Delivery, options: JobWords) -> Told | Ignored:
    job = Asked(delivery).job
    if job is None:
        return _GONE
    if options.job_kind(job.id) is JobKind.CONFIDENTIAL:
        return CONFIDENTIAL
    if job.status in _CLOSED:
        return Told([Said(VacancyClosed, _vacancy(job), delivery.known_at)])
    if job.status not in _OPEN or job.posting_status != _PUBLIC:
        return Ignored("a job that is not open yet, or not posted for everybody")
    return Told([Said(VacancyOpened, _vacancy(job), delivery.known_at)])


def _applicant(candidate: payloads.Candidate) -> dict[str, object]:
    return {
        "applicantId": candidate.id,
        "name": {"givenName": candidate.first_name, "familyName": candidate.last_name},
        "emails": [candidate.email] if candidate.email else [],
        "phone": candidate.phone_number,
    }


def _profile(candidate: payloads.Candidate) -> dict[str, object]:
    """Returns a JSON Resume of what they did and learnt."""
    return resume(
        [
            job_held(each.company, each.title, each.start_date, each.end_date)
            for each in candidate.experience
        ],
        [
            studies(each.institution, each.degree, each.major, each.start_date, each.end_date)
            for each in candidate.education
        ],
    )


def _vacancy(job: payloads.Job) -> dict[str, object]:
    city = job.location.city if job.location else None
    return {
        "vacancyId": job.id,
        "title": job.title,
        "jobLocation": {"locality": city} if city else None,
    }


_BY_EVENT: Mapping[str, Translate] = {
    STATUS: _status,
    UPDATED: _updated,
    DELETED: _deleted,
    **dict.fromkeys(ON_JOBS, _job),
}
EVENTS = tuple(_BY_EVENT)
"""Those that say something to us."""
