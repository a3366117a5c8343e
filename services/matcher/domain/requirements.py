"""How somebody stands to one thing that a vacancy asks, and the evidence for it.

What a decider recorded as missing is believed before what the profile says, unless a certificate
is newer. An assumption about the time since makes `may_now_be_met` at most, and what they told us
since `by_own_word`; where nothing is known, it is `unknown`, and never `not_met`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.matcher.domain.findings import (
    MOST_MONTHS,
    Finding,
    is_required,
    may_now_be_met,
    met,
    not_met,
    one_line,
    said_to_be_met,
    thing_asked,
    told,
    unknown,
)
from services.matcher.domain.profile_evidence import has_newer_proof, in_profile
from services.matcher.domain.snapshot import ProfileSnapshot
from services.matcher.domain.titles import shared_work
from shared.contract.events.candidates import Rejection
from shared.contract.events.citations import Citation, Source
from shared.contract.events.evidence import EvidenceCode as Code
from shared.contract.events.evidence import Readiness
from shared.contract.events.profile import NewsKind
from shared.contract.events.shortfalls import (
    Requirement,
    RequirementKind,
    Shortfall,
    closing_day,
    months_between,
)

SAME_NAME = 0.6
"""So much of what was missing and of what is asked must be the same words."""


WORST_FIRST = (
    Readiness.NOT_MET,
    Readiness.UNKNOWN,
    Readiness.MAY_NOW_BE_MET,
    Readiness.BY_OWN_WORD,
    Readiness.MET,
)

_NEWS_OF = {
    RequirementKind.SKILL: NewsKind.SKILL,
    RequirementKind.LICENCE: NewsKind.LICENCE,
    RequirementKind.DEGREE: NewsKind.DEGREE,
}


@dataclass(frozen=True)
class Gap:
    """A shortfall that was recorded, measured by what is asked now."""

    shortfall: Shortfall
    rejection: Rejection

    @property
    def observed_on(self) -> date:
        return self.shortfall.observed_at or self.rejection.decided_at.date()

    def cited(self, source: Source, on: date) -> list[Citation]:
        """Returns the application that it is about, and when that was recorded or answered."""
        role = one_line(self.rejection.vacancy_title)
        return [Citation(source=source, title=role, on=on)]


def stand(person: ProfileSnapshot, requirement: Requirement, vacancy_id: str) -> Finding:
    """Tells how somebody stands to one requirement, today."""
    if not requirement.kind.is_known:
        return unknown(requirement)
    gap = _recorded_gap(person, requirement, vacancy_id)
    if gap and not has_newer_proof(person, requirement, gap.observed_on):
        found = _by_gap(gap, requirement, person.today)
    else:
        found = in_profile(person, requirement)
    since = gap.observed_on if gap else date.min
    return _by_their_word(person, requirement, found, since)


def readiness(findings: Iterable[Finding]) -> Readiness:
    """Sums up: the worst standing among what is required; unknown where nothing is."""
    states = {finding.standing for finding in findings if is_required(finding.requirement)}
    return next((state for state in WORST_FIRST if state in states), Readiness.UNKNOWN)


def ready_on(findings: Iterable[Finding]) -> date | None:
    """Returns the day by which the last that is required and missing is to be there.

    None where nothing is missing, or nothing says when one of it comes.
    """
    missing = [
        finding.evidence.expected_on
        for finding in findings
        if is_required(finding.requirement) and finding.standing is Readiness.NOT_MET
    ]
    return max((day for day in missing if day), default=None) if all(missing) else None


def _by_their_word(
    person: ProfileSnapshot, requirement: Requirement, found: Finding, since: date
) -> Finding:
    """Returns what they told us they have since, where nothing shows it already."""
    if found.standing in (Readiness.MET, Readiness.BY_OWN_WORD):
        return found
    for one in person.news:
        counts = _NEWS_OF.get(requirement.kind) is one.kind and since <= one.on <= person.today
        if counts and person.lists(requirement.name, one.name):
            cited = [Citation(source=Source.ANSWER, words=one_line(one.name), on=one.on)]
            return said_to_be_met(requirement, Code.SAID_THEY_HAVE_IT, on=one.on, citations=cited)
    return found


def _recorded_gap(person: ProfileSnapshot, requirement: Requirement, vacancy_id: str) -> Gap | None:
    """Returns the newest record of the same thing missing, measured by what is asked now."""
    gaps = [
        Gap(_by_todays_measure(shortfall, requirement), rejection)
        for rejection in person.state.rejections
        for shortfall in rejection.shortfalls
        if _is_same(shortfall, rejection, requirement, vacancy_id)
    ]
    return max(gaps, key=lambda gap: gap.observed_on, default=None)


def is_asked_again(shortfall: Shortfall, requirement: Requirement) -> bool:
    """Tells whether a vacancy asks what it found missing before: by its id, or its very words."""
    by_id = shortfall.requirement_id == requirement.requirement_id
    same_kind = shortfall.kind is requirement.kind
    return same_kind and (by_id or thing_asked(shortfall) == thing_asked(requirement))


def _is_same(
    shortfall: Shortfall, rejection: Rejection, requirement: Requirement, vacancy_id: str
) -> bool:
    if rejection.vacancy_id == vacancy_id:
        return is_asked_again(shortfall, requirement)
    same_kind = shortfall.kind is requirement.kind
    return same_kind and shared_work(shortfall.name, requirement.name) >= SAME_NAME


def _by_todays_measure(shortfall: Shortfall, requirement: Requirement) -> Shortfall:
    """Measures the gap by the months that are asked now.

    Whoever told us that a gap is closed had what was asked then; more than that is counted on.
    """
    asked, before = requirement.min_months, shortfall.required_months
    if asked is None:
        return shortfall
    if shortfall.closed_at and asked > (before or 0):
        return shortfall.model_copy(
            update={
                "required_months": asked,
                "observed_months": before or 0,
                "observed_at": shortfall.closed_at,
                "closed_at": None,
                "expected_at": None,
            }
        )
    return shortfall.model_copy(update={"required_months": asked})


def _by_gap(gap: Gap, requirement: Requirement, today: date) -> Finding:
    shortfall, declined_on = gap.shortfall, gap.rejection.decided_at.date()
    if shortfall.closed_at and shortfall.closed_at <= today:
        return _by_own_word(gap, requirement, shortfall.closed_at)
    closes_on = closing_day(
        shortfall, declined_on, still_working=gap.rejection.still_working
    ).closes_on
    if requirement.kind is RequirementKind.EXPERIENCE and not shortfall.expected_at:
        return _by_months(gap, requirement, closes_on, today)
    then: dict[str, Any] = {"on": declined_on, "needed_months": None}
    then |= {"citations": gap.cited(Source.DECISION, declined_on)}
    if closes_on is None:
        return not_met(requirement, Code.WAS_MISSING, **then)
    if closes_on <= today:
        return may_now_be_met(requirement, Code.WAS_EXPECTED_BY_NOW, **then, expected_on=closes_on)
    return not_met(requirement, Code.IS_EXPECTED, **then, expected_on=closes_on)


def _by_own_word(gap: Gap, requirement: Requirement, said_on: date) -> Finding:
    facts = {"on": said_on, "needed_months": gap.shortfall.required_months}
    cited = gap.cited(Source.ANSWER, said_on)
    return said_to_be_met(requirement, Code.SAID_THEY_HAVE_IT, **facts, citations=cited)


def _by_months(gap: Gap, requirement: Requirement, closes_on: date | None, today: date) -> Finding:
    shortfall, since = gap.shortfall, gap.observed_on
    observed, needed = shortfall.observed_months or 0, shortfall.required_months or 0
    recorded: dict[str, Any] = {"on": since, "citations": gap.cited(Source.DECISION, since)}
    if shortfall.observed_months is not None and observed >= needed:
        recorded |= {"months": told(observed), "needed_months": needed}
        return met(requirement, Code.MONTHS_AT_DECISION, **recorded)
    lacking = recorded | {"missing_months": max(0, needed - observed) or None}
    if closes_on is None:
        return not_met(requirement, Code.MONTHS_WERE_MISSING, **lacking)
    if closes_on <= today:
        passed = min(months_between(since, today), MOST_MONTHS)
        return may_now_be_met(
            requirement, Code.MONTHS_PASSED_SINCE, **lacking, passed_months=passed
        )
    return not_met(requirement, Code.MONTHS_NOT_BEFORE, **lacking, expected_on=closes_on)
