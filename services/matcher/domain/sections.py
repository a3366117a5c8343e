"""A profile in parts: what stands there, where, and under which job."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.contract.events.citations import Source
from shared.contract.events.profile import Profile, Work


@dataclass(frozen=True)
class Section:
    source: Source
    text: str
    job: Work | None = None


_CITED_FIRST = (
    Source.SKILLS,
    Source.CERTIFICATES,
    Source.JOB,
    Source.EDUCATION,
    Source.SUMMARY,
    Source.LANGUAGES,
    Source.RESUME,
)


def sections_of(profile: Profile) -> list[Section]:
    """Returns what a profile says, without the names of employers and schools."""
    return [section for section in _sections(profile) if section.text]


def text_of(profile: Profile) -> str:
    """Returns all that a profile says, without the names of employers and schools."""
    return "\n".join(section.text for section in sections_of(profile))


def by_weight(sections: Iterable[Section]) -> list[Section]:
    """Sorts sections by what their words prove: what is listed first, then the latest job."""
    newest_first = sorted(sections, key=_end, reverse=True)
    return sorted(newest_first, key=lambda section: _CITED_FIRST.index(section.source))


def _sections(profile: Profile) -> Iterable[Section]:
    yield Section(Source.SUMMARY, profile.summary or "")
    for job in profile.work:
        yield Section(Source.JOB, _lines(job.position, job.summary, *job.highlights), job)
    for course in profile.education:
        yield Section(Source.EDUCATION, _lines(course.study_type, course.area))
    for skill in profile.skills:
        yield Section(Source.SKILLS, _lines(skill.name, *skill.keywords))
    for certificate in profile.certificates:
        yield Section(Source.CERTIFICATES, certificate.name)
    for language in profile.languages:
        yield Section(Source.LANGUAGES, language.language)
    yield Section(Source.RESUME, profile.resume_text or "")


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def _end(section: Section) -> str:
    """Returns when a section's job ended; one that goes on sorts last."""
    if section.job is None or section.job.end_is_unknown:
        return ""
    return section.job.end_date or "9999"
