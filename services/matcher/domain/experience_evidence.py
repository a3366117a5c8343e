"""How long a profile shows somebody to have worked in a field, and in which jobs."""

from collections.abc import Sequence
from typing import Any

from services.matcher.domain.citing import of_job
from services.matcher.domain.experience import LONG_AGO, Months, months_since, months_worked
from services.matcher.domain.findings import (
    Finding,
    may_now_be_met,
    met,
    not_met,
    one_line,
    told,
    unknown,
)
from services.matcher.domain.related_jobs import RelatedJob, related_jobs
from services.matcher.domain.snapshot import ProfileSnapshot
from shared.contract.events.citations import Citation
from shared.contract.events.evidence import Evidence
from shared.contract.events.evidence import EvidenceCode as Code
from shared.contract.events.profile import Work
from shared.contract.events.shortfalls import Requirement

MOST_CITED = 3


def experience(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    """Tells how the jobs of a profile stand to the months that a requirement asks for."""
    related = related_jobs(person.profile.work, requirement.name, person.mentions)
    if not related:
        return unknown(requirement)
    in_field, needed = _months(person, [at.job for at in related]), requirement.min_months or 1
    jobs: dict[str, Any] = {"citations": _citations(person, related)}
    if in_field.certain >= needed:
        months = {"months": told(in_field.certain), "needed_months": needed}
        left = _left_long_ago(person, requirement, related)
        return met(requirement, Code.MONTHS_WORKED, left, **months, **jobs)
    if in_field.projected == 0:
        return unknown(requirement, Code.JOBS_WITHOUT_DATES, **jobs)
    then = jobs | {"months": told(in_field.possible), "on": person.known_on}
    if in_field.possible >= needed:
        return may_now_be_met(requirement, Code.MONTHS_BY_YEARS_ALONE, **then)
    if in_field.projected >= needed:
        now = told(in_field.projected)
        return may_now_be_met(requirement, Code.MONTHS_IF_JOB_WENT_ON, **then, projected_months=now)
    if _months(person, person.profile.work).projected >= needed:
        return unknown(requirement, Code.MONTHS_IN_JOBS_NAMED_SO, months=then["months"], **jobs)
    return not_met(requirement, Code.MONTHS_TOO_FEW, **then, needed_months=needed)


def _months(person: ProfileSnapshot, jobs: Sequence[Work]) -> Months:
    goes_on = person.latest.still_working
    return months_worked(jobs, person.known_on, person.today, still_working=goes_on)


def _citations(person: ProfileSnapshot, related: Sequence[RelatedJob]) -> list[Citation]:
    """Returns the latest of the jobs."""
    latest = sorted(related, key=lambda at: months_since(at.job, person.known_on))
    return [of_job(at.job, person.known_on, at.words) for at in latest[:MOST_CITED]]


def _left_long_ago(
    person: ProfileSnapshot, requirement: Requirement, related: Sequence[RelatedJob]
) -> Evidence | None:
    latest = min(related, key=lambda at: months_since(at.job, person.known_on)).job
    if months_since(latest, person.known_on) <= LONG_AGO:
        return None
    return Evidence(
        code=Code.FIELD_LEFT_LONG_AGO,
        requirement_id=requirement.requirement_id,
        name=one_line(requirement.name),
        date=latest.end_date,
    )
