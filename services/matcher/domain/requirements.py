"""How somebody stands to one thing that a vacancy asks, and the sentence that says so.

What a decider recorded as missing is believed before what the profile says, unless a certificate
is newer. An assumption about the time since makes `may_now_be_met` at most; where nothing is
known, it is `unknown`, and never `not_met`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.matcher.domain.evidence import has_newer_proof, in_profile
from services.matcher.domain.findings import Finding, may_now_be_met, met, not_met, wanted
from services.matcher.domain.known import Known
from services.matcher.domain.wording import month, months, short, worked
from services.matcher.domain.words import alike
from shared.contract.events.candidates import Rejection
from shared.contract.events.evidence import Readiness
from shared.contract.events.shortfalls import (
    Importance,
    Requirement,
    RequirementKind,
    Shortfall,
    closing_day,
    months_between,
)

SAME_NAME = 0.6


@dataclass(frozen=True)
class Gap:
    """A shortfall that was recorded, measured by what is asked now."""

    shortfall: Shortfall
    rejection: Rejection

    @property
    def observed_on(self) -> date:
        return self.shortfall.observed_at or self.rejection.decided_at.date()


def stand(known: Known, requirement: Requirement, vacancy_id: str) -> Finding:
    """Tells how somebody stands to one requirement, today."""
    gap = _recorded_gap(known, requirement, vacancy_id)
    if gap and not has_newer_proof(known, requirement, gap.observed_on):
        return _by_gap(gap, requirement, known.today)
    return in_profile(known, requirement)


def readiness(findings: Iterable[Finding]) -> Readiness:
    """Sums up: the worst standing among what is required; unknown where nothing is."""
    states = {
        finding.state
        for finding in findings
        if finding.requirement.importance is Importance.REQUIRED
    }
    worst_first = (Readiness.NOT_MET, Readiness.UNKNOWN, Readiness.MAY_NOW_BE_MET, Readiness.MET)
    return next((state for state in worst_first if state in states), Readiness.UNKNOWN)


def _recorded_gap(known: Known, requirement: Requirement, vacancy_id: str) -> Gap | None:
    """Gives the newest record of the same thing missing, measured by what is asked now."""
    gaps = [
        Gap(_by_todays_measure(shortfall, requirement), rejection)
        for rejection in known.state.rejections
        for shortfall in rejection.shortfalls
        if _is_same(shortfall, rejection, requirement, vacancy_id)
    ]
    return max(gaps, key=lambda gap: gap.observed_on, default=None)


def _is_same(
    shortfall: Shortfall, rejection: Rejection, requirement: Requirement, vacancy_id: str
) -> bool:
    if shortfall.kind is not requirement.kind:
        return False
    if rejection.vacancy_id == vacancy_id:
        return shortfall.requirement_id == requirement.requirement_id
    return alike(shortfall.name, requirement.name) >= SAME_NAME


def _by_todays_measure(shortfall: Shortfall, requirement: Requirement) -> Shortfall:
    """Has the gap measured by the months that are asked now.

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
    shortfall, name = gap.shortfall, short(requirement.name)
    if shortfall.closed_at and shortfall.closed_at <= today:
        told = f"Told us in {month(shortfall.closed_at)} that they now have {name}"
        return met(requirement, told)
    projection = closing_day(
        shortfall, gap.rejection.decided_at.date(), still_working=gap.rejection.still_working
    )
    if requirement.kind is RequirementKind.EXPERIENCE and not shortfall.expected_at:
        return _by_months(gap, requirement, projection.closes_on, today)
    when = f"when declined in {month(gap.rejection.decided_at.date())}"
    if projection.closes_on is None:
        return not_met(requirement, f"Lacked {name} {when}")
    if projection.closes_on <= today:
        due = month(projection.closes_on)
        return may_now_be_met(
            requirement, f"Lacked {name} {when}, but expected it by {due}; not confirmed since"
        )
    return not_met(requirement, f"Lacks {name}, which is expected by {month(projection.closes_on)}")


def _by_months(gap: Gap, requirement: Requirement, closes_on: date | None, today: date) -> Finding:
    shortfall, since = gap.shortfall, gap.observed_on
    observed, needed = shortfall.observed_months or 0, shortfall.required_months or 0
    if shortfall.observed_months is not None and observed >= needed:
        return met(
            requirement,
            f"Had {worked(observed)} of {short(requirement.name)} in {month(since)}"
            f" (needed {months(needed)})",
        )
    lacking = _lacking(requirement, needed - observed)
    if closes_on is None:
        return not_met(requirement, f"Lacked {lacking} in {month(since)}")
    passed = months_between(since, today)
    if closes_on <= today:
        return may_now_be_met(
            requirement,
            f"Lacked {lacking} in {month(since)}; by their own dates {months(passed)} have passed"
            " since (assumed to have gone on working in the same field)",
        )
    return not_met(
        requirement,
        f"Lacked {lacking} in {month(since)}, and {wanted(requirement)} not before"
        f" {month(closes_on)}",
    )


def _lacking(requirement: Requirement, missing: int) -> str:
    amount = f"{months(missing)} of " if missing > 0 else ""
    return f"{amount}{short(requirement.name)}"
