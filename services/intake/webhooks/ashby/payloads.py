"""What Ashby sends, as far as it is read, in its own words (its OpenAPI, 2026)."""

from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from services.intake.webhooks.saying import Read, Spare
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id


class _Read(Read):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Status(StrEnum):
    """Of an application."""

    HIRED = "Hired"
    ARCHIVED = "Archived"
    ACTIVE = "Active"
    LEAD = "Lead"
    """Somebody who applied for nothing."""


class Contact(_Read):
    value: str


class Ref(_Read):
    id: Id


class Candidate(Ref):
    name: Spare[str | None] = None
    primary_email_address: Spare[Contact | None] = None
    primary_phone_number: Spare[Contact | None] = None


class InterviewStage(_Read):
    title: str | None = None
    type: str | None = None


class ArchiveReason(_Read):
    text: Spare[str | None] = None
    reason_type: str | None = None


class JobOfApplication(Ref):
    title: str


class Application(Ref):
    status: str
    created_at: Moment | None = None
    updated_at: Moment
    archived_at: Moment | None = None
    archive_reason: ArchiveReason | None = None
    candidate: Candidate
    current_interview_stage: Spare[InterviewStage | None] = None
    job: JobOfApplication

    @property
    def decided_at(self) -> Moment:
        """When it came to be as it is."""
        is_archived = self.status == Status.ARCHIVED
        return (is_archived and self.archived_at) or self.updated_at


class Job(Ref):
    title: str
    confidential: bool
    status: str
    updated_at: Moment | None = None
    opened_at: Spare[Moment | None] = None


class JobPosting(_Read):
    title: str
    job_id: Id
    location_name: Spare[str | None] = None
    workplace_type: Spare[str | None] = None
    is_listed: bool
    external_link: Spare[str | None] = None
    updated_at: Moment | None = None


class OfApplication(_Read):
    application: Application


class OfJob(_Read):
    job: Job


class OfPosting(_Read):
    job_posting: JobPosting


class OfCandidate(_Read):
    candidate: Ref


class OfMerge(_Read):
    deleted_candidate: Ref
    merged_candidate: Ref


class Hook(_Read):
    action: str


DataType = TypeVar("DataType", bound=_Read)


class HookWith(Hook, Generic[DataType]):
    data: DataType
