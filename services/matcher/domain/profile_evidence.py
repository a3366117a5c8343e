"""What a profile proves about a requirement by itself."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from services.matcher.domain.experience import (
    Months,
    day_after,
    first_day,
    months_worked,
    related_jobs,
)
from services.matcher.domain.findings import (
    Finding,
    may_now_be_met,
    met,
    not_met,
    one_line,
    told,
    unknown,
)
from services.matcher.domain.snapshot import ProfileSnapshot
from services.matcher.domain.tokenisation import alike
from shared.contract.events.evidence import EvidenceCode as Code
from shared.contract.events.profile import Certificate, Work
from shared.contract.events.shortfalls import Requirement, RequirementKind

SAME_LANGUAGE = 0.8

_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
_LEVEL = re.compile(r"\b([ABC][12])\b", re.IGNORECASE)
_NATIVE = re.compile(r"native|mother|mutter|matern|natal|bilingu", re.IGNORECASE)


def in_profile(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    """Tells how a profile stands to a requirement, by itself."""
    look = _BY_KIND.get(requirement.kind)
    return look(person, requirement) if look else unknown(requirement)


def has_newer_proof(person: ProfileSnapshot, requirement: Requirement, since: date) -> bool:
    """Tells whether a certificate was earned after the day something was found missing."""
    certificate = _certificate(person, requirement)
    return bool(certificate and certificate.date and first_day(certificate.date) > since)


def _experience(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    jobs = related_jobs(person.profile.work, requirement.name, person.language)
    if not jobs:
        return unknown(requirement)
    in_field, needed = _months(person, jobs), requirement.min_months or 1
    if in_field.certain >= needed:
        months = told(in_field.certain)
        return met(requirement, Code.MONTHS_WORKED, months=months, needed_months=needed)
    if in_field.projected == 0:
        return unknown(requirement, Code.JOBS_WITHOUT_DATES)
    then: dict[str, Any] = {"months": told(in_field.possible), "on": person.known_on}
    if in_field.possible >= needed:
        return may_now_be_met(requirement, Code.MONTHS_BY_YEARS_ALONE, **then)
    if in_field.projected >= needed:
        now = told(in_field.projected)
        return may_now_be_met(requirement, Code.MONTHS_IF_JOB_WENT_ON, **then, projected_months=now)
    if _months(person, person.profile.work).projected >= needed:
        return unknown(requirement, Code.MONTHS_IN_JOBS_NAMED_SO, months=then["months"])
    return not_met(requirement, Code.MONTHS_TOO_FEW, **then, needed_months=needed)


def _months(person: ProfileSnapshot, jobs: Sequence[Work]) -> Months:
    goes_on = person.latest.still_working
    return months_worked(jobs, person.known_on, person.today, still_working=goes_on)


def _skill(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    for skill in person.profile.skills:
        if person.lists(requirement.name, skill.name, *skill.keywords):
            return met(requirement, Code.SKILL_LISTED)
    if person.mentions(requirement.name):
        return met(requirement, Code.MENTIONED)
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


def _only_mentioned(person: ProfileSnapshot, requirement: Requirement) -> Finding:
    if person.mentions(requirement.name):
        return unknown(requirement, Code.MENTIONED_NOT_LISTED)
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
    RequirementKind.EXPERIENCE: _experience,
    RequirementKind.SKILL: _skill,
    RequirementKind.LICENCE: _licence,
    RequirementKind.DEGREE: _degree,
    RequirementKind.LANGUAGE: _language,
}
"""What profiles can speak of; nothing in them decides about any other kind."""
