"""What stands in Teamtailor about what a web hook names, in our own words.

A rejection's reason tells who said no; where there is none, an operator has to. A job that is
posted for everybody to see is not confidential; of all others an operator has to say so.
"""

from datetime import datetime

from services.intake.webhooks.adapter import Delivery, Ignored, Said, Told
from services.intake.webhooks.saying import (
    CONFIDENTIAL,
    INTERNAL,
    PROSPECT,
    decided,
    erased,
    refusing,
    unknown_type,
    unnamed_job,
)
from services.intake.webhooks.teamtailor import payloads
from services.intake.webhooks.teamtailor.api import APPLICATION, CANDIDATE, JOB, Asked
from services.intake.webhooks.teamtailor.payloads import Resource
from services.intake.webhooks.words import JobAndTypeWords, JobKind, ReasonType
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantUpdated,
    ApplicantWithdrawn,
)
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.vacancies import VacancyClosed, VacancyOpened

EVENTS = (
    *("job_application.update", "job_application.destroy"),
    *("candidate.update", "candidate.destroy"),
    *("job.create", "job.update"),
)
"""Those that say something to us."""

_GONE = Ignored("not there any more")


class TeamtailorWords(JobAndTypeWords):
    """Of reasons by their texts; one that says itself who said no needs no type."""


def translate(delivery: Delivery, options: TeamtailorWords) -> Told | Ignored:
    """Returns what a web hook leads to."""
    asked = Asked(delivery)
    if f"{asked.kind}.{asked.action}" not in EVENTS:
        return Ignored(f"{asked.kind[:25]}.{asked.action[:25]}: says nothing that is recorded here")
    if asked.kind == CANDIDATE:
        return _candidate(delivery, asked)
    if asked.kind == JOB:
        return _job(delivery, asked, options)
    return _application(delivery, asked, options)


def stops(delivery: Delivery) -> Said | None:
    """Returns of whom Teamtailor tells that they want no mail."""
    try:
        asked = Asked(delivery)
        candidate = asked.candidate if asked.kind in (CANDIDATE, APPLICATION) else None
    except Unreadable:
        return None
    if candidate is None:
        return None
    return refusing(candidate.id, candidate.attributes.refusal, delivery.known_at)


def _candidate(delivery: Delivery, asked: Asked) -> Told | Ignored:
    candidate = asked.candidate
    if candidate is None:
        return erased(asked.id, delivery.known_at) if asked.is_gone else _GONE
    said = Said(ApplicantUpdated, {"applicant": _applicant(candidate)}, delivery.known_at)
    return Told([said])


def _application(delivery: Delivery, asked: Asked, options: TeamtailorWords) -> Told | Ignored:
    application = asked.application
    if application is None:
        return Ignored("an application that is not there any more; of whom, is not told")
    if application.attributes.rejected_at:
        return _rejected(asked, application, application.attributes.rejected_at, options)
    whose = asked.candidate_id
    if whose is None:
        return _GONE
    became = ApplicantHired if _is_hired(asked) else ApplicantUnrejected
    return decided(became, whose, application.id, delivery.known_at)


def _rejected(
    asked: Asked,
    application: Resource[payloads.Application],
    at: datetime,
    options: TeamtailorWords,
) -> Told | Ignored:
    candidate, job = asked.candidate, asked.job
    if candidate is None:
        return _GONE
    who = candidate.attributes
    if who.internal:
        return INTERNAL
    if application.attributes.sourced or who.sourced or job is None:
        return PROSPECT
    reason = asked.reason or payloads.RejectReason()
    meaning = _who_said_no(reason, options)
    if meaning is ReasonType.WITHDRAWN:
        return decided(ApplicantWithdrawn, candidate.id, application.id, at)
    if meaning is None:
        return unknown_type(reason.reason)
    if _is_hired(asked):
        return decided(ApplicantHired, candidate.id, application.id, at)
    if why_not := _unnamed(job, options):
        return why_not
    stage = asked.stage.name if asked.stage else None
    declined, notes = options.declined(stage, reason.reason)
    body = {
        "applicationId": application.id,
        "applicant": _applicant(candidate),
        "vacancy": _vacancy(job),
        **declined,
        "decidedAt": at,
    }
    said = Said(ApplicantRejected, body, at, application.attributes.created_at)
    return Told([said], notes)


def _is_hired(asked: Asked) -> bool:
    """Tells whether somebody stands among the hired, whatever was said of them since."""
    return asked.stage is not None and asked.stage.stage_type == payloads.HIRED


def _who_said_no(reason: payloads.RejectReason, options: TeamtailorWords) -> ReasonType | None:
    """Returns what an operator says of a reason, or else what it says itself."""
    if (meaning := options.type_of(reason.reason)) or reason.rejected_by_company is None:
        return meaning
    return ReasonType.REJECTED if reason.rejected_by_company else ReasonType.WITHDRAWN


def _unnamed(job: Resource[payloads.Job], options: TeamtailorWords) -> Ignored | None:
    """Returns why a job may not be named."""
    if job.attributes.internal:
        return INTERNAL
    if options.job_kind(job.id) is JobKind.CONFIDENTIAL:
        return CONFIDENTIAL
    return (
        None if job.attributes.human_status == payloads.PUBLISHED else unnamed_job(options, job.id)
    )


def _job(delivery: Delivery, asked: Asked, options: TeamtailorWords) -> Told | Ignored:
    job = asked.job
    if job is None:
        return _GONE
    if job.attributes.internal:
        return INTERNAL
    if options.job_kind(job.id) is JobKind.CONFIDENTIAL:
        return CONFIDENTIAL
    match job.attributes.human_status:
        case payloads.PUBLISHED:
            return Told([Said(VacancyOpened, _vacancy(job), delivery.known_at)])
        case payloads.ENDED:
            return Told([Said(VacancyClosed, _vacancy(job), delivery.known_at)])
        case _:
            return Ignored("a job that is not posted for everybody to see")


def _applicant(candidate: Resource[payloads.Candidate]) -> dict[str, object]:
    who = candidate.attributes
    return {
        "applicantId": candidate.id,
        "name": {"givenName": who.first_name, "familyName": who.last_name},
        "emails": [who.email] if who.email else [],
        "phone": who.phone,
        **who.refusal,
    }


def _vacancy(job: Resource[payloads.Job]) -> dict[str, object]:
    return {"vacancyId": job.id, "title": job.attributes.title}
