"""Why somebody was turned down before is worded once, and all of it that a recruiter may know."""

from datetime import UTC, datetime
from typing import Any

from services.intake.pages.turned_down_wording import turned_down
from services.intake.pages.wording import texts
from shared.contract.events.candidates import Rejection
from shared.contract.events.evidence import Evidence, EvidenceCode

MONTHS: dict[str, Any] = {
    "requirementId": "m",
    "kind": "experience",
    "name": "surgery",
    "requiredMonths": 36,
}
LICENCE = {"requirementId": "l", "kind": "licence", "name": "Approbation"}
KIND: dict[str, Any] = {
    "reason": {"code": "other_candidate_stronger"},
    "tier": "runner_up",
    "source": "ash",
}
PLAIN: dict[str, Any] = {
    "reason": {"code": "not_qualified"},
    "tier": "no",
    "source": "own",
    "toldWith": "a-1",
}


def rejection(application_id: str = "a-1", **said: Any) -> Rejection:
    return Rejection.model_validate(
        {
            "applicationId": application_id,
            "vacancyId": "s-1",
            "vacancyTitle": "Surgeon",
            "tier": "not_yet",
            "stage": "final",
            "decidedAt": datetime(2029, 1, 8, tzinfo=UTC),
            "reason": {"code": "experience_too_short"},
        }
        | said
    )


def worded(*rejections: Rejection, sees: str | None = None, reckoned: Any = ()) -> list[str]:
    return [str(one.sentence) for one in turned_down(rejections, reckoned, sees, texts())]


def test_a_harsher_word_about_the_same_decision_is_said_beside_a_kinder_one() -> None:
    (said,) = worded(rejection(**KIND), rejection("b-1", **PLAIN))
    assert said.startswith("Turned down for Surgeon in January 2029: ")
    for source, count in (("own", 1), ("ash", 0)):
        told = worded(rejection(**KIND), rejection("b-1", **PLAIN), sees=source)
        assert len(told) == count


def test_of_what_two_systems_say_alike_nothing_is_said_twice() -> None:
    both = {"toldWith": "a-1", "shortfalls": [MONTHS | {"requirementId": "other"}]}
    first = rejection(shortfalls=[MONTHS])
    assert len(worded(first, rejection("b-1", **both))) == 1
    one, other = worded(first, rejection("b-1", toldWith="a-1", shortfalls=[MONTHS, LICENCE]))
    assert ("Approbation" in one, "Approbation" in other) in ((True, False), (False, True))
    assert "surgery" in one + other
    assert (one + other).count("surgery") == 1


def test_what_is_reckoned_as_a_no_hides_no_other_reason_of_the_same_decision() -> None:
    found = Evidence(code=EvidenceCode.FOUND_NOT_QUALIFIED, name="Surgeon")
    (said,) = worded(rejection(), rejection("b-1", **PLAIN), reckoned=[found])
    assert said == worded(rejection())[0]
