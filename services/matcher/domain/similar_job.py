"""The job of somebody's that says most about a vacancy's, and whether it still says much.

What they do now outweighs what they did in 2005, and years outweigh weeks.
"""

from collections.abc import Iterable
from datetime import date

from services.matcher.domain.citing import is_held, months_in
from services.matcher.domain.experience import BRIEF, LONG_AGO, months_since
from services.matcher.domain.findings import one_line, told
from services.matcher.domain.titles import same_work
from shared.contract.events.evidence import LONGEST_TOLD, Evidence
from shared.contract.events.evidence import EvidenceCode as Code
from shared.contract.events.profile import Work

HALF_LIFE = 48
"""A job that ended so many months before they applied counts half."""

FULL_WEIGHT = 24
"""So many months in a job say all that a job can."""


def most_similar(work: Iterable[Work], title: str, known_on: date) -> Evidence | None:
    """Returns the weightiest of the jobs that are like the vacancy's, if one is like it at all.

    It speaks against whoever left it long ago, or soon.
    """
    similar = [job for job in work if job.position and same_work(job.position, title)]
    best = max(similar, key=lambda job: _weight(job, title, known_on), default=None)
    if best is None or not best.position:
        return None
    months = months_in(best, known_on)
    return Evidence(
        code=_code(best, months, known_on),
        name=one_line(best.position),
        months=told(months) or None,
        date=best.end_date,
        on=known_on if is_held(best) else None,
        since=best.start_date if is_held(best) and months < LONGEST_TOLD else None,
    )


def _weight(job: Work, title: str, known_on: date) -> float:
    freshness: float = 0.5 ** (months_since(job, known_on) / HALF_LIFE)
    length = min(1.0, (months_in(job, known_on) or FULL_WEIGHT) / FULL_WEIGHT)
    return same_work(job.position or "", title) * freshness * length


def _code(job: Work, months: int, known_on: date) -> Code:
    if months_since(job, known_on) > LONG_AGO:
        return Code.SIMILAR_JOB_LONG_AGO
    if job.end_date and 0 < months < BRIEF:
        return Code.SIMILAR_JOB_BRIEFLY
    return Code.HELD_SIMILAR_JOB
