"""Each claim says where it can be read again: the words, where they stand, and when."""

from datetime import UTC, date, datetime

import pytest

from services.matcher.domain.shortlist import hold_against, shortlisted
from services.matcher.domain.snapshot import ProfileSnapshot
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import Rejection
from shared.contract.events.citations import Citation, Source
from shared.contract.events.evidence import Evidence, Readiness
from shared.contract.events.evidence import EvidenceCode as Code
from shared.contract.events.matches import ShortlistedCandidate
from shared.contract.events.profile import Profile, Skill, Work
from shared.contract.events.shortfalls import Requirement, RequirementKind, Shortfall
from shared.contract.events.vacancies import Vacancy
from tests.services.matcher.people import NURSE, candidate, rejection

MARCH_2025 = date(2025, 3, 10)
TODAY = date(2027, 5, 2)
CLERK = Work(
    position="Grocery Clerk",
    summary="Managed inventory. Helped with construction of displays for the manager.",
    start_date="2019-03",
    end_date="2022-05",
)


def listed(
    profile: Profile, vacancy: Vacancy = NURSE, *asked: Requirement, rejections: list[Rejection]
) -> ShortlistedCandidate:
    person = ProfileSnapshot(candidate(rejections=rejections), profile, TODAY)
    held = hold_against(person, vacancy, asked, number=1, relevance=0.5, shared=["ward"])
    return shortlisted(held, 1)


def reasons(profile: Profile, **vacancy: object) -> dict[Code, Evidence]:
    shown = listed(profile, NURSE.model_copy(update=vacancy), rejections=[rejection()])
    return {reason.code: reason for reason in (*shown.reasons_for, *shown.reasons_against)}


def wants(kind: RequirementKind, name: str, months: int | None = None) -> Requirement:
    return Requirement(requirement_id="r", kind=kind, name=name, min_months=months)


def test_words_that_stand_apart_show_no_skill() -> None:
    shown = reasons(
        Profile(work=[CLERK]), skills=["construction management", "inventory management"]
    )[Code.SKILLS_SHOWN]
    assert (shown.words, shown.count, shown.total) == (["inventory management"], 1, 2)
    assert shown.citations == [
        Citation(
            source=Source.JOB,
            words="Managed inventory",
            title="Grocery Clerk",
            months=39,
            until="2022-05",
        )
    ]


def test_a_skill_is_cited_from_where_it_proves_most() -> None:
    profile = Profile(
        skills=[Skill(name="Wound care")], resume_text="I like wound care.", work=[CLERK]
    )
    (citation,) = reasons(profile, skills=["wound care"])[Code.SKILLS_SHOWN].citations
    assert citation == Citation(source=Source.SKILLS, words="Wound care", on=MARCH_2025)


@pytest.mark.parametrize(
    "text",
    [
        "Taught everybody except special education pupils.",
        "No experience in special education.",
        "Worked without any special education staff.",
    ],
)
def test_what_is_named_only_to_be_left_out_is_not_claimed(text: str) -> None:
    found = reasons(Profile(resume_text=text), skills=["special education"])
    assert Code.SKILLS_SHOWN not in found


def test_what_the_vacancy_leaves_out_is_no_reason_for_anybody() -> None:
    taught = Work(
        position="Special Education Teacher", start_date="2020-01", summary="Special education."
    )
    title = "Preschool Teachers, Except Special Education"
    vacancy = NURSE.model_copy(update={"title": title})
    person = ProfileSnapshot(candidate(), Profile(work=[taught]), TODAY)
    shared = ["special", "education"]
    entry = hold_against(person, vacancy, [], number=1, relevance=0.5, shared=shared)
    assert entry.reasons_for() == []


@pytest.mark.parametrize("written", ["HR", "Human Resources", "human resource"])
@pytest.mark.parametrize("asked", ["HR", "hr", "Human Resources"])
def test_initials_are_what_they_stand_for(asked: str, written: str) -> None:
    found = reasons(Profile(resume_text=f"Five years in {written} work"), skills=[asked])
    assert found[Code.SKILLS_SHOWN].citations[0].words == written


