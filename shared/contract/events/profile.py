"""A JSON Resume (schema 1.0.0) without `basics`: what somebody can do, not who they are."""

from typing import Annotated

from pydantic import Field

from shared.contract.events.payload import Line, Part, Text

PartialDate = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
"""A date as exact as the person gave it: `2023`, `2023-04` or `2023-04-30`."""


class Work(Part):
    name: Line | None = None
    position: Line | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    """Left out while the job goes on."""
    summary: Text | None = None
    highlights: list[Text] = []


class Education(Part):
    institution: Line | None = None
    area: Line | None = None
    study_type: Line | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None


class Skill(Part):
    name: Line
    level: Line | None = None
    keywords: list[Line] = []


class Certificate(Part):
    name: Line
    issuer: Line | None = None
    date: PartialDate | None = None


class Language(Part):
    language: Line
    fluency: Line | None = None


class Profile(Part):
    """Someone's working life, and the text of their résumé (`resumeText`, ours)."""

    summary: Text | None = None
    work: Annotated[list[Work], Field(max_length=200)] = []
    education: Annotated[list[Education], Field(max_length=100)] = []
    skills: Annotated[list[Skill], Field(max_length=500)] = []
    certificates: Annotated[list[Certificate], Field(max_length=200)] = []
    languages: Annotated[list[Language], Field(max_length=50)] = []
    resume_text: Text | None = None
