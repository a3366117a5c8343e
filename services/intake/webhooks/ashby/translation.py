"""What each of Ashby's web hooks says, in our own words.

An archived application is no rejection until its reason's type says that the organisation said no:
whoever withdrew is archived too, whoever was hired, and whatever somebody tidies away. No
application tells whether its job is confidential: where the job does, that holds, and of all others
an operator has to say so.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import BaseModel

from services.intake.webhooks.adapter import (
    Delivery,
    Ignored,
    OfJob,
    Said,
    Told,
    how_to_map,
)
from services.intake.webhooks.ashby import payloads
from services.intake.webhooks.ashby.payloads import Status
from services.intake.webhooks.saying import (
    CONFIDENTIAL,
    PROSPECT,
    TEST_CALL,
    body_of,
    by_kind,
    decided,
    erased,
    merged,
    unnamed_job,
    unnamed_vacancy,
)
from services.intake.webhooks.words import JobKind, JobWords, Tags
from shared.contract.events.applications import (
    ApplicantHired,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantWithdrawn,
)
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.payload import Payload
from shared.contract.events.vacancies import VacancyClosed, VacancyOpened

Translate = Callable[[Delivery, JobWords], Told | Ignored]
Data = TypeVar("Data", bound=BaseModel)

ON_APPLICATIONS = ("applicationUpdate", "candidateStageChange", "candidateHire")
"""All of them hold the whole application, and one change is told of by several."""

_LEAD, _HIRED = "Lead", "Hired"
"""The types of the stages for those who applied for nothing, and for those who were hired."""


class AshbyWords(JobWords, Tags):
    """Of a job nothing tells whether it is confidential."""


def translate(delivery: Delivery, options: JobWords) -> Told | Ignored:
    """Returns what a web hook says."""
    return by_kind(body_of(delivery, payloads.Hook).action, _BY_ACTION, delivery, options)


def application_of(delivery: Delivery) -> payloads.Application | None:
    """Returns the application that a web hook is about, if it is about one; raises Unreadable."""
    if body_of(delivery, payloads.Hook).action not in ON_APPLICATIONS:
        return None
    return _data(delivery, payloads.OfApplication).application


def _application(delivery: Delivery, options: JobWords) -> Told | Ignored:
    application = _data(delivery, payloads.OfApplication).application
    match application.status:
        case Status.ACTIVE:
            return _decided(ApplicantUnrejected, application)
        case Status.HIRED:
            return _decided(ApplicantHired, application)
        case Status.LEAD:
            return PROSPECT
        case Status.ARCHIVED:
            return _archived(application, options)
        case _:
            return Ignored("an application of a status that this version does not know")


def _archived(application: payloads.Application, options: JobWords) -> Told | Ignored:
    reason = application.archive_reason or payloads.ArchiveReason()
    if reason.reason_type == "RejectedByCandidate":
        return _decided(ApplicantWithdrawn, application)
    if reason.reason_type != "RejectedByOrg":
        return Ignored(
            "archived for a reason whose type is not Rejected by org: nobody is told no for it. If"
            " it ought to be a no, give the reason that type in Ashby"
        )
    stage = application.current_interview_stage
    if stage and stage.type == _HIRED:
        return _decided(ApplicantHired, application)
    if stage and stage.type == _LEAD:
        return PROSPECT
    if why_not := unnamed_job(options, application.job.id):
        return why_not
    if application.archived_at is None:
        raise Unreadable("no_moment", "archivedAt: nothing tells when they were turned down")
    declined, notes = options.declined(_stage(application), reason.text)
    body = {
        "applicationId": application.id,
        "applicant": _applicant(application.candidate),
        "vacancy": {"vacancyId": application.job.id, "title": application.job.title},
        **declined,
        "decidedAt": application.decided_at,
    }
    said = Said(ApplicantRejected, body, application.updated_at, application.created_at)
    return Told([said], notes)


def _stage(application: payloads.Application) -> str | None:
    """Returns how far somebody came; Ashby may have moved them to a stage for the archived."""
    stage = application.current_interview_stage
    return stage.title if stage and stage.type != "Archived" else None


def _applicant(candidate: payloads.Candidate) -> dict[str, object]:
    email, phone = candidate.primary_email_address, candidate.primary_phone_number
    return {
        "applicantId": candidate.id,
        "name": {"fullName": candidate.name},
        "emails": [email.value] if email else [],
        "phone": phone.value if phone else None,
    }


def _decided(model: type[Payload], application: payloads.Application) -> Told:
    return decided(model, application.candidate.id, application.id, application.decided_at)


def _deleted(delivery: Delivery, _: JobWords) -> Told:
    return erased(_data(delivery, payloads.OfCandidate).candidate.id, delivery.received_at)


def _merged(delivery: Delivery, _: JobWords) -> Told:
    both = _data(delivery, payloads.OfMerge)
    return merged(both.deleted_candidate.id, both.merged_candidate.id, delivery.received_at)


def _job(delivery: Delivery, _: JobWords) -> Told | Ignored:
    """Returns what a job is now: one that is open may have been closed before."""
    job = _data(delivery, payloads.OfJob).job
    at = job.updated_at or delivery.received_at
    of_job = OfJob(job.id, job.confidential, at)
    if job.confidential:
        how = how_to_map("jobs", job.id, [JobKind.CONFIDENTIAL])
        note = (
            "a confidential job: taken as closed, and not named; its rejections are left out as"
            f" long as Ashby calls it so, and for good by {how}"
        )
        return Told([Said(VacancyClosed, unnamed_vacancy(job.id), at)], [note], of_job)
    vacancy = {"vacancyId": job.id, "title": job.title, "datePosted": job.opened_at}
    if job.status in ("Closed", "Archived"):
        return Told([Said(VacancyClosed, vacancy, at)], of_job=of_job)
    if job.status != "Open":
        return Ignored("a job that is not open yet")
    return Told([Said(VacancyOpened, vacancy, at)], of_job=of_job)


def _published(delivery: Delivery, options: JobWords) -> Told | Ignored:
    posting = _data(delivery, payloads.OfPosting).job_posting
    if options.job_kind(posting.job_id) is JobKind.CONFIDENTIAL:
        return CONFIDENTIAL
    if not posting.is_listed:
        return Ignored("a job posting that is on no list: it opens no vacancy")
    is_remote = posting.workplace_type == "Remote"
    vacancy = {
        "vacancyId": posting.job_id,
        "title": posting.title,
        "jobLocation": {"locality": posting.location_name, "remote": is_remote},
        "applyUrl": posting.external_link,
    }
    return Told([Said(VacancyOpened, vacancy, posting.updated_at or delivery.received_at)])


def _data(delivery: Delivery, model: type[Data]) -> Data:
    return body_of(delivery, payloads.HookWith[model]).data  # type: ignore[valid-type]


_BY_ACTION: Mapping[str, Translate] = {
    **dict.fromkeys(ON_APPLICATIONS, _application),
    "candidateDelete": _deleted,
    "candidateMerge": _merged,
    "jobCreate": _job,
    "jobUpdate": _job,
    "jobPostingPublish": _published,
    "jobPostingUpdate": lambda _, __: Ignored("a changed posting: its job tells what is open"),
    "jobPostingUnpublish": lambda _, __: Ignored("an ended posting: its job tells what is open"),
    "openingCreate": lambda _, __: Ignored("an opening without a title: its job tells of it"),
    "ping": lambda _, __: TEST_CALL,
}
ACTIONS = (
    *ON_APPLICATIONS,
    *("candidateDelete", "candidateMerge", "jobCreate", "jobUpdate", "jobPostingPublish"),
)
"""Those that say something to us."""
