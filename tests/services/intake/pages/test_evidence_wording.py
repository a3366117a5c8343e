"""What speaks for and against somebody is worded on the page, from codes and facts."""

from datetime import date
from typing import Any

import pytest

from services.intake.pages.evidence_wording import worded
from services.intake.pages.wording import texts
from shared.contract.events.applications import Stage
from shared.contract.events.citations import Source
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
    "count": 2,
    "total": 5,
}


def said(code: str, **facts: Any) -> str:
    claims = worded([Evidence(code=EvidenceCode(code), **facts)], texts())
    return "; ".join(claim.sentence for claim in claims)


def cited(*citations: dict[str, Any]) -> str:
    evidence = Evidence.model_validate({"code": "mentioned", "name": "x", "citations": citations})
    (claim,) = worded([evidence], texts())
    return claim.cited


@pytest.mark.parametrize("code", EvidenceCode)
def test_every_code_has_words(code: EvidenceCode) -> None:
    sentence = said(code, **FACTS)
    assert sentence
    assert "{" not in sentence


def test_facts_are_written_as_people_of_the_language_do() -> None:
    assert said("months_worked", **FACTS) == "14 months of logistics (3 years needed)"
    assert said("other_country", **FACTS) == "The job is in Germany; they lived in Austria"
    assert said("skills_shown", **FACTS) == (
        "Names 2 of the 5 skills this role asks for: SAP and shifts"
    )
    assert said("skills_shown", **FACTS | {"count": 4}) == (
        "Names 4 of the 5 skills this role asks for, among them SAP and shifts"
    )
    assert said("skills_shown", **FACTS | {"total": 2}) == (
        "Names both skills this role asks for: SAP and shifts"
    )
    all_three = {"words": ["SAP", "shifts", "stock"], "count": 3, "total": 3}
    assert said("skills_shown", **FACTS | all_three) == (
        "Names all 3 skills this role asks for: SAP, shifts and stock"
    )
    the_one = {"words": ["driving"], "count": 1, "total": 1}
    assert said("skills_shown", **FACTS | the_one) == (
        "Names the one skill this role asks for: driving"
    )
    assert said("skills_shown", **FACTS | the_one | {"total": 2}) == (
        "Names 1 of the 2 skills this role asks for: driving"
    )
    assert said("skills_shown", **FACTS | {"count": 4, "total": 4}) == (
        "Names all 4 skills this role asks for, among them SAP and shifts"
    )
    assert said("months_in_jobs_named_so", **FACTS) == (
        "14 months of logistics that we can see (3 years needed);"
        " their other jobs may count, but do not say so"
    )
    assert said("held_similar_job", name="Picker", date="2024") == "Picker until 2024"
    held = {"name": "Picker", "since": "2022-03", "months": 36, "on": date(2025, 3, 1)}
    assert said("held_similar_job", **held) == "Picker since March 2022 (3 years when they applied)"
    assert said("reached_stage", **FACTS) == "For logistics in March 2026: reached the final round"


def test_a_fact_that_is_missing_makes_the_sentence_plainer() -> None:
    assert said("certificate_held", name="Forklift licence") == "Has Forklift licence"


def test_a_code_or_stage_of_a_newer_version_is_left_out() -> None:
    assert said("walks_on_water", **FACTS) == ""
    assert said("reached_stage", name="Picker", stage=Stage("knighted")) == ""


def test_a_claim_tells_the_words_it_rests_on_and_where_and_when_they_stand() -> None:
    words = {"words": "managed stock", "title": "Picker"}
    assert cited({"source": "job", "until": "2024-05", **words}) == (
        "“managed stock”, as Picker until May 2024"
    )
    assert cited({"source": "resume", "words": "wound care", "on": "2025-03-10"}) == (
        "“wound care”, in their résumé of March 2025"
    )
    listed = [{"source": "skills", "words": word, "on": "2025-03-10"} for word in ("SQL", "Go")]
    assert cited(*listed) == "“SQL” and “Go”, in their list of skills in March 2025"
    jobs = [
        {"source": "job", "title": "Nurse", "months": 24, "on": "2025-03-10"},
        {"source": "job", "title": "Cook", "months": 14, "until": "2019"},
    ]
    assert cited(*jobs) == "Nurse, 2 years by March 2025; Cook, 14 months until 2019"
    assert cited({"source": "answer", "title": "Ward Nurse", "on": "2026-05-01"}) == (
        "What they told us about Ward Nurse, May 2026"
    )


@pytest.mark.parametrize("source", Source)
def test_every_source_has_words(source: Source) -> None:
    assert cited({"source": source, "words": "stock", "title": "Picker", "on": "2025-03-10"})


def test_a_source_of_a_newer_version_is_left_out_and_its_claim_is_not() -> None:
    assert cited({"source": "horoscope", "words": "stock"}) == ""


def test_facts_are_escaped() -> None:
    assert said("mentioned", name="<b>{name}</b>") == "Mentions &lt;b&gt;{name}&lt;/b&gt;"
    assert "&lt;b&gt;" in cited({"source": "resume", "words": "<b>", "on": "2025-03-10"})
