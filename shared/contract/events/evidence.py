"""What speaks for or against somebody on a shortlist: a code, and the facts that it rests on.

Whoever shows it words it, in the reader's language; a code that a reader does not know is left
out. Nothing here names an employer, a school or a person.
"""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from shared.contract.events.applications import Stage
from shared.contract.events.citations import Citation
from shared.contract.events.instants import Day
from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.payload import Id, Line, Part
from shared.contract.events.profile import PartialDate
from shared.contract.events.shortfalls import MonthCount


class Readiness(OpenEnum):
    """How a candidate stands to one requirement, or to all of them together."""

    MET = "met"
    MAY_NOW_BE_MET = "may_now_be_met"
    """Met if what was assumed about the time since is true; never counted as met."""
    BY_OWN_WORD = "by_own_word"
    """Met by what they have told us since, which nobody has checked; never counted as met."""
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


LONGEST_TOLD = 120
"""More months of work than this are told as this: ten years or more, without telling an age."""


class EvidenceCode(OpenEnum):
    """What is claimed. In brackets: the facts it comes with, besides `name`.

    `neededMonths` is there only where the requirement asks for months, `date` and `level` only
    where the person gave one.
    """

    # About one requirement; `name` is the requirement's, unless something else is said.
    NOTHING_KNOWN = "nothing_known"
    """Neither profile nor past decisions say anything of it. (neededMonths)"""
    NAMED_IN_TITLE = "named_in_title"
    """The profile does not name it, but words of it stand in the title of a job. (words: the title;
    neededMonths)"""
    MONTHS_WORKED = "months_worked"
    """Their own dates show it. (months, neededMonths)"""
    MONTHS_BY_YEARS_ALONE = "months_by_years_alone"
    """As far as dates without months can tell. (months, on, neededMonths)"""
    MONTHS_IF_JOB_WENT_ON = "months_if_job_went_on"
    """If the job that was open then went on. (months, on, projectedMonths, neededMonths)"""
    MONTHS_TOO_FEW = "months_too_few"
    """(months, on, neededMonths)"""
    MONTHS_IN_JOBS_NAMED_SO = "months_in_jobs_named_so"
    """Enough altogether, but most of it in jobs of other names. (months, neededMonths)"""
    JOBS_WITHOUT_DATES = "jobs_without_dates"
    """(neededMonths)"""
    SKILL_LISTED = "skill_listed"
    MENTIONED = "mentioned"
    """The words stand in the profile."""
    MENTIONED_NOT_LISTED = "mentioned_not_listed"
    """Mentioned, but not listed as held."""
    CERTIFICATE_HELD = "certificate_held"
    """`name` is the certificate's. (date)"""
    CERTIFICATE_EXPECTED = "certificate_expected"
    """`name` is the certificate's. (date)"""
    DEGREE_HELD = "degree_held"
    """`name` is the degree's, without its year, which would tell an age; so for the next three."""
    DEGREE_MAYBE_UNFINISHED = "degree_maybe_unfinished"
    """The profile does not say whether it was finished."""
    DEGREE_DUE_BY_NOW = "degree_due_by_now"
    """Was to be finished by now; not confirmed."""
    DEGREE_UNDER_WAY = "degree_under_way"
    LANGUAGE_SPOKEN = "language_spoken"
    """`name` is the language's. (level)"""
    LANGUAGE_LEVEL_UNKNOWN = "language_level_unknown"
    """`name` is the language's."""
    LANGUAGE_TOO_WEAK = "language_too_weak"
    """`name` is the language's. (level, neededLevel)"""

    # About one requirement, by what a decider recorded as missing.
    SAID_THEY_HAVE_IT = "said_they_have_it"
    """Their own word. (on, neededMonths: what they say they have)"""
    WAS_MISSING = "was_missing"
    """(on)"""
    WAS_EXPECTED_BY_NOW = "was_expected_by_now"
    """Missing then, expected by a day that has passed; not confirmed. (on, expectedOn)"""
    IS_EXPECTED = "is_expected"
    """(on, expectedOn)"""
    MONTHS_AT_DECISION = "months_at_decision"
    """Enough for what is asked today. (months, on, neededMonths)"""
    MONTHS_WERE_MISSING = "months_were_missing"
    """With no date by which they come; no `missingMonths` where it is not known how many.
    (missingMonths, on, neededMonths)"""
    MONTHS_PASSED_SINCE = "months_passed_since"
    """If they went on working in the field. (missingMonths, on, passedMonths, neededMonths)"""
    MONTHS_NOT_BEFORE = "months_not_before"
    """(missingMonths, on, expectedOn, neededMonths)"""

    # About earlier applications, for the role `name`.
    FINISHED = "finished"
    """(place, on)"""
    REACHED_STAGE = "reached_stage"
    """(stage, on)"""
    JUST_MISSED_OUT = "just_missed_out"
    """(on)"""
    FOUND_NOT_QUALIFIED = "found_not_qualified"
    """(on)"""

    # About the person and the vacancy.
    HELD_SIMILAR_JOB = "held_similar_job"
    """Under the title `name`. (months; date: when it ended; or on: when it was still held, and
    since: its beginning, where that does not tell an age)"""
    SIMILAR_JOB_LONG_AGO = "similar_job_long_ago"
    """The latest such job ended years before they applied. (months, date)"""
    SIMILAR_JOB_BRIEFLY = "similar_job_briefly"
    """It lasted a few months only. (months, date)"""
    FIELD_LEFT_LONG_AGO = "field_left_long_ago"
    """Enough months in the field of a requirement, but the last of them years before they applied.
    `name` is the requirement's. (date)"""
    SKILLS_SHOWN = "skills_shown"
    """The names of so many of all that the vacancy asks for stand in the profile; `words` has some
    of them. (count, total, words)"""
    WORDS_IN_COMMON = "words_in_common"
    """(words)"""
    OTHER_COUNTRY = "other_country"
    """(country: theirs; neededCountry: the job's)"""
    APPLIED_LONG_AGO = "applied_long_ago"
    """(on)"""


class Evidence(Part):
    """One claim about somebody. Which facts it has, its code says."""

    code: EvidenceCode
    requirement_id: Id | None = None
    """The vacancy's requirement that it is about, if it is about one."""
    standing: Readiness | None = None
    """How they stand to that requirement, by this claim."""
    name: Line | None = None
    months: MonthCount | None = None
    """Months worked, `LONGEST_TOLD` at most; so are `projected_months`."""
    needed_months: MonthCount | None = None
    missing_months: MonthCount | None = None
    passed_months: MonthCount | None = None
    projected_months: MonthCount | None = None
    on: Day | None = None
    """The day on which it was true."""
    expected_on: Day | None = None
    since: PartialDate | None = None
    date: PartialDate | None = None
    """A date as exact as the person gave it."""
    place: int | None = None
    """The finishing place; 2 is the runner-up."""
    stage: Stage | None = None
    level: Line | None = None
    needed_level: Line | None = None
    country: str | None = None
    needed_country: str | None = None
    words: Annotated[list[Line], Field(max_length=10)] = []
    count: int | None = None
    total: int | None = None
    citations: Annotated[list[Citation], Field(max_length=10)] = []
    """What it rests on, where that is more than the facts above."""


def is_told(readiness: Readiness, reasons_against: Iterable[Evidence]) -> bool:
    """Tells whether it says something how somebody stands to what a role needs.

    That nothing is known does only where something is needed, which the claims against them tell.
    """
    return readiness is not Readiness.UNKNOWN or any(
        reason.standing is Readiness.UNKNOWN for reason in reasons_against
    )
