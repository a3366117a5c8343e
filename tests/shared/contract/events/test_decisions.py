"""What one letter tells of several decisions: all that was missing, each thing once."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.contract.events.applications import Reason, ReasonCode, Stage, Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.shortfalls import RequirementKind, Shortfall

DAY = date(2026, 3, 2)


def gap(id: str, name: str, kind: str = "licence", **more: Any) -> Shortfall:
    return Shortfall(requirement_id=id, kind=RequirementKind(kind), name=name, **more)


def months(id: str, needed: int, had: int, name: str = "pharmacy") -> Shortfall:
    return gap(id, name, "experience", required_months=needed, observed_months=had)


LICENCE = gap("l", "Approbation")


def rejection(id: str, *gaps: Shortfall, **changes: Any) -> Rejection:
    decided = Rejection(
        application_id=id,
        vacancy_id="v-1",
        vacancy_title="Pharmacist",
        tier=Tier.NOT_YET,
        stage=Stage.FINAL,
        reason=Reason(code=ReasonCode.OTHER),
        shortfalls=list(gaps),
        decided_at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    return decided.model_copy(update=changes)


def lacking(first: Rejection, *others: Rejection) -> list[Shortfall]:
    told = [it.model_copy(update={"told_with": first.application_id}) for it in others]
    state = CandidateChanged(candidate_id="c-1", version=1, rejections=[*told, first])
    (decision,) = state.decisions
    assert {state.decision(it.application_id) == decision for it in state.rejections} == {True}
    assert decision.reason == first.reason
    return decision.shortfalls


@pytest.mark.parametrize("tier", [Tier.RUNNER_UP, Tier.NOT_YET])
def test_a_letter_that_tells_several_decisions_names_what_was_missing_by_any(tier: Tier) -> None:
    close = rejection("a", tier=tier)
    assert lacking(close, rejection("b", months("m", 36, 30), LICENCE)) == [
        months("m", 36, 30),
        LICENCE,
    ]
    assert lacking(rejection("a", LICENCE), rejection("b", months("m", 36, 30), LICENCE)) == [
        LICENCE,
        months("m", 36, 30),
    ]
    assert lacking(close, rejection("b", LICENCE, tier=Tier.NO), rejection("c")) == [LICENCE]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (LICENCE, gap("other", "APPROBATION"), LICENCE),
        (months("m", 36, 30), months("n", 36, 20), months("n", 36, 20)),
        (months("m", 24, 20), months("n", 36, 20), months("n", 36, 20)),
        (months("m", 36, 30), months("n", 60, 58), months("n", 60, 58)),
        (months("n", 60, 58), months("m", 36, 0), months("n", 60, 58)),
        (gap("m", "pharmacy", "experience"), months("n", 60, 58), months("n", 60, 58)),
        (
            months("n", 60, 58).model_copy(update={"closed_at": DAY}),
            months("m", 36, 30),
            months("m", 36, 30),
        ),
        (gap("l", "Approbation", expected_at=DAY), LICENCE, LICENCE),
        (gap("l", "Approbation", closed_at=DAY), gap("k", "approbation"), gap("k", "approbation")),
    ],
)
def test_one_thing_is_named_once_in_its_hardest_measure_and_as_it_is_missing_longest(
    one: Shortfall, other: Shortfall, said: Shortfall
) -> None:
    assert lacking(rejection("a", one), rejection("b", other)) == [said]


def test_different_things_that_two_systems_call_by_one_id_are_told_apart() -> None:
    first, second = lacking(rejection("a", gap("1", "Truck")), rejection("b", gap("1", "Crane")))
    assert (first.name, second.name) == ("Truck", "Crane")
    assert first.requirement_id == "1" != second.requirement_id


def test_nothing_is_named_that_the_letter_did_not_say() -> None:
    assert lacking(rejection("a"), rejection("b", LICENCE, told_apart=True)) == []
    assert lacking(rejection("a", tier=Tier.NO), rejection("b", LICENCE)) == []


def test_months_pass_only_where_no_system_says_that_the_work_has_ended() -> None:
    other = rejection("b", months("m", 36, 30), still_working=False, told_with="a")
    state = CandidateChanged(candidate_id="c", version=1, rejections=[rejection("a"), other])
    assert not state.decisions[0].still_working
