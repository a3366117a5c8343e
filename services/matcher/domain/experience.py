"""How long somebody worked in a field, by the dates they gave themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from services.matcher.domain.short_names import is_ambiguous, is_listed
from services.matcher.domain.tokenisation import alike, stems
from shared.contract.events.profile import Work
from shared.contract.events.shortfalls import months_covered

ALIKE = 0.5
"""How alike a field's name and a job's title must look to mean the same."""

_SAYS_NOTHING = "experience experienced work working professional years year"


@dataclass(frozen=True)
class Months:
    """Months of work in a field; what dates leave open is counted both ways."""

    certain: int
    """By the day of the decision, counting from a year's end where only the year is given."""
    possible: int
    """By the same day, counting from its beginning."""
    projected: int
    """By today, if a job that was open then went on: an assumption."""


def related_jobs(work: Iterable[Work], field: str, language: str) -> list[Work]:
    """Returns the jobs in a field: named like it, or described with all of its words.

    A field that says no more than "work experience" is every job.
    """
    wanted = set(stems(field, language)) - set(stems(_SAYS_NOTHING, language))
    if not wanted and not is_ambiguous(field):
        return list(work)
    return [job for job in work if _is_in(job, field, wanted, language)]


def months_worked(
    jobs: Sequence[Work], known_on: date, today: date, *, still_working: bool
) -> Months:
    """Counts the months of some jobs, overlaps once and gaps not at all."""
    return Months(
        certain=_count(jobs, known_on, certain=True),
        possible=_count(jobs, known_on),
        projected=_count(jobs, today if still_working else known_on),
    )


def first_day(partial: str) -> date:
    """Returns the first day that a date can mean; for a day that its month lacks, the last."""
    year, month, day = (*(int(part) for part in partial.split("-")), 1, 1)[:3]
    return date(year, month, 1) + relativedelta(day=day)


def day_after(partial: str) -> date:
    """Returns the first day after all that a date can mean."""
    step = {4: relativedelta(years=1), 7: relativedelta(months=1)}
    return first_day(partial) + step.get(len(partial), relativedelta(days=1))


def _is_in(job: Work, field: str, wanted: set[str], language: str) -> bool:
    described = "\n".join(part for part in (job.position, job.summary, *job.highlights) if part)
    if is_ambiguous(field):
        return is_listed(field, described)
    if job.position and alike(job.position, field) >= ALIKE:
        return True
    return wanted <= set(stems(described, language))


def _count(jobs: Sequence[Work], until: date, *, certain: bool = False) -> int:
    periods = []
    for job in jobs:
        if job.start_date and not job.end_is_unknown:
            begins = _beginning(job.start_date, certain=certain)
            ends = min(_end(job.end_date, certain=certain), until) if job.end_date else until
            periods.append((begins, ends))
    return months_covered(periods)


def _beginning(partial: str, *, certain: bool) -> date:
    return day_after(partial) if certain and len(partial) == 4 else first_day(partial)


def _end(partial: str, *, certain: bool) -> date:
    return first_day(partial) if certain and len(partial) == 4 else day_after(partial)
