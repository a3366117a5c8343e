"""What one system told of somebody is shown and cited to no other that may not search everybody."""

from typing import Any

import pytest

from services.matcher.domain.eligibility import PersonOutcome
from services.matcher.domain.past import past_reasons
from services.matcher.domain.snapshot import ProfileSnapshot
from services.matcher.domain.vacancies import Opening
from services.matcher.domain.views import views
from services.matcher.search import SearchOutcome
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.evidence import EvidenceCode as Code
from shared.contract.events.matches import ShortlistedCandidate
from shared.contract.events.profile import News, NewsKind
from shared.contract.events.profiles import ProfileChanged, SourceProfile
from shared.contract.events.shortfalls import Requirement, RequirementKind
from shared.contract.topics import CANDIDATES, CONTACTS, OPENINGS, PROFILES
from tests.services.matcher.conftest import Matcher
from tests.services.matcher.people import (
    NOW,
    NURSE,
    candidate,
    opened,
    profile,
    qualified,
    rejection,
    told,
)

SKILLED = NURSE.model_copy(
    update={
        "requirements": [
            Requirement(requirement_id="r", kind=RequirementKind.SKILL, name="Ultrasound")
        ]
    }
)
BOTH = candidate(
    sources=["agency", "ats"],
    rejections=[
        rejection(source="ats", vacancy_title="Ward Nurse, Night"),
        rejection(source="agency", tier=Tier.NOT_YET),
    ],
)
"""Somebody whom `ats` found nearly right for nursing, and `agency` for something else."""


async def hear(matcher: Matcher, *states: CandidateChanged, **fields: Any) -> None:
    """Hears of people of whom `ats` alone knows that they are nurses."""
    nurse = profile("nurse", summary="Ultrasound since 2019.")
    known: dict[str, Any] = {
        "profile": nurse,
        "source": "ats",
        "others": [SourceProfile(source="agency", profile=profile("cook"))],
    }
    await matcher.hear(CANDIDATES, *map(told, states))
    for state in states:
        changed = ProfileChanged(
            candidate_id=state.candidate_id, version=state.version, **known | fields
        )
        await matcher.hear(PROFILES, told(changed))
    await matcher.read()


async def found(matcher: Matcher, source: str, *, searches_pool: bool = False) -> SearchOutcome:
    opening = Opening(SKILLED, 1, NOW, source=source, searches_pool=searches_pool)
    return await matcher.searcher.search(opening, NOW)


async def shown(matcher: Matcher, source: str) -> list[ShortlistedCandidate]:
    """Returns whom a vacancy of a source shows that may not search everybody."""
    vacancy = SKILLED.model_copy(update={"vacancy_id": f"v-{source}"})
    await matcher.hear(OPENINGS, told(opened(vacancy, source=source, searches_pool=False)))
    lists = await matcher.search()
    return [one for at in lists if at.vacancy_id == f"v-{source}" for one in at.candidates]


async def test_a_vacancy_finds_people_by_what_its_own_source_gave(matcher: Matcher) -> None:
    await hear(matcher, BOTH)
    [own] = (await found(matcher, "ats")).candidacies
    assert "Ultrasound" in str(own.reasons_for())
    [pooled] = (await found(matcher, "elsewhere", searches_pool=True)).candidacies
    assert (pooled.score, pooled.tier) == (own.score, Tier.RUNNER_UP)
    outcome = await found(matcher, "agency")
    assert not outcome.candidacies
    assert [(at.outcome, at.people) for at in outcome.considered] == [(PersonOutcome.TOO_FAR, 1)]
    assert [at.outcome for at in (await found(matcher, "third")).considered] == ["other_source"]


@pytest.mark.parametrize("given", [{}, {"source": "third", "others": []}])
async def test_a_shortlist_shows_nothing_that_another_source_told(
    matcher: Matcher, given: dict[str, Any]
) -> None:
    own = rejection(source="agency", tier=Tier.NOT_YET, vacancy_title="Ward Nurse, Day")
    state = BOTH.model_copy(update={"rejections": [BOTH.rejections[0], own]})
    own_word = [News(kind=NewsKind.LICENCE, name="Wound care", on=NOW.date())]
    await hear(matcher, state, **given, news=own_word)
    [one] = await shown(matcher, "agency")
    assert (one.tier, one.missed) == (Tier.NOT_YET, None)
    assert "Ultrasound" not in str(one.reasons_for)
    assert "Night" not in one.model_dump_json()
    [of_ats] = await shown(matcher, "ats")
    assert of_ats.missed == "Ward Nurse, Night"


