"""Which of somebody's jobs were in a field, and where they say so."""

from dataclasses import dataclass

from services.matcher.domain.mentions import Mentions
from services.matcher.domain.short_names import is_ambiguous
from services.matcher.domain.titles import same_work
from services.matcher.domain.tokenisation import singular, split, stems
from shared.contract.events.profile import Work

_SAYS_NOTHING = "experience experienced work working professional years year"


@dataclass(frozen=True)
class RelatedJob:
    job: Work
    words: str | None = None
    """Those that stand in the job's description, where it is not its title that says so."""


def related_jobs(work: list[Work], field: str, mentions: Mentions) -> list[RelatedJob]:
    """Returns the jobs in a field: named like it, or described by its name.

    A field that says no more than "work experience" is every job.
    """
    says_nothing = set(stems(field, "english")) <= set(stems(_SAYS_NOTHING, "english"))
    if says_nothing and not is_ambiguous(field):
        return [RelatedJob(job) for job in work]
    found = (_related(job, field, mentions) for job in work)
    return [related for related in found if related]


def _related(job: Work, field: str, mentions: Mentions) -> RelatedJob | None:
    if job.position and same_work(job.position, field):
        return RelatedJob(job)
    found = mentions.find(field, under=job)
    if not found or not (is_ambiguous(field) or _tells(field, found[0].words, job)):
        return None
    return RelatedJob(job, found[0].words)


def _tells(field: str, words: str, job: Work) -> bool:
    """Tells whether words say the field; one alone must be written so: nurses are not nursing."""
    if len(split(field)) > 1 or words in (job.position or ""):
        return True
    return singular(words.casefold()) == singular(field.casefold())
