"""What every system says of its applicants and its jobs, and how it is written in our own words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict

from services.intake.webhooks.adapter import Delivery, Ignored, Options, Said, Told, how_to_map
from services.intake.webhooks.words import (
    ANY_JOB,
    NO_REASON,
    JobKind,
    JobWords,
    ReasonType,
)
from shared.contract.events.applications import (
    ApplicantErased,
    ApplicantMerged,
    ApplicantUpdated,
)
from shared.contract.events.bodies import take_body
from shared.contract.events.details import Detail
from shared.contract.events.payload import Payload

Model = TypeVar("Model", bound=BaseModel)
Part = TypeVar("Part")
Spare = Annotated[Part, Detail()]
"""What a system says besides: where nobody can read it, the rest counts all the same."""
OptionsType = TypeVar("OptionsType", bound=Options)

TEST_CALL = Ignored("a test call")
PROSPECT = Ignored("a prospect, who applied for no job")
INTERNAL = Ignored("somebody who works there already, or a job for those who do")
CONFIDENTIAL = Ignored("a confidential job: nothing of it is recorded, and nobody is told of it")


class Read(BaseModel):
    """What a system sends, as far as it is read."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


def by_kind(
    kind: str,
    readers: Mapping[str, Callable[[Delivery, OptionsType], Told | Ignored]],
    delivery: Delivery,
    options: OptionsType,
) -> Told | Ignored:
    """Returns what a web hook of that kind says; one that nobody reads is passed over."""
    reader = readers.get(kind)
    if reader is None:
        return Ignored(f"{kind[:50]}: says nothing that is recorded here")
    return reader(delivery, options)


def body_of(delivery: Delivery, model: type[Model]) -> Model:
    """Returns what a delivery holds; raises Unreadable."""
    return part_of(delivery, delivery.body, model)


def part_of(delivery: Delivery, body: bytes, model: type[Model]) -> Model:
    """Returns what a part of a delivery holds; raises Unreadable.

    A detail that nobody can read costs itself alone, and so does half a character, or none (NUL):
    no system sends anything again because of it.
    """
    read, left_out = take_body(body, model)
    delivery.left_out.update({fault.field: fault.problem for fault in left_out})
    return read


def decided(model: type[Payload], applicant_id: str, application_id: str, at: datetime) -> Told:
    """Says what became of an application."""
    body = {"applicantId": applicant_id, "applicationId": application_id, "decidedAt": at}
    return Told([Said(model, body, at)])


def erased(applicant_id: str, at: datetime) -> Told:
    """Says that somebody is to be forgotten."""
    return Told([Said(ApplicantErased, {"applicantId": applicant_id}, at)])


def merged(applicant_id: str, into: str, at: datetime) -> Told:
    """Says that two are one person."""
    body = {"applicantId": applicant_id, "intoApplicantId": into}
    return Told([Said(ApplicantMerged, body, at)])


def refusing(applicant_id: str, said: Mapping[str, bool], at: datetime) -> Said | None:
    """Says what somebody refuses, if anything, and nothing else of them.

    So one who is not in the record stays out of it.
    """
    refused = {name: True for name, is_refused in said.items() if is_refused}
    who = {"applicantId": applicant_id, "name": {}, **refused}
    return Said(ApplicantUpdated, {"applicant": who}, at) if refused else None


def unnamed_vacancy(job_id: str) -> dict[str, object]:
    """Returns a vacancy of which nothing is told."""
    return {"vacancyId": job_id, "title": "A confidential position"}


def unknown_type(name: str | None) -> Ignored:
    """Passes over a rejection of which nobody said who said no."""
    how = how_to_map("types", name or NO_REASON, ReasonType)
    return Ignored(f"a rejection of a type whose meaning is not known: {how}")


def unnamed_job(words: JobWords, job_id: str) -> Ignored | None:
    """Returns why a job may not be named: it is confidential, or nobody said that it is not."""
    kind = words.job_kind(job_id)
    if kind is JobKind.CONFIDENTIAL:
        return CONFIDENTIAL
    if kind is None:
        how = how_to_map("jobs", ANY_JOB, JobKind)
        return Ignored(
            "a rejection does not tell whether its job is confidential. Say so of each that is, by"
            f" its id instead of {ANY_JOB}, and then of all others: {how}"
        )
    return None