def test_the_present_job_outweighs_one_of_long_ago() -> None:
    nurse = Work(position="Ward Nurse", start_date="2003-01", end_date="2005-01")
    now = Work(position="Staff Nurse", start_date="2022-01")
    found = reasons(Profile(work=[nurse, now]))
    assert found[Code.HELD_SIMILAR_JOB].name == "Staff Nurse"
    assert Code.SIMILAR_JOB_LONG_AGO not in found


def test_a_stay_of_long_ago_or_of_weeks_speaks_against() -> None:
    old = Work(position="Ward Nurse", start_date="2003-01", end_date="2005-01")
    brief = Work(position="Ward Nurse", start_date="2024-01", end_date="2024-02")
    assert reasons(Profile(work=[old]))[Code.SIMILAR_JOB_LONG_AGO] == Evidence(
        code=Code.SIMILAR_JOB_LONG_AGO, name="Ward Nurse", months=25, date="2005-01"
    )
    assert reasons(Profile(work=[brief]))[Code.SIMILAR_JOB_BRIEFLY].months == 2
    assert Code.HELD_SIMILAR_JOB not in reasons(Profile(work=[old, brief]))


def test_months_are_cited_job_by_job_and_those_of_long_ago_speak_against() -> None:
    old = Work(position="Ward Nurse", start_date="2001-01", end_date="2005-01")
    nursing = wants(RequirementKind.EXPERIENCE, "nursing", 24)
    shown = listed(Profile(work=[old, CLERK]), NURSE, nursing, rejections=[rejection()])
    worked = next(reason for reason in shown.reasons_for if reason.code is Code.MONTHS_WORKED)
    assert [(job.title, job.until) for job in worked.citations] == [("Ward Nurse", "2005-01")]
    assert Code.FIELD_LEFT_LONG_AGO in {reason.code for reason in shown.reasons_against}


def test_their_own_word_is_no_proof_and_names_the_role_it_was_about() -> None:
    told = Shortfall(
        requirement_id="r",
        kind=RequirementKind.EXPERIENCE,
        name="nursing",
        required_months=24,
        closed_at=date(2026, 5, 1),
    )
    declined = rejection(tier=Tier.NOT_YET, vacancy_title="Staff Nurse", shortfalls=[told])
    nursing = wants(RequirementKind.EXPERIENCE, "nursing", 12)
    shown = listed(Profile(), NURSE, nursing, rejections=[declined])
    said = next(at for at in shown.reasons_for if at.code is Code.SAID_THEY_HAVE_IT)
    assert shown.readiness is said.standing is Readiness.BY_OWN_WORD
    assert said.citations == [
        Citation(source=Source.ANSWER, title="Staff Nurse", on=date(2026, 5, 1))
    ]


def test_a_runner_up_is_listed_with_the_role_that_they_missed() -> None:
    earlier = datetime(2024, 1, 1, tzinfo=UTC)
    near = [rejection(vacancy_title="Cook", decided_at=earlier), rejection(vacancy_title="Baker")]
    later = rejection(tier=Tier.NOT_YET, decided_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert listed(Profile(), rejections=[*near, later]).missed == "Baker"
    assert listed(Profile(), rejections=[later]).missed is None


def test_who_still_lacks_something_is_ready_when_the_last_of_it_comes() -> None:
    def lacking(**months: int) -> ShortlistedCandidate:
        gaps = [
            Shortfall(
                requirement_id=name,
                kind=RequirementKind.EXPERIENCE,
                name=name,
                required_months=required,
                observed_months=0,
            )
            for name, required in months.items()
        ]
        asked = [
            Requirement(requirement_id=n, kind=RequirementKind.EXPERIENCE, name=n, min_months=m)
            for n, m in months.items()
        ]
        declined = rejection(tier=Tier.NOT_YET, shortfalls=gaps)
        return listed(Profile(), NURSE, *asked, rejections=[declined])

    assert lacking(nursing=36, triage=48).ready_on == date(2029, 3, 10)
    assert lacking(nursing=12).ready_on is None
