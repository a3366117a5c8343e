"""The citations that show what a claim rests on."""

from datetime import date

from services.matcher.domain.experience import months_worked
from services.matcher.domain.findings import one_line, told
from services.matcher.domain.mentions import Mention
from services.matcher.domain.snapshot import ProfileSnapshot
from shared.contract.events.citations import Citation, Source
from shared.contract.events.profile import Work


def cited(person: ProfileSnapshot, name: str) -> list[Citation]:
    """Returns where a profile says a name; empty where it does not."""
    return [of_mention(mention, person.known_on) for mention in person.mentions.find(name)]


def of_mention(mention: Mention, known_on: date) -> Citation:
    """Returns the citation of words that stand in a profile."""
    if job := mention.section.job:
        return of_job(job, known_on, mention.words)
    return of_words(mention.section.source, mention.words, known_on)


def of_words(source: Source, words: str, known_on: date) -> Citation:
    """Returns the citation of words under no job."""
    return Citation(source=source, words=one_line(words), on=known_on)


def of_job(job: Work, known_on: date, words: str | None = None) -> Citation:
    """Returns the citation of a job, or of words in its description."""
    return Citation(
        source=Source.JOB,
        words=words and one_line(words),
        title=job.position and one_line(job.position),
        months=told(months_in(job, known_on)) or None,
        until=job.end_date,
        on=known_on if is_held(job) else None,
    )


def is_held(job: Work) -> bool:
    """Tells whether a job was still held when they applied."""
    return bool(job.start_date) and not job.end_date and not job.end_is_unknown


def months_in(job: Work, known_on: date) -> int:
    """Returns how many months a job had lasted when they applied, as far as its dates tell."""
    return months_worked([job], known_on, known_on, still_working=True).possible
