"""Where a claim about somebody can be read again: the words, where they stand, and when."""

from shared.contract.events.instants import Day
from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.payload import Line, Part
from shared.contract.events.profile import PartialDate
from shared.contract.events.shortfalls import MonthCount


class Source(OpenEnum):
    """Where it stands. All but the last two are parts of the profile, which is their own word."""

    JOB = "job"
    """Under the job `title`."""
    SKILLS = "skills"
    CERTIFICATES = "certificates"
    EDUCATION = "education"
    LANGUAGES = "languages"
    SUMMARY = "summary"
    RESUME = "resume"
    """In the text of the résumé."""
    DECISION = "decision"
    """Recorded by whoever decided about their application for the role `title`."""
    ANSWER = "answer"
    """Told by themselves since then, about the role `title`; checked by nobody."""


class Citation(Part):
    """One place that a claim rests on. It names no employer, no school and no person."""

    source: Source
    words: Line | None = None
    """The words as they stand there; none where the whole of it is meant."""
    title: Line | None = None
    months: MonthCount | None = None
    """How long the job lasted, `LONGEST_TOLD` at most."""
    until: PartialDate | None = None
    """When the job ended, as exact as the person gave it; none while it went on."""
    on: Day | None = None
    """The day on which it stood there so, or was said."""
