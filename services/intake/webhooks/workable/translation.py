"""What each of Workable's web hooks says, in our own words.

A hook tells how somebody stands when it leaves, so that a late one may tell of a later decision;
what is decided counts from its own time. Of a reason nothing tells who said no, and of a job
nothing tells whether it is confidential: an operator has to.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from services.intake.webhooks.adapter import Delivery, Ignored, Said, Told
from services.intake.webhooks.resume import job as job_held
from services.intake.webhooks.resume import resume, studies
from services.intake.webhooks.saying import (
    CONFIDENTIAL,
    PROSPECT,
    body_of,
    by_kind,
    decided,
    erased,
    unknown_type,
    unnamed_job,
)
from services.intake.webhooks.words import JobAndTypeWords, JobKind, ReasonType, folded
from services.intake.webhooks.workable import payloads
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantWithdrawn,
)
from shared.contract.events.bodies import read_body
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.payload import Payload
from shared.contract.events.vacancies import VacancyClosed, VacancyOpened

Translate = Callable[[Delivery, JobAndTypeWords], Told | Ignored]
Data = TypeVar("Data", bound=BaseModel)

_HIRED = "hired"
"""The name of the stage in which Workable has those who were hired."""


def translate(delivery: Delivery, options: JobAndTypeWords) -> Told | Ignored:
    """Returns what a web hook says, or what became of a job that was looked for."""
    if not delivery.body:
        return _job(delivery, options)
    return by_kind(body_of(delivery, payloads.Hook).event_type, _BY_EVENT, delivery, options)


def _moved(delivery: Delivery, options: JobAndTypeWords) -> Told | Ignored:
    hook = body_of(delivery, payloads.HookWith[payloads.Candidate])
    candidate, at = hook.data, hook.fired_at or delivery.received_at
    if candidate.job is None or candidate.sourced:
        return PROSPECT
    if candidate.stage and folded(candidate.stage) == _HIRED:
        return _decided(ApplicantHired, candidate, at)
    if candidate.disqualified:
        return _disqualified(candidate, candidate.job, at, options)
    return _decided(ApplicantUnrejected, candidate, at)


def _disqualified(
    candidate: payloads.Candidate, job: payloads.Job, at: datetime, options: JobAndTypeWords
) -> Told | Ignored:
    reason = candidate.disqualification_reason
    meaning = options.type_of(reason)
    decided_at = candidate.disqualified_at
    if meaning is ReasonType.WITHDRAWN:
        return _decided(ApplicantWithdrawn, candidate, decided_at or at)
    if meaning is None:
        return unknown_type(reason)
    if why_not := unnamed_job(options, job.shortcode):
        return why_not
    if decided_at is None:
        raise Unreadable("no_moment", "disqualified_at: nothing tells when they were turned down")
    declined, notes = options.declined(candidate.stage, reason)
    body = {
        "applicationId": candidate.id,
        "applicant": {
            "applicantId": candidate.id,
            "name": {"givenName": candidate.firstname, "familyName": candidate.lastname},
            "emails": [candidate.email] if candidate.email else [],
            "phone": candidate.phone,
        },
        "vacancy": {"vacancyId": job.shortcode, "title": job.title},
        **declined,
        "profile": profile(candidate),
        "decidedAt": decided_at,
    }
    return Told([Said(ApplicantRejected, body, decided_at, candidate.created_at)], notes)


def profile(candidate: payloads.Candidate) -> dict[str, Any]:
    """Returns a JSON Resume of what they did and learnt."""
    return resume(
        [
            job_held(
                each.company,
                each.title,
                each.start_date,
                None if each.current else each.end_date,
                each.summary,
            )
            for each in candidate.experience_entries
        ],
        [
            studies(each.school, each.degree, each.field_of_study, each.start_date, each.end_date)
            for each in candidate.education_entries
        ],
    )


def _decided(model: type[Payload], candidate: payloads.Candidate, at: datetime) -> Told:
    return decided(model, candidate.id, candidate.id, at)


def _deleted(delivery: Delivery, _: JobAndTypeWords) -> Told:
    candidate = body_of(delivery, payloads.HookWith[payloads.Ref]).data
    return erased(candidate.id, delivery.received_at)


def _job(delivery: Delivery, options: JobAndTypeWords) -> Told | Ignored:
    """Returns what became of a job that nobody called about."""
    [answer] = delivery.answers.values()
    job = read_body(answer or b"", payloads.ListedJob)
    if options.job_kind(job.shortcode) is JobKind.CONFIDENTIAL:
        return CONFIDENTIAL
    became = VacancyOpened if job.state == payloads.PUBLISHED else VacancyClosed
    where = job.location or payloads.Location()
    place = {"locality": where.city, "remote": bool(where.telecommuting)}
    vacancy = {"vacancyId": job.shortcode, "title": job.title, "jobLocation": place}
    return Told([Said(became, vacancy, delivery.received_at)])


_BY_EVENT: Mapping[str, Translate] = {"candidate_moved": _moved, "candidate_deleted": _deleted}
EVENTS = tuple(_BY_EVENT)