async def test_no_source_raises_whom_another_found_unqualified(matcher: Matcher) -> None:
    no = rejection(source="agency", tier=Tier.NO, vacancy_title="Ward Nurse")
    await hear(matcher, BOTH.model_copy(update={"rejections": [BOTH.rejections[0], no]}))
    outcome = await found(matcher, "agency")
    assert [at.outcome for at in outcome.considered] == [PersonOutcome.UNQUALIFIED]
    [one] = (await found(matcher, "ats")).candidacies
    assert one.tier is Tier.RUNNER_UP


async def test_a_newcomer_is_shown_as_the_source_of_the_vacancy_knows_them(
    matcher: Matcher,
) -> None:
    for source in ("ats", "agency"):
        assert await shown(matcher, source) == []
    await hear(matcher, BOTH)
    await matcher.hear(CONTACTS, qualified("c-1"))
    lists = await matcher.search()
    assert {at.vacancy_id for at in lists} == {"v-ats"}


async def test_what_a_source_saw_goes_once_it_turns_nobody_down_and_with_an_erasure(
    matcher: Matcher,
) -> None:
    await hear(matcher, BOTH)
    alone = {"sources": ["agency"], "rejections": BOTH.rejections[1:], "version": 2}
    await hear(matcher, BOTH.model_copy(update=alone))
    assert not (await found(matcher, "agency")).candidacies, "what is gone tells nothing of them"
    assert [at.outcome for at in (await found(matcher, "ats")).considered] == ["other_source"]
    assert await matcher.rows("select number from candidates where seen_by is not null") == []
    await hear(matcher, BOTH.model_copy(update={"version": 3}))
    assert len(await matcher.rows("select number from bags")) == 3
    gone = Event.tombstone("c-1", CandidateChanged.type, source="intake", at=NOW)
    await matcher.hear(CANDIDATES, gone)
    for table in ("candidates", "profiles", "bags", "spans"):
        assert await matcher.rows(f"select * from {table}") == [], table


def test_whom_one_source_alone_turned_down_it_sees_whole() -> None:
    assert views(candidate(sources=["ats"])) == {}
    assert views(candidate()) == {}


def test_a_decision_of_two_systems_is_cited_once() -> None:
    first = rejection(source="ats", vacancy_title="Ward Nurse", finishing_place=2)
    again = rejection(
        source="agency",
        vacancy_title="Ward Nurse",
        finishing_place=2,
        vacancy_id=NURSE.vacancy_id,
        told_with=first.application_id,
    )
    state = candidate(rejections=[first, again])
    person = ProfileSnapshot(state, profile("cook"), NOW.date())
    assert len(past_reasons(person, NURSE, None).speaking_for) == 1
    assert len(past_reasons(person, NURSE, again).speaking_for) == 1


@pytest.mark.parametrize("titles", [("Ward Nurse", "Ward Nurse"), ("Pflegekraft", "Ward Nurse")])
@pytest.mark.parametrize("goes_on", [None, 0, 1])
@pytest.mark.parametrize("letter", [Tier.RUNNER_UP, Tier.NOT_YET, Tier.NO])
def test_a_no_speaks_against_them_though_another_system_told_it_more_kindly(
    letter: Tier, goes_on: int | None, titles: tuple[str, str]
) -> None:
    kind = rejection(source="ats", vacancy_title=titles[0], tier=letter)
    plain = rejection(
        source="agency",
        vacancy_title=titles[1],
        vacancy_id=NURSE.vacancy_id,
        tier=Tier.NO,
        told_with=kind.application_id,
    )
    again = plain.model_copy(update={"application_id": "again", "source": "hr"})
    state = candidate(rejections=[kind, plain, again])
    person = ProfileSnapshot(state, profile("cook"), NOW.date())
    continues = None if goes_on is None else state.rejections[goes_on]
    against = past_reasons(person, NURSE, continues).speaking_against
    assert [one.code for one in against].count(Code.FOUND_NOT_QUALIFIED) == 1
    kindly = ProfileSnapshot(candidate(rejections=[kind]), profile("cook"), NOW.date())
    alone = past_reasons(kindly, NURSE, None).speaking_against
    assert (Code.FOUND_NOT_QUALIFIED in [one.code for one in alone]) is (
        letter is Tier.NO and titles[0] == "Ward Nurse"
    )
