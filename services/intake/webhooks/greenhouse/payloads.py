"""What Greenhouse sends, as far as it is read, in its own words (Recruiting webhooks, 2026)."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Named(_Read):
    name: str | None = None


class Contact(_Read):
    value: str
    type: str | None = None


class Education(_Read):
    school_name: str | None = None
    degree: str | None = None
    discipline: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class Employment(_Read):
    company_name: str | None = None
    title: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class PersonRef(_Read):
    id: Id


class Candidate(PersonRef):
    """A person as they are updated, which tells no word on whether they may be written to."""

    first_name: str | None = None
    last_name: str | None = None
    is_private: bool = False
    can_email: bool = True
    phone_numbers: list[Contact] = []
    email_addresses: list[Contact] = []
    educations: list[Education] = []
    employments: list[Employment] = []


class RejectedCandidate(Candidate):
    """A person as they are rejected: without those two words nothing is read."""

    is_private: bool
    can_email: bool


class Job(_Read):
    id: Id
    name: str
    confidential: bool
    status: str
    opened_at: Moment | None = None
    offices: list[Named] = []


class RejectionReason(_Read):
    name: str | None = None
    type: Named | None = None


class ApplicationRef(_Read):
    """An application as it is hired, and taken back."""

    id: Id
    prospect: bool = False
    candidate: PersonRef


class Application(ApplicationRef):
    """An application as it is rejected."""

    prospect: bool
    status: str
    rejected_at: Moment | None
    applied_at: Moment | None = None
    url: str | None = None
    rejection_reason: RejectionReason | None = None
    current_stage: Named | None = None
    candidate: RejectedCandidate
    jobs: list[Job]


class DeletedApplication(_Read):
    id: Id
    candidate_id: Id


class MergedPerson(PersonRef):
    new_candidate_id: Id


class ApprovalFlow(_Read):
    approval_flow_type: str


class OfApplication(_Read):
    application: Application


class OfApplicationRef(_Read):
    application: ApplicationRef


class OfDeletedApplication(_Read):
    application: DeletedApplication


class OfCandidate(_Read):
    candidate: Candidate


class OfPerson(_Read):
    person: PersonRef


class OfMergedPerson(_Read):
    person: MergedPerson


class Anonymized(_Read):
    candidate_id: Id
    anonymized_fields: list[str] = []


class OfJob(_Read):
    job: Job
    approval_flow: ApprovalFlow | None = None


class Hook(_Read):
    action: str = "ping"


PayloadType = TypeVar("PayloadType", bound=_Read)


class HookWith(Hook, Generic[PayloadType]):
    payload: PayloadType
