"""How many of sixty claims that somebody judged by hand the matcher decides as they did."""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from services.matcher.domain.profile_evidence import in_profile
from services.matcher.domain.similar_job import most_similar
from services.matcher.domain.snapshot import ProfileSnapshot
from shared.contract.events.evidence import Readiness
from shared.contract.events.profile import Profile, Work
from shared.contract.events.shortfalls import Requirement, RequirementKind
from tests.services.matcher.people import candidate

ENOUGH = 0.95
TODAY = date(2026, 6, 1)

Judged = dict[str, Any]


def meets(kind: RequirementKind, asked: str, profile: Profile) -> bool:
    person = ProfileSnapshot(candidate(), profile, TODAY)
    requirement = Requirement(requirement_id="r", kind=kind, name=asked, min_months=12)
    return in_profile(person, requirement).standing is Readiness.MET


def claims_skill(claim: Judged) -> bool:
    return meets(RequirementKind.SKILL, claim["asked"], Profile(resume_text=claim["says"]))


def claims_field(claim: Judged) -> bool:
    work = [Work(position=claim["held"], summary=claim["says"], start_date="2020-01")]
    return meets(RequirementKind.EXPERIENCE, claim["asked"], Profile(work=work))


def claims_job(claim: Judged) -> bool:
    work = [Work(position=claim["held"], start_date="2020-01")]
    return most_similar(work, claim["asked"], TODAY) is not None


KINDS: dict[str, Callable[[Judged], bool]] = {
    "skill": claims_skill,
    "field": claims_field,
    "job": claims_job,
}


def test_claims_are_made_where_somebody_judged_them_true_and_nowhere_else() -> None:
    judged = tomllib.loads(Path(__file__).with_name("judged").joinpath("claims.toml").read_text())
    answers = [(claim, claims(claim)) for kind, claims in KINDS.items() for claim in judged[kind]]
    wrong = [claim for claim, is_claimed in answers if is_claimed is not claim["is_true"]]
    claimed = [claim for claim, is_claimed in answers if is_claimed]
    true = sum(claim["is_true"] for claim in claimed)
    print(f"\n{len(answers) - len(wrong)} of {len(answers)} claims decided as judged by hand;")  # noqa: T201
    print(f"{true} of the {len(claimed)} that are made are true")  # noqa: T201
    print(*(f"  not as judged: {claim}" for claim in wrong), sep="\n")  # noqa: T201
    assert len(answers) == 60
    assert len(answers) - len(wrong) >= ENOUGH * len(answers)
    assert true >= ENOUGH * len(claimed)
