"""What each of Greenhouse's web hooks says, in our own words.

Whom nobody turned down is never told no: a prospect, who applied for nothing; whoever withdrew;
whoever was hired; and whoever is rejected for a reason of a type to which nobody has given a
meaning. A private candidate and a confidential job are not recorded, so that nobody reads of them;
whatever a web hook says of a private candidate, it stops what rests for them, and what it says of
one who may not be emailed stops their email.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from services.intake.webhooks.adapter import Delivery, Ignored, Said, Told
from services.intake.webhooks.greenhouse import payloads
from services.intake.webhooks.greenhouse.options import GreenhouseOptions
from services.intake.webhooks.greenhouse.people import applicant, profile
from services.intake.webhooks.saying import (
    CONFIDENTIAL,
    PROSPECT,
    TEST_CALL,
    body_of,
    by_kind,
    decided,
    erased,
    merged,
    refusing,
    unknown_type,
    unnamed_vacancy,
)
from services.intake.webhooks.words import ReasonType
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

Translate = Callable[[Delivery, GreenhouseOptions], Told | Ignored]
Read = TypeVar("Read", bound=BaseModel)

_PRIVATE = (
    "a private candidate: nothing new of them is recorded, and nothing is sent to them until they"
    " ask for it themselves; to forget what was recorded before: notyet erase"
)
_NO_TO_PRIVATE = Ignored("a private candidate is told nothing")
_ON_JOBS = ("job_created", "job_approved", "job_updated")
_OPEN = "open"
"""The status of a job."""
_WHO = {"full_name", "email_addresses", "phone_numbers"}
"""Whoever is anonymised in one of these is to be forgotten."""


def translate(delivery: Delivery, options: GreenhouseOptions) -> Told | Ignored:
    """Returns what a web hook says."""
    action = body_of(delivery, payloads.Hook).action
    who = _whoever(delivery)
    if who is None or not who.is_private:
        return by_kind(action, _BY_ACTION, delivery, options)
    told = by_kind(action, _OF_PRIVATE, delivery, options)
    ended = told.said if isinstance(told, Told) else ()
    return Told([*ended, *filter(None, [stops(delivery)])], [_PRIVATE])


def stops(delivery: Delivery) -> Said | None:
    """Returns who is private, and so is to hear nothing, or who may not be emailed."""
    who = _whoever(delivery)
    if who is None:
        return None
    refuses_email = who.is_private or not who.can_email
    refused = {"refusesEmail": refuses_email, "refusesSms": who.is_private}
    return refusing(who.id, refused, delivery.received_at)


def opens_a_job(delivery: Delivery) -> bool:
    """Tells whether a web hook says that a job is open."""
    try:
        if body_of(delivery, payloads.Hook).action not in _ON_JOBS:
            return False
        job = _payload(delivery, payloads.OfJob).job
    except Unreadable:
        return False
    return job.status == _OPEN and not job.confidential


def _rejected(delivery: Delivery, options: GreenhouseOptions) -> Told | Ignored:
    application = _payload(delivery, payloads.OfApplication).application
    if application.prospect:
        return PROSPECT
    if application.status != "rejected" or application.rejected_at is None:
        return Ignored("not rejected: the application is active again, or they were hired")
    reason = application.rejection_reason or payloads.RejectionReason()
    type_name = reason.type.name if reason.type else None
    meaning = options.type_of(type_name)
    if meaning is ReasonType.WITHDRAWN:
        return _decided(ApplicantWithdrawn, application, application.rejected_at)
    if meaning is None:
        return unknown_type(type_name)
    if not application.jobs:
        raise Unreadable("no_job", "payload.application.jobs: send the job that they applied for")
    if any(job.confidential for job in application.jobs):
        return CONFIDENTIAL
    body, notes = _rejection(application, reason, options)
    return Told(
        [Said(ApplicantRejected, body, application.rejected_at, application.applied_at)], notes
    )


def _rejection(
    application: payloads.Application,
    reason: payloads.RejectionReason,
    options: GreenhouseOptions,
) -> tuple[dict[str, Any], list[str]]:
    """Returns a rejection, and which of its account's words nobody has given a meaning."""
    stage = application.current_stage.name if application.current_stage else None
    declined, notes = options.declined(stage, reason.name)
    body = {
        "applicationId": application.id,
        "applicant": applicant(application.candidate),
        "vacancy": _vacancy(application.jobs[0]),
        **declined,
        "profile": profile(application.candidate),
        "decidedAt": application.rejected_at,
        "applicationUrl": application.url,
    }
    return body, notes


