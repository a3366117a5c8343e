"""Whatever a vacancy says, its search ends with a clear answer."""

import json
import time

import pytest

from shared.contract.events.evidence import EvidenceCode, Readiness
from shared.contract.events.shortfalls import Importance, Requirement, RequirementKind
from shared.contract.events.vacancies import Seniority, Vacancy
from shared.contract.topics import OPENINGS
from tests.services.matcher.conftest import Matcher
from tests.services.matcher.people import NURSE, crowd, opened, told

UNSEARCHABLE = ["🦄🦄🦄", "and the of", "★ / ★", "\u200b•"]
FOREIGN = [
    "Медсестра отделения",
    "病棟看護師",
    "ممرضة",
    "Sjuksköterska till avdelning",
    "นางพยาบาล",
]


def vacancy(title: str, description: str = "") -> Vacancy:
    return Vacancy(vacancy_id="v", title=title, description=description)


@pytest.mark.parametrize("title", UNSEARCHABLE)
async def test_without_words_there_is_nothing_to_search_by(matcher: Matcher, title: str) -> None:
    await matcher.know(*crowd(5))
    await matcher.hear(OPENINGS, told(opened(vacancy(title))))
    assert await matcher.search() == []
    (search,) = await matcher.rows("select remarks, ranked_people from searches")
    assert search["ranked_people"] == 5
    assert json.loads(search["remarks"]) == [{"code": "nothing_to_search_by", "name": None}]


@pytest.mark.parametrize("title", FOREIGN)
async def test_a_language_that_nobody_wrote_in_finds_nobody(matcher: Matcher, title: str) -> None:
    await matcher.know(*crowd(5))
    found = await matcher.find(vacancy(title))
    assert found.candidacies == []
    assert found.remarks == []


async def test_the_longest_description_is_searched_within_seconds(matcher: Matcher) -> None:
    await matcher.know(*crowd(50))
    words = " ".join(f"{NURSE.description} Section {number}." for number in range(1000))
    began = time.monotonic()
    found = await matcher.find(vacancy("Ward Nurse", words[:60_000]))
    assert time.monotonic() - began < 5
    assert {entry.candidate_id.split("-")[0] for entry in found.candidacies} == {"nurse"}


async def test_requirements_without_names_are_asked_by_their_kind(matcher: Matcher) -> None:
    await matcher.know(*crowd(5))
    asked = [Requirement(requirement_id=kind, kind=kind, name="") for kind in RequirementKind]
    found = await matcher.find(NURSE.model_copy(update={"requirements": asked}))
    (entry,) = found.candidacies
    assert {(at.code, at.name) for at in entry.reasons_against()} >= {
        (EvidenceCode.NOTHING_KNOWN, "licence"),
        (EvidenceCode.NOTHING_KNOWN, "degree"),
    }


async def test_a_title_alone_is_enough(matcher: Matcher) -> None:
    await matcher.know(*crowd(5))
    found = await matcher.find(vacancy("STAFF-NURSE (m/w/d) 🏥"))
    assert [entry.candidate_id for entry in found.candidacies] == ["nurse-0"]


async def test_an_empty_pool_is_searched_too(matcher: Matcher) -> None:
    found = await matcher.find(NURSE)
    assert (found.candidacies, found.known, found.ranked) == ([], 0, 0)


async def test_a_vacancy_that_asks_for_what_is_not_known_here_is_searched(matcher: Matcher) -> None:
    await matcher.know(*crowd(5))
    mind_reading = Requirement(
        requirement_id="r",
        kind=RequirementKind("telepathy"),
        name="mind reading",
        importance=Importance("vital"),
    )
    asked = {"requirements": [mind_reading], "seniority": Seniority("sage")}
    await matcher.hear(OPENINGS, told(opened(NURSE.model_copy(update=asked))))
    (shortlist,) = await matcher.search()
    (shown,) = shortlist.candidates
    assert shown.readiness is Readiness.UNKNOWN
    (reason, *_) = shown.reasons_against
    assert (reason.code, reason.name) == (EvidenceCode.NOTHING_KNOWN, "mind reading")
