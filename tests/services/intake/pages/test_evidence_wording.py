"""What speaks for and against somebody is worded on the page, from codes and facts."""

from datetime import date
from typing import Any

import pytest

from services.intake.pages.evidence_wording import worded
from services.intake.pages.wording import texts
from shared.contract.events.applications import Stage
from shared.contract.events.evidence import Evidence, EvidenceCode

FACTS: dict[str, Any] = {
    "name": "logistics",
    "months": 14,
    "needed_months": 36,
    "missing_months": 22,
    "passed_months": 1,
    "projected_months": 37,
    "on": date(2026, 3, 2),
    "expected_on": date(2026, 5, 1),
    "date": "2026-04",
    "place": 2,
    "stage": Stage.FINAL,
    "level": "B1",
    "needed_level": "B2",
    "country": "AT",
    "needed_country": "DE",
    "words": ["SAP", "shifts"],
    "total": 5,
}


def said(code: str, **facts: Any) -> str:
    return "; ".join(worded([Evidence(code=EvidenceCode(code), **facts)], texts()))


@pytest.mark.parametrize("code", EvidenceCode)
def test_every_code_has_words(code: EvidenceCode) -> None:
    sentence = said(code, **FACTS)
    assert sentence
    assert "{" not in sentence


def test_facts_are_written_as_people_of_the_language_do() -> None:
    assert said("months_worked", **FACTS) == "14 months of logistics (3 years needed)"
    assert said("other_country", **FACTS) == "The job is in Germany; they lived in Austria"
    assert said("skills_shown", **FACTS) == (
        "Shows 2 of the 5 skills this role needs: SAP and shifts"
    )
    assert said("held_similar_job", name="Picker", date="2024") == "Worked as Picker until 2024"
    assert said("reached_stage", **FACTS) == "For logistics in March 2026: reached the final round"


def test_a_fact_that_is_missing_makes_the_sentence_plainer() -> None:
    assert said("certificate_held", name="Forklift licence") == "Has Forklift licence"


def test_a_code_or_stage_of_a_newer_version_is_left_out() -> None:
    assert said("walks_on_water", **FACTS) == ""
    assert said("reached_stage", name="Picker", stage=Stage("knighted")) == ""


def test_facts_are_escaped() -> None:
    assert said("mentioned", name="<b>{name}</b>") == "Mentions &lt;b&gt;{name}&lt;/b&gt;"