def _decides(model: type[Payload]) -> Translate:
    """Makes what reads a decision that says no time of its own: it counts from when it came.

    So whoever was taken back is told no by no earlier rejection, in whichever order the two come.
    """

    def translated(delivery: Delivery, _: GreenhouseOptions) -> Told | Ignored:
        application = _payload(delivery, payloads.OfApplicationRef).application
        if application.prospect:
            return PROSPECT
        return _decided(model, application, delivery.received_at)

    return translated


def _decided(model: type[Payload], application: payloads.ApplicationRef, at: datetime) -> Told:
    return decided(model, application.candidate.id, application.id, at)


def _application_deleted(delivery: Delivery, _: GreenhouseOptions) -> Told:
    deleted = _payload(delivery, payloads.OfDeletedApplication).application
    return decided(ApplicantWithdrawn, deleted.candidate_id, deleted.id, delivery.received_at)


def _updated(delivery: Delivery, _: GreenhouseOptions) -> Told | Ignored:
    candidate = _payload(delivery, payloads.OfCandidate).candidate
    body = {"applicant": applicant(candidate), "profile": profile(candidate)}
    return Told([Said(ApplicantUpdated, body, delivery.received_at)])


def _whoever(delivery: Delivery) -> payloads.Somebody | None:
    """Returns the candidate whom a web hook is about, of whatever kind it is."""
    try:
        return _payload(delivery, payloads.Whoever).person
    except Unreadable:
        return None


def _withdrawn(delivery: Delivery, options: GreenhouseOptions) -> Told | Ignored:
    """Returns of a rejection that somebody withdrew, and nothing if it is a no."""
    try:
        told = _rejected(delivery, options)
    except Unreadable:
        return _NO_TO_PRIVATE
    is_no = isinstance(told, Told) and told.said[0].model is ApplicantRejected
    return _NO_TO_PRIVATE if is_no else told


def _merged(delivery: Delivery, _: GreenhouseOptions) -> Told:
    person = _payload(delivery, payloads.OfMergedPerson).person
    return merged(person.id, person.new_candidate_id, delivery.received_at)


def _anonymized(delivery: Delivery, _: GreenhouseOptions) -> Told | Ignored:
    anonymized = _payload(delivery, payloads.Anonymized)
    if anonymized.anonymized_fields and _WHO.isdisjoint(anonymized.anonymized_fields):
        return Ignored("anonymised in nothing that tells who they are: see notyet erase")
    return erased(anonymized.candidate_id, delivery.received_at)


def _deleted(delivery: Delivery, _: GreenhouseOptions) -> Told:
    return erased(_payload(delivery, payloads.OfPerson).person.id, delivery.received_at)


def _job(delivery: Delivery, _: GreenhouseOptions) -> Told | Ignored:
    """Returns what a job is now: one that is open may have been closed before."""
    payload = _payload(delivery, payloads.OfJob)
    job, flow = payload.job, payload.approval_flow
    if flow and flow.approval_flow_type != "open_job":
        return Ignored("the approval of an offer, which opens no job")
    if job.confidential:
        closed = Said(VacancyClosed, unnamed_vacancy(job.id), delivery.received_at)
        return Told([closed], ["a confidential job: taken as closed, and not named"])
    if job.status == "closed":
        return Told([Said(VacancyClosed, _vacancy(job), delivery.received_at)])
    if job.status != _OPEN:
        return Ignored("a job that is not open yet")
    return Told([Said(VacancyOpened, _vacancy(job), delivery.received_at)])


def _vacancy(job: payloads.Job) -> dict[str, object]:
    offices = [office.name for office in job.offices if office.name]
    return {
        "vacancyId": job.id,
        "title": job.name,
        "jobLocation": {"locality": offices[0]} if len(offices) == 1 else None,
        "datePosted": job.opened_at,
    }


def _payload(delivery: Delivery, model: type[Read]) -> Read:
    return body_of(delivery, payloads.HookWith[model]).payload  # type: ignore[valid-type]


_BY_ACTION: Mapping[str, Translate] = {
    "reject_candidate": _rejected,
    "unreject_candidate": _decides(ApplicantUnrejected),
    "hire_candidate": _decides(ApplicantHired),
    "unhire_candidate": _decides(ApplicantUnrejected),
    "update_candidate": _updated,
    "merge_candidate": _merged,
    "candidate_anonymized": _anonymized,
    "delete_candidate": _deleted,
    "delete_application": _application_deleted,
    **dict.fromkeys(_ON_JOBS, _job),
    "ping": lambda _, __: TEST_CALL,
}
_OF_PRIVATE = {
    action: _withdrawn if reads is _rejected else reads
    for action, reads in _BY_ACTION.items()
    if reads is not _updated
}
"""What counts of a private candidate too, as nobody reads of them by it."""
ACTIONS = tuple(action for action in _BY_ACTION if action != "ping")
"""Those that say something to us."""
