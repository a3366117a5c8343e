"""What was found out about one requirement, as a state and as a sentence for recruiters."""

from dataclasses import dataclass

from services.matcher.domain.wording import months, short
from shared.contract.events.evidence import Readiness
from shared.contract.events.shortfalls import Requirement


@dataclass(frozen=True)
class Finding:
    requirement: Requirement
    state: Readiness
    sentence: str


def met(requirement: Requirement, sentence: str) -> Finding:
    """Says that a requirement is met, by a fact."""
    return Finding(requirement, Readiness.MET, sentence)


def may_now_be_met(requirement: Requirement, sentence: str) -> Finding:
    """Says that a requirement is met if what was assumed is true."""
    return Finding(requirement, Readiness.MAY_NOW_BE_MET, sentence)


def not_met(requirement: Requirement, sentence: str) -> Finding:
    """Says that a requirement is provably not met."""
    return Finding(requirement, Readiness.NOT_MET, sentence)


def unknown(requirement: Requirement, because: str = "nothing known") -> Finding:
    """Says that nothing known decides whether a requirement is met."""
    asked = wanted(requirement)
    return Finding(requirement, Readiness.UNKNOWN, f"{asked[0].upper()}{asked[1:]}: {because}")


def wanted(requirement: Requirement) -> str:
    """Names a requirement as it is asked: `2 years of nursing`."""
    name = short(requirement.name)
    return f"{months(requirement.min_months)} of {name}" if requirement.min_months else name
