from typing import Any

import pytest

from services.intake.applicants.domain.tiers import tier_of
from shared.contract.events.applications import ApplicantRejected, Tier
from tests.services.intake.upstream import rejected

GAP = {"requirementId": "r", "kind": "experience", "requiredMonths": 36, "observedMonths": 20}
FAR = GAP | {"requiredMonths": 120}
LICENCE = {"requirementId": "l", "kind": "licence"}

CASES: list[tuple[str, dict[str, Any], Tier]] = [
    ("wholly unqualified", {"reason": {"code": "not_qualified"}}, Tier.NO),
    ("came second", {"finishingPlace": 2}, Tier.RUNNER_UP),
    ("came third, with a gap", {"finishingPlace": 3, "shortfalls": [GAP]}, Tier.RUNNER_UP),
    ("came tenth", {"finishingPlace": 10}, Tier.NOT_YET),
    ("reached the end and lacked nothing", {"stage": "final"}, Tier.RUNNER_UP),
    ("was offered it", {"stage": "offered"}, Tier.RUNNER_UP),
    ("reached the end with a gap", {"stage": "final", "shortfalls": [GAP]}, Tier.NOT_YET),
    (
        "was interviewed, and another was stronger",
        {"stage": "interviewed", "reason": {"code": "other_candidate_stronger"}},
        Tier.RUNNER_UP,
    ),
    (
        "was interviewed, and the vacancy closed",
        {"stage": "interviewed", "reason": {"code": "vacancy_closed"}},
        Tier.RUNNER_UP,
    ),
    (
        "was never seen, and another was stronger",
        {"stage": "applied", "reason": {"code": "other_candidate_stronger"}},
        Tier.NOT_YET,
    ),
    ("lacks months", {"shortfalls": [GAP]}, Tier.NOT_YET),
    ("lacks a licence", {"shortfalls": [LICENCE]}, Tier.NOT_YET),
    ("lacks many years at first sight", {"shortfalls": [FAR]}, Tier.NO),
    (
        "lacks many years and was interviewed all the same",
        {"shortfalls": [FAR], "stage": "interviewed"},
        Tier.NOT_YET,
    ),
    ("lacks nearly everything", {"shortfalls": [LICENCE] * 4}, Tier.NO),
    ("nothing is known", {"reason": {"code": "other"}}, Tier.NOT_YET),
    (
        "the source knows better",
        {"reason": {"code": "not_qualified"}, "tier": "runner_up"},
        Tier.RUNNER_UP,
    ),
]


@pytest.mark.parametrize(("what", "facts", "tier"), CASES, ids=[case[0] for case in CASES])
def test_the_tier_follows_from_the_facts(what: str, facts: dict[str, Any], tier: Tier) -> None:
    data = rejected(**facts).data
    assert isinstance(data, ApplicantRejected)
    assert tier_of(data) is tier
