"""The `vacancies` stream: every event is the whole vacancy, in schema.org JobPosting's words."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contract.events.details import Detail
from shared.contract.events.instants import Moment
from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.payload import (
    Country,
    Line,
    Part,
    SourceId,
    StatePayload,
    Text,
    Title,
    VacancyTitle,
)
from shared.contract.events.people import RecruiterContact
from shared.contract.events.shortfalls import MonthCount, Requirement


class Place(Part):
    """schema.org `jobLocation`, as far as it matters here."""

    locality: Title | None = None
    region: Title | None = None
    country: Country | None = None
    remote: bool = False


class Seniority(OpenEnum):
    ENTRY = "entry"
    MID = "mid"
    SENIOR = "senior"
    LEAD = "lead"


class Vacancy(Part):
    """A position to fill, as it is described in a rejection or posted by itself."""

    vacancy_id: SourceId
    title: VacancyTitle
    description: Annotated[Text, Detail()] = ""
    skills: Annotated[list[Title], Field(max_length=200)] = []
    job_location: Place | None = None
    seniority: Seniority | None = None
    experience_requirements: MonthCount | None = None
    """schema.org `experienceRequirements.monthsOfExperience`."""
    requirements: Annotated[list[Requirement], Field(max_length=100)] = []
    recruiters: Annotated[list[RecruiterContact], Field(max_length=20)] = []
    apply_url: Annotated[Line | None, Detail()] = None
    date_posted: Annotated[Moment | None, Detail()] = None


class VacancyState(StatePayload, Vacancy):
    @property
    def entity_id(self) -> str:
        return self.vacancy_id


class VacancyOpened(VacancyState):
    type: ClassVar[str] = "dev.notyet.vacancy.opened.v1"


class VacancyUpdated(VacancyState):
    type: ClassVar[str] = "dev.notyet.vacancy.updated.v1"


class VacancyReopened(VacancyState):
    """The place is free again: the offer was declined, or the hire left."""

    type: ClassVar[str] = "dev.notyet.vacancy.reopened.v1"


class VacancyClosed(VacancyState):
    type: ClassVar[str] = "dev.notyet.vacancy.closed.v1"
