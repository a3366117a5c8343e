"""What Greenhouse sends, as far as it is read, in its own words (Recruiting webhooks, 2026)."""

from typing import Generic, TypeVar

from services.intake.webhooks.saying import Read, Spare
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id


class Named(Read):
    name: str | None = None


class Contact(Read):
    value: str
    type: str | None = None


class Education(Read):
    school_name: str | None = None
    degree: str | None = None
    discipline: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class Employment(Read):
    company_name: str | None = None
    title: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class PersonRef(Read):
    id: Id


class Somebody(PersonRef):
    """A person, of whom it may not be told whether they may be written to, and read of."""

    is_private: Spare[bool] = False
    can_email: Spare[bool] = True


class Candidate(Somebody):
    first_name: Spare[str | None] = None
    last_name: Spare[str | None] = None
    phone_numbers: Spare[list[Contact]] = []
    email_addresses: Spare[list[Contact]] = []
    educations: Spare[list[Education]] = []
    employments: Spare[list[Employment]] = []


class ChangedCandidate(Candidate):
    """A person as they are updated: what is not told of how to reach them is not taken for none."""

    phone_numbers: list[Contact]
    email_addresses: list[Contact]


class RejectedCandidate(Candidate):
    """A person as they are rejected: without those two words nothing is read."""

    is_private: bool
    can_email: bool


class Job(Read):
    id: Id
    name: str
    confidential: bool
    status: str
    opened_at: Spare[Moment | None] = None
    offices: Spare[list[Named]] = []


class RejectionReason(Read):
    name: Spare[str | None] = None
    type: Named | None = None


class ApplicationRef(Read):
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
    url: Spare[str | None] = None
    rejection_reason: RejectionReason | None = None
    current_stage: Spare[Named | None] = None
    candidate: RejectedCandidate
    jobs: list[Job]


class DeletedApplication(Read):
    id: Id
    candidate_id: Id


class MergedPerson(PersonRef):
    new_candidate_id: Id


class ApprovalFlow(Read):
    approval_flow_type: str


class OfApplication(Read):
    application: Application


class OfApplicationRef(Read):
    application: ApplicationRef


class OfDeletedApplication(Read):
    application: DeletedApplication


class OfSomebody(Read):
    candidate: Somebody


class OfCandidate(Read):
    candidate: ChangedCandidate


class Whoever(Read):
    """Whom a web hook is about, as far as it says so in one of these ways."""

    candidate: Somebody | None = None
    application: OfSomebody | None = None

    @property
    def person(self) -> Somebody | None:
        return self.application.candidate if self.application else self.candidate


class OfPerson(Read):
    person: PersonRef


class OfMergedPerson(Read):
    person: MergedPerson


class Anonymized(Read):
    candidate_id: Id
    anonymized_fields: list[str] = []


class OfJob(Read):
    job: Job
    approval_flow: ApprovalFlow | None = None


class Hook(Read):
    action: str = "ping"


PayloadType = TypeVar("PayloadType", bound=Read)


class HookWith(Hook, Generic[PayloadType]):
    payload: PayloadType
