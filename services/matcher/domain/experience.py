"""How long somebody worked, by the dates they gave themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from shared.contract.events.profile import Work
from shared.contract.events.shortfalls import months_between, months_covered

LONG_AGO = 60
"""More months than this between a job's end and an application speak against it."""

BRIEF = 6
"""A job that was left after fewer months than this says little."""


@dataclass(frozen=True)
class Months:
    """Months of work in a field; what dates leave open is counted both ways."""

    certain: int
    """By the day of the decision, counting from a year's end where only the year is given."""
    possible: int
    """By the same day, counting from its beginning."""
    projected: int
    """By today, if a job that was open then went on: an assumption."""


def months_worked(
    jobs: Sequence[Work], known_on: date, today: date, *, still_working: bool
) -> Months:
    """Counts the months of some jobs, overlaps once and gaps not at all."""
    return Months(
        certain=_count(jobs, known_on, certain=True),
        possible=_count(jobs, known_on),
        projected=_count(jobs, today if still_working else known_on),
    )


def months_since(job: Work, known_on: date) -> int:
    """Returns how many months ago a job ended; 0 while it goes on, or where nobody knows."""
    return months_between(day_after(job.end_date), known_on) if job.end_date else 0


def first_day(partial: str) -> date:
    """Returns the first day that a date can mean; for a day that its month lacks, the last."""
    year, month, day = (*(int(part) for part in partial.split("-")), 1, 1)[:3]
    return date(year, month, 1) + relativedelta(day=day)


def day_after(partial: str) -> date:
    """Returns the first day after all that a date can mean."""
    step = {4: relativedelta(years=1), 7: relativedelta(months=1)}
    return first_day(partial) + step.get(len(partial), relativedelta(days=1))


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
