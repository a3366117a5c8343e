"""What Workable sends, as far as it is read, in its own words ("Webhook subscriptions", 2026)."""

from typing import Final, Generic, TypeVar

from services.intake.webhooks.saying import Read, Spare
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id

PUBLISHED: Final = "published"
"""The state of a job that everybody sees."""
ENDED: Final = "ended"
"""The state that we give to a job that was published and is no more, for whatever reason."""


class EducationEntry(Read):
    degree: str | None = None
    school: str | None = None
    field_of_study: str | None = None
    start_date: str | None = None
    end_date: str | None = None


class ExperienceEntry(Read):
    title: str | None = None
    company: str | None = None
    summary: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    current: bool | None = None


class Job(Read):
    shortcode: Id
    title: str


class Location(Read):
    city: str | None = None
    telecommuting: bool | None = None


class ListedJob(Job):
    """A job as it stands in a list."""

    state: str
    location: Spare[Location | None] = None


class Paging(Read):
    next: str | None = None
    """The address of the next page."""


class Jobs(Read):
    """One page of a list."""

    jobs: list[ListedJob]
    paging: Paging | None = None


class Ref(Read):
    id: Id


class Candidate(Ref):
    """A person in one job; as they stand when the call leaves, and not when it came about."""

    firstname: Spare[str | None] = None
    lastname: Spare[str | None] = None
    email: Spare[str | None] = None
    phone: Spare[str | None] = None
    created_at: Moment | None = None
    disqualified: bool
    disqualification_reason: str | None = None
    disqualified_at: Moment | None = None
    stage: str | None = None
    sourced: bool = False
    """Whether a recruiter put them there, so that they applied for nothing."""
    job: Job | None = None
    education_entries: Spare[list[EducationEntry]] = []
    experience_entries: Spare[list[ExperienceEntry]] = []


class Hook(Read):
    event_type: str
    fired_at: Moment | None = None


DataType = TypeVar("DataType", bound=Read)


class HookWith(Hook, Generic[DataType]):
    data: DataType
