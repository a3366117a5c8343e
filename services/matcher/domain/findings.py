"""What was found out about one requirement: a standing, and the evidence for it."""

from dataclasses import dataclass, replace
from typing import Any

from services.matcher.domain.tokenisation import stems
from shared.contract.events.evidence import LONGEST_TOLD, Evidence, EvidenceCode, Readiness
from shared.contract.events.shortfalls import (
    Importance,
    Requirement,
    RequirementKind,
    Shortfall,
)

MOST_MONTHS = 720
"""The contract's longest time in months; whatever is longer is told as this."""


@dataclass(frozen=True)
class Finding:
    requirement: Requirement
    standing: Readiness
    evidence: Evidence
    against: Evidence | None = None
    """What speaks against them all the same."""


def met(
    requirement: Requirement, code: EvidenceCode, against: Evidence | None = None, **facts: Any
) -> Finding:
    """Returns that a requirement is met, by a fact, and what speaks against it all the same."""
    found = _finding(requirement, Readiness.MET, code, facts)
    return replace(found, against=against)


def may_now_be_met(requirement: Requirement, code: EvidenceCode, **facts: Any) -> Finding:
    """Returns that a requirement is met if what was assumed is true."""
    return _finding(requirement, Readiness.MAY_NOW_BE_MET, code, facts)


def said_to_be_met(requirement: Requirement, code: EvidenceCode, **facts: Any) -> Finding:
    """Returns that a requirement is met by their own word, which nobody has checked."""
    return _finding(requirement, Readiness.BY_OWN_WORD, code, facts)


def not_met(requirement: Requirement, code: EvidenceCode, **facts: Any) -> Finding:
    """Returns that a requirement is provably not met."""
    return _finding(requirement, Readiness.NOT_MET, code, facts)


def unknown(
    requirement: Requirement, code: EvidenceCode = EvidenceCode.NOTHING_KNOWN, **facts: Any
) -> Finding:
    """Returns that nothing known decides whether a requirement is met."""
    return _finding(requirement, Readiness.UNKNOWN, code, facts)


def is_required(requirement: Requirement) -> bool:
    """Tells whether a requirement is more than preferred; an unknown importance counts as more."""
    return requirement.importance is not Importance.PREFERRED


def thing_asked(at: Requirement | Shortfall) -> tuple[RequirementKind, frozenset[str]]:
    """Returns what tells one thing that a vacancy asks from another: its kind and its words."""
    return at.kind, frozenset(stems(at.name, "english"))


def one_line(text: str, limit: int = 80) -> str:
    """Returns a name in one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def told(months_worked: int) -> int:
    """Returns months of work as they may be told: not how many where they would tell an age."""
    return min(months_worked, LONGEST_TOLD)


def _finding(
    requirement: Requirement, standing: Readiness, code: EvidenceCode, facts: dict[str, Any]
) -> Finding:
    facts = {"name": one_line(requirement.name), "needed_months": requirement.min_months} | facts
    evidence = Evidence(
        code=code, requirement_id=requirement.requirement_id, standing=standing, **facts
    )
    return Finding(requirement, standing, evidence)
