"""A JSON Resume (schema 1.0.0) without `basics`: what somebody can do, not who they are."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter

from shared.contract.events.details import Unread
from shared.contract.events.instants import Day
from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.payload import Line, Part, Text, Title

_GOES_ON = frozenset(
    {
        *("present", "to present", "till present", "until present", "presently", "current"),
        *("currently", "now", "to now", "till now", "until now", "up to now", "today", "to date"),
        *("till date", "until today", "ongoing", "still", "still employed", "continuing"),
        *("heute", "bis heute", "jetzt", "bis jetzt", "bis dato", "aktuell", "laufend", "derzeit"),
        *("gegenwärtig", "bis auf weiteres", "fortlaufend", "andauernd", "noch angestellt"),
        *("présent", "à présent", "actuel", "actuellement", "aujourd'hui", "à aujourd'hui"),
        *("en cours", "ce jour", "à ce jour", "maintenant", "jusqu'à présent", "jusqu'à ce jour"),
        *("jusqu'à aujourd'hui", "en poste", "presente", "al presente", "hasta el presente"),
        *("actual", "actualidad", "la actualidad", "hasta la actualidad", "actualmente", "hoy"),
        *("hasta hoy", "ahora", "hasta ahora", "en curso", "a la fecha", "hasta la fecha"),
    }
)
"""What stands instead of an end while a job goes on, in the languages that profiles are read in."""

_PATTERN = r"^(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
_DATE = re.compile(_PATTERN)


def _given(written: Any) -> Any:
    """Reads a date of spaces, or of nothing, as none."""
    text = written.strip() if isinstance(written, str) else written
    if text in ("", None):
        return None
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        raise ValueError("write a date as 2023, 2023-04 or 2023-04-30")
    return text


def _ended(written: Any) -> Any:
    """Reads the words that stand where there is no end yet as none."""
    if isinstance(written, str):
        words = written.casefold().replace("’", "'").strip(" \t.()[]")
        written = None if words in _GOES_ON else written
    return _given(written)


PartialDate = Annotated[str, Field(pattern=_PATTERN)]
"""A date as exact as the person gave it: `2023`, `2023-04` or `2023-04-30`; one to reckon with."""

Date = Annotated[PartialDate | None, BeforeValidator(_given)]
End = Annotated[PartialDate | None, BeforeValidator(_ended)]


class Work(Part):
    name: Line | None = None
    position: Title | None = None
    start_date: Date = None
    end_date: Annotated[End, Unread(told_by="endIsUnknown")] = None
    """Left out while the job goes on."""
    end_is_unknown: bool = False
    """True where an end was given that nobody can read: then nobody knows whether it goes on."""
    summary: Text | None = None
    highlights: list[Text] = []


class Education(Part):
    institution: Line | None = None
    area: Title | None = None
    study_type: Title | None = None
    start_date: Date = None
    end_date: End = None


class Skill(Part):
    name: Title
    level: Line | None = None
    keywords: list[Title] = []


class Certificate(Part):
    name: Title
    issuer: Line | None = None
    date: Annotated[Date, Unread(told_by="dateIsUnknown")] = None
    date_is_unknown: bool = False
    """True where a date was given that nobody can read: it may be one that is still to come."""


class Language(Part):
    language: Title
    fluency: Line | None = None


class NewsKind(OpenEnum):
    SKILL = "skill"
    LICENCE = "licence"
    DEGREE = "degree"
    JOB = "job"
    PLACE = "place"


class News(Part):
    """What somebody told us has changed since they applied: their own word, and no proof of it."""

    kind: NewsKind
    name: Title
    on: Day
    """The day on which they told us."""


class Profile(Part):
    """Someone's working life, and the text of their résumé (`resumeText`, ours)."""

    summary: Text | None = None
    work: Annotated[list[Work], Field(max_length=200)] = []
    education: Annotated[list[Education], Field(max_length=100)] = []
    skills: Annotated[list[Skill], Field(max_length=500)] = []
    certificates: Annotated[list[Certificate], Field(max_length=200)] = []
    languages: Annotated[list[Language], Field(max_length=50)] = []
    resume_text: Text | None = None


NEWS_JSON = TypeAdapter(list[News])
