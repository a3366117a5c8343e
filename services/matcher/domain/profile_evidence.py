"""What a profile proves about a requirement by itself."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from services.matcher.domain.citing import cited, of_job, of_words
from services.matcher.domain.experience import day_after, first_day, months_since
from services.matcher.domain.experience_evidence import MOST_CITED, experience
from services.matcher.domain.findings import (
    Finding,
    may_now_be_met,
    met,
    not_met,
    one_line,
    unknown,
)
from services.matcher.domain.snapshot import ProfileSnapshot
from services.matcher.domain.titles import shared_work
from services.matcher.domain.tokenisation import alike
from shared.contract.events.citations import Source
from shared.contract.events.evidence import EvidenceCode as Code
from shared.contract.events.profile import Certificate
from shared.contract.events.shortfalls import Requirement, RequirementKind

SAME_LANGUAGE = 0.8
NEAR_TITLE = 0.4
"""So much of a title and of what is asked must be the same words."""

_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
_LEVEL = re.compile(r"\b([ABC][12])\b", re.IGNORECASE)
_NATIVE = re.compile(r"native|mother|mutter|matern|natal|bilingu", re.IGNORECASE)


def in_profile(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    """Tells how a profile stands to a requirement, by itself."""
    look = _BY_KIND.get(requirement.kind)
    if look is None:
        return unknown(requirement)
    found = look(person, requirement)
    is_silent = found.evidence.code is Code.NOTHING_KNOWN
    return _in_title(person, requirement) if is_silent else found


def has_newer_proof(person: ProfileSnapshot, requirement: Requirement, since: date) -> bool:
    """Tells whether a certificate was earned after the day something was found missing."""
    certificate = _certificate(person, requirement)
    return bool(certificate and certificate.date and first_day(certificate.date) > since)


def _skill(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    for skill in person.profile.skills:
        if listed := person.lists(requirement.name, skill.name, *skill.keywords):
            shown = [of_words(Source.SKILLS, listed, person.known_on)]
            return met(requirement, Code.SKILL_LISTED, citations=shown)
    if shown := cited(person, requirement.name):
        return met(requirement, Code.MENTIONED, citations=shown[:MOST_CITED])
    return unknown(requirement)


def _licence(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    certificate = _certificate(person, requirement)
    if certificate is None or certificate.date_is_unknown:
        return _only_mentioned(person, requirement)
    facts: dict[str, Any] = {"name": one_line(certificate.name), "date": certificate.date}
    if certificate.date and first_day(certificate.date) > person.today:
        return not_met(requirement, Code.CERTIFICATE_EXPECTED, **facts)
    return met(requirement, Code.CERTIFICATE_HELD, **facts)


def _degree(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    for course in person.profile.education:
        if not person.says(requirement.name, course.study_type, course.area):
            continue
        name = one_line(", ".join(part for part in (course.study_type, course.area) if part))
        if course.end_date is None:
            return may_now_be_met(requirement, Code.DEGREE_MAYBE_UNFINISHED, name=name)
        if day_after(course.end_date) <= person.known_on:
            return met(requirement, Code.DEGREE_HELD, name=name)
        if day_after(course.end_date) <= person.today:
            return may_now_be_met(requirement, Code.DEGREE_DUE_BY_NOW, name=name)
        return not_met(requirement, Code.DEGREE_UNDER_WAY, name=name)
    return _only_mentioned(person, requirement)


def _language(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    asked = _LEVEL.sub("", requirement.name).strip()
    needed = _level(requirement.name)
    for spoken in person.profile.languages:
        if alike(spoken.language, asked) < SAME_LANGUAGE:
            continue
        has, name = _level(spoken.fluency or ""), one_line(spoken.language)
        if needed is None or (has is not None and has >= needed):
            level = one_line(spoken.fluency) if spoken.fluency else None
            return met(requirement, Code.LANGUAGE_SPOKEN, name=name, level=level)
        if has is None:
            return unknown(requirement, Code.LANGUAGE_LEVEL_UNKNOWN, name=name)
        return not_met(
            requirement,
            Code.LANGUAGE_TOO_WEAK,
            name=name,
            level=_LEVELS[has],
            needed_level=_LEVELS[needed],
        )
    return unknown(requirement)


def _in_title(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    """Returns the latest title that words of a requirement stand in, which decides nothing."""
    titled = (
        job
        for job in person.profile.work
        if job.position and shared_work(job.position, requirement.name) >= NEAR_TITLE
    )
    job = min(titled, key=lambda job: months_since(job, person.known_on), default=None)
    if job is None or not job.position:
        return unknown(requirement)
    title = [one_line(job.position)]
    shown = [of_job(job, person.known_on)]
    return unknown(requirement, Code.NAMED_IN_TITLE, words=title, citations=shown)


def _only_mentioned(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    if shown := cited(person, requirement.name):
        return unknown(requirement, Code.MENTIONED_NOT_LISTED, citations=shown[:MOST_CITED])
    return unknown(requirement)


def _certificate(person: ProfileSnapshot, requirement: Requirement) -> Certificate | None:
    if requirement.kind is not RequirementKind.LICENCE:
        return None
    held = (
        certificate
        for certificate in person.profile.certificates
        if person.says(requirement.name, certificate.name)
    )
    return max(held, key=lambda certificate: certificate.date or "", default=None)


def _level(text: str) -> int | None:
    if _NATIVE.search(text):
        return len(_LEVELS) - 1
    found = _LEVEL.search(text)
    return _LEVELS.index(found[1].upper()) if found else None


_BY_KIND: dict[RequirementKind, Callable[[ProfileSnapshot, Requirement], Finding]] = {
    RequirementKind.EXPERIENCE: experience,
    RequirementKind.SKILL: _skill,
    RequirementKind.LICENCE: _licence,
    RequirementKind.DEGREE: _degree,
    RequirementKind.LANGUAGE: _language,
}
"""What profiles can speak of; nothing in them decides about any other kind."""
