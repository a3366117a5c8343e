"""What a profile proves about a requirement by itself."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from services.matcher.domain.experience import (
    Months,
    day_after,
    first_day,
    months_worked,
    related_jobs,
)
from services.matcher.domain.findings import Finding, may_now_be_met, met, not_met, unknown
from services.matcher.domain.known import Known
from services.matcher.domain.wording import month, months, partial_month, short, worked
from services.matcher.domain.words import alike
from shared.contract.events.profile import Certificate, Work
from shared.contract.events.shortfalls import Requirement, RequirementKind

SAME_LANGUAGE = 0.8

_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
_LEVEL = re.compile(r"\b([ABC][12])\b", re.IGNORECASE)
_NATIVE = re.compile(r"native|mother|mutter|matern|natal|bilingu", re.IGNORECASE)


def in_profile(known: Known, requirement: Requirement) -> Finding:
    """Tells how a profile stands to a requirement, by itself."""
    return _BY_KIND[requirement.kind](known, requirement)


def has_newer_proof(known: Known, requirement: Requirement, since: date) -> bool:
    """Tells whether a certificate was earned after the day something was found missing."""
    certificate = _certificate(known, requirement)
    return bool(certificate and certificate.date and first_day(certificate.date) > since)


def _experience(known: Known, requirement: Requirement) -> Finding:
    jobs = related_jobs(known.profile.work, requirement.name, known.language)
    if not jobs:
        return unknown(requirement)
    in_field = _months(known, jobs)
    needed, field = requirement.min_months or 1, short(requirement.name)
    if in_field.certain >= needed:
        return met(
            requirement, f"Worked {worked(in_field.certain)} in {field} (needed {months(needed)})"
        )
    if in_field.projected == 0:
        return unknown(requirement, "their jobs there are not dated")
    by_then = f"Had worked {worked(in_field.possible)} in {field} by {month(known.known_on)}"
    if in_field.possible >= needed:
        return may_now_be_met(requirement, f"{by_then}, as far as years alone can tell")
    if in_field.projected >= needed:
        by_now = f"{worked(in_field.projected)} by now, if that job went on (assumed)"
        return may_now_be_met(requirement, f"{by_then}; {by_now}")
    if _months(known, known.profile.work).projected >= needed:
        return unknown(requirement, f"{worked(in_field.possible)} in jobs named so, more in others")
    return not_met(requirement, f"{by_then} (needed {months(needed)})")


def _months(known: Known, jobs: Sequence[Work]) -> Months:
    goes_on = known.latest.still_working
    return months_worked(jobs, known.known_on, known.today, still_working=goes_on)


def _skill(known: Known, requirement: Requirement) -> Finding:
    name = short(requirement.name)
    for skill in known.profile.skills:
        if known.says(requirement.name, skill.name, *skill.keywords):
            return met(requirement, f"Lists {name} among their skills")
    if known.mentions(requirement.name):
        return met(requirement, f"The profile mentions {name}")
    return unknown(requirement)


def _licence(known: Known, requirement: Requirement) -> Finding:
    certificate = _certificate(known, requirement)
    if certificate is None:
        return _only_mentioned(known, requirement)
    name = short(certificate.name)
    if certificate.date and first_day(certificate.date) > known.today:
        when = partial_month(certificate.date)
        return not_met(requirement, f"Expects {name} in {when}")
    since = f" since {partial_month(certificate.date)}" if certificate.date else ""
    return met(requirement, f"Holds {name}{since}")


def _degree(known: Known, requirement: Requirement) -> Finding:
    for course in known.profile.education:
        if not known.says(requirement.name, course.study_type, course.area):
            continue
        name = short(", ".join(part for part in (course.study_type, course.area) if part))
        if course.end_date is None:
            return may_now_be_met(requirement, f"Names {name}, not whether it was finished")
        if day_after(course.end_date) <= known.known_on:
            return met(requirement, f"Degree: {name}")
        if day_after(course.end_date) <= known.today:
            return may_now_be_met(requirement, f"Was to finish {name} by now; not confirmed")
        return not_met(requirement, f"Is still studying: {name}")
    return _only_mentioned(known, requirement)


def _language(known: Known, requirement: Requirement) -> Finding:
    name = _LEVEL.sub("", requirement.name).strip()
    needed = _level(requirement.name)
    for spoken in known.profile.languages:
        if alike(spoken.language, name) < SAME_LANGUAGE:
            continue
        has = _level(spoken.fluency or "")
        speaks = f"Speaks {short(spoken.language)}"
        if needed is None or (has is not None and has >= needed):
            fluency = f" ({short(spoken.fluency)})" if spoken.fluency else ""
            return met(requirement, f"{speaks}{fluency}")
        if has is None:
            return unknown(requirement, f"{speaks}, level not known")
        return not_met(requirement, f"{speaks} at {_LEVELS[has]} (needed {_LEVELS[needed]})")
    return unknown(requirement)


def _not_in_profiles(_: Known, requirement: Requirement) -> Finding:
    return unknown(requirement)


def _only_mentioned(known: Known, requirement: Requirement) -> Finding:
    if known.mentions(requirement.name):
        return unknown(requirement, "mentioned in the profile, not listed as held")
    return unknown(requirement)


def _certificate(known: Known, requirement: Requirement) -> Certificate | None:
    if requirement.kind is not RequirementKind.LICENCE:
        return None
    held = (
        certificate
        for certificate in known.profile.certificates
        if known.says(requirement.name, certificate.name)
    )
    return max(held, key=lambda certificate: certificate.date or "", default=None)


def _level(text: str) -> int | None:
    if _NATIVE.search(text):
        return len(_LEVELS) - 1
    found = _LEVEL.search(text)
    return _LEVELS.index(found[1].upper()) if found else None


_BY_KIND: dict[RequirementKind, Callable[[Known, Requirement], Finding]] = {
    RequirementKind.EXPERIENCE: _experience,
    RequirementKind.SKILL: _skill,
    RequirementKind.LICENCE: _licence,
    RequirementKind.DEGREE: _degree,
    RequirementKind.LANGUAGE: _language,
    RequirementKind.LOCATION: _not_in_profiles,
    RequirementKind.PERMIT: _not_in_profiles,
}
