from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.matcher.domain.experience import months_worked
from services.matcher.domain.findings import Finding
from services.matcher.domain.remarks import Remark, RemarkCode
from services.matcher.domain.requirements import readiness, stand
from services.matcher.domain.shortlist import Candidacy, arranged, hold_against, shortlisted
from services.matcher.domain.snapshot import ProfileSnapshot
from services.matcher.domain.vacancies import requirements_of
from services.matcher.ranking.documents import word_bags
from shared.contract.events.applications import Stage, Tier
from shared.contract.events.evidence import Evidence, Readiness
from shared.contract.events.evidence import EvidenceCode as Code
from shared.contract.events.profile import (
    Certificate,
    Education,
    Language,
    News,
    NewsKind,
    Profile,
    Skill,
    Work,
)
from shared.contract.events.shortfalls import Importance, Requirement, RequirementKind, Shortfall
from shared.contract.events.vacancies import Place
from tests.services.matcher.people import LAST_YEAR, NURSE, candidate, profile, rejection

TODAY = date(2027, 5, 2)
KINDS = RequirementKind


def asks(kind: RequirementKind, name: str, **fields: Any) -> Requirement:
    return Requirement(requirement_id="r", kind=kind, name=name, **fields)


def person(at: Profile | None = None, **fields: Any) -> ProfileSnapshot:
    at = at or Profile()
    return ProfileSnapshot(candidate(**fields), at, TODAY)


def lacking(**fields: Any) -> ProfileSnapshot:
    gap = Shortfall(requirement_id="r", **{"kind": KINDS.EXPERIENCE, "name": "nursing"} | fields)
    return person(rejections=[rejection(tier=Tier.NOT_YET, shortfalls=[gap])])


def finding(known: ProfileSnapshot, requirement: Requirement) -> tuple[Readiness, Evidence]:
    found = stand(known, requirement, NURSE.vacancy_id)
    return found.standing, found.evidence


def uncited(evidence: Evidence) -> Evidence:
    return evidence.model_copy(update={"citations": []})


def claim(code: Code, name: str = "nursing", **facts: Any) -> tuple[Code, dict[str, Any]]:
    return code, {"name": name, **facts}


MARCH_2025 = date(2025, 3, 10)
NURSING = asks(KINDS.EXPERIENCE, "nursing", min_months=24)
LONG_NURSE = Profile(work=[Work(position="Ward Nurse", start_date="2019-01", end_date="2024-02")])
SHORT_NURSE = Profile(work=[Work(position="Ward Nurse", start_date="2024-03")])


@pytest.mark.parametrize(
    ("known", "requirement", "standing", "claimed"),
    [
        (
            person(LONG_NURSE),
            NURSING,
            Readiness.MET,
            claim(Code.MONTHS_WORKED, months=62, needed_months=24),
        ),
        (
            person(SHORT_NURSE),
            NURSING,
            Readiness.MAY_NOW_BE_MET,
            claim(
                Code.MONTHS_IF_JOB_WENT_ON,
                months=12,
                on=MARCH_2025,
                projected_months=38,
                needed_months=24,
            ),
        ),
        (
            person(Profile(work=[Work(position="Nurse", start_date="2023", end_date="2025")])),
            NURSING,
            Readiness.MAY_NOW_BE_MET,
            claim(Code.MONTHS_BY_YEARS_ALONE, months=26, on=MARCH_2025, needed_months=24),
        ),
        (
            person(
                Profile(work=[Work(position="Nurse", start_date="2024-03", end_date="2024-08")])
            ),
            NURSING,
            Readiness.NOT_MET,
            claim(Code.MONTHS_TOO_FEW, months=6, on=MARCH_2025, needed_months=24),
        ),
        (
            person(
                Profile(
                    work=[
                        Work(position="Nurse", start_date="2024-03", end_date="2024-08"),
                        Work(position="Paramedic", start_date="2018-03", end_date="2024-02"),
                    ]
                )
            ),
            NURSING,
            Readiness.UNKNOWN,
            claim(Code.MONTHS_IN_JOBS_NAMED_SO, months=6, needed_months=24),
        ),
        (person(), NURSING, Readiness.UNKNOWN, claim(Code.NOTHING_KNOWN, needed_months=24)),
        (
            lacking(required_months=24, observed_months=10),
            NURSING,
            Readiness.MAY_NOW_BE_MET,
            claim(
                Code.MONTHS_PASSED_SINCE,
                missing_months=14,
                on=MARCH_2025,
                passed_months=25,
                needed_months=24,
            ),
        ),
        (
            lacking(required_months=24, observed_months=10),
            asks(KINDS.EXPERIENCE, "nursing", min_months=60),
            Readiness.NOT_MET,
            claim(
                Code.MONTHS_NOT_BEFORE,
                missing_months=50,
                on=MARCH_2025,
                expected_on=date(2029, 5, 10),
                needed_months=60,
            ),
        ),
        (
            lacking(required_months=24, closed_at=date(2026, 5, 1)),
            NURSING,
            Readiness.BY_OWN_WORD,
            claim(Code.SAID_THEY_HAVE_IT, on=date(2026, 5, 1), needed_months=24),
        ),
        (
            lacking(kind=KINDS.LICENCE, name="forklift licence"),
            asks(KINDS.LICENCE, "forklift licence"),
            Readiness.NOT_MET,
            claim(Code.WAS_MISSING, "forklift licence", on=MARCH_2025),
        ),
        (
            lacking(kind=KINDS.LICENCE, name="forklift licence", expected_at=date(2026, 6, 1)),
            asks(KINDS.LICENCE, "forklift licence"),
            Readiness.MAY_NOW_BE_MET,
            claim(
                Code.WAS_EXPECTED_BY_NOW,
                "forklift licence",
                on=MARCH_2025,
                expected_on=date(2026, 6, 1),
            ),
        ),
        (
            person(Profile(certificates=[Certificate(name="Forklift licence", date="2019")])),
            asks(KINDS.LICENCE, "forklift licence"),
            Readiness.MET,
            claim(Code.CERTIFICATE_HELD, "Forklift licence", date="2019"),
        ),
        (
            person(Profile(resume_text="I drove with my forklift licence.")),
            asks(KINDS.LICENCE, "forklift licence"),
            Readiness.UNKNOWN,
            claim(Code.MENTIONED_NOT_LISTED, "forklift licence"),
        ),
        (
            person(Profile(skills=[Skill(name="Wound care")])),
            asks(KINDS.SKILL, "wound care"),
            Readiness.MET,
            claim(Code.SKILL_LISTED, "wound care"),
        ),
        (
            person(
                Profile(
                    work=[
                        Work(position="Data Analyst", start_date="2021"),
                        Work(position="Data Candidacy Clerk", end_date="2020"),
                    ]
                )
            ),
            asks(KINDS.SKILL, "data analysis"),
            Readiness.UNKNOWN,
            claim(Code.NAMED_IN_TITLE, "data analysis", words=["Data Analyst"]),
        ),
        (
            person(Profile(work=[Work(position="Analyst", start_date="2021")])),
            asks(KINDS.LICENCE, "data licence"),
            Readiness.UNKNOWN,
            claim(Code.NOTHING_KNOWN, "data licence"),
        ),
        (
            person(),
            asks(KINDS.LANGUAGE, "German B2"),
            Readiness.UNKNOWN,
            claim(Code.NOTHING_KNOWN, "German B2"),
        ),
        (
            person(Profile(languages=[Language(language="German", fluency="C1")])),
            asks(KINDS.LANGUAGE, "German B2"),
            Readiness.MET,
            claim(Code.LANGUAGE_SPOKEN, "German", level="C1"),
        ),
        (
            person(Profile(languages=[Language(language="German", fluency="A2")])),
            asks(KINDS.LANGUAGE, "German B2"),
            Readiness.NOT_MET,
            claim(Code.LANGUAGE_TOO_WEAK, "German", level="A2", needed_level="B2"),
        ),
        (
            person(
                Profile(education=[Education(study_type="BSc", area="Nursing", end_date="2020-06")])
            ),
            asks(KINDS.DEGREE, "BSc nursing"),
            Readiness.MET,
            claim(Code.DEGREE_HELD, "BSc, Nursing"),
        ),
        (
            person(Profile(education=[Education(study_type="BSc", area="Nursing")])),
            asks(KINDS.DEGREE, "BSc nursing"),
            Readiness.MAY_NOW_BE_MET,
            claim(Code.DEGREE_MAYBE_UNFINISHED, "BSc, Nursing"),
        ),
        (
            person(),
            asks(KINDS.PERMIT, "work permit"),
            Readiness.UNKNOWN,
            claim(Code.NOTHING_KNOWN, "work permit"),
        ),
    ],
)
def test_how_somebody_stands_to_what_is_asked(
    known: ProfileSnapshot,
    requirement: Requirement,
    standing: Readiness,
    claimed: tuple[Code, dict[str, Any]],
) -> None:
    code, facts = claimed
    evidence = Evidence(code=code, requirement_id="r", standing=standing, **facts)
    found = finding(known, requirement)
    assert (found[0], uncited(found[1])) == (standing, evidence)


def test_a_certificate_newer_than_the_decision_closes_its_gap() -> None:
    gap = Shortfall(requirement_id="r", kind=KINDS.LICENCE, name="forklift licence")
    licensed = Profile(certificates=[Certificate(name="forklift licence", date="2026-01")])
    declined = rejection(tier=Tier.NOT_YET, shortfalls=[gap])
    state, _ = finding(
        person(licensed, rejections=[declined]), asks(KINDS.LICENCE, "forklift licence")
    )
    assert state is Readiness.MET


def test_a_closed_gap_counts_on_where_more_is_asked_than_then() -> None:
    told_us = lacking(required_months=24, observed_months=10, closed_at=date(2027, 5, 1))
    more = asks(KINDS.EXPERIENCE, "nursing", min_months=36)
    assert finding(told_us, more)[0] is Readiness.NOT_MET


dates = some.dates(date(2000, 1, 1), date(2030, 1, 1))
jobs = some.lists(
    some.builds(
        lambda start, end, exact: Work(
            position="Nurse",
            start_date=start.isoformat()[:exact],
            end_date=end and end.isoformat()[:exact],
        ),
        dates,
        some.one_of(some.none(), dates),
        some.sampled_from((4, 7, 10)),
    ),
    max_size=5,
)


@given(jobs, dates, dates)
def test_months_grow_with_time_and_certainty_never_exceeds_possibility(
    work: Sequence[Work], one: date, other: date
) -> None:
    known_on, today = sorted((one, other))
    worked = months_worked(work, known_on, today, still_working=True)
    assert 0 <= worked.certain <= worked.possible <= worked.projected
    later = months_worked(work, known_on, date(2031, 1, 1), still_working=True)
    assert worked.projected <= later.projected
    stopped = months_worked(work, known_on, today, still_working=False)
    assert stopped.projected == stopped.possible


@given(some.lists(some.sampled_from(list(Readiness))))
def test_what_is_unknown_is_never_not_met_and_an_assumption_never_met(
    states: list[Readiness],
) -> None:
    evidence = Evidence(code=Code.NOTHING_KNOWN)
    summed = readiness(Finding(NURSING, state, evidence) for state in states)
    assert (summed is Readiness.NOT_MET) == (Readiness.NOT_MET in states)
    assert summed is not Readiness.MET or set(states) == {Readiness.MET}


def entry(
    name: str, known: ProfileSnapshot, *asked: Requirement, relevance: float = 0.5
) -> Candidacy:
    state = known.state.model_copy(update={"candidate_id": name})
    renamed = ProfileSnapshot(state, known.profile, known.today)
    return hold_against(renamed, NURSE, asked, number=1, relevance=relevance)


def test_who_provably_lacks_what_is_required_comes_last_with_the_reason() -> None:
    licence = asks(KINDS.LICENCE, "nursing licence")
    without = lacking(kind=KINDS.LICENCE, name="nursing licence")
    fits = entry("fits", person(SHORT_NURSE), licence, relevance=0.2)
    lacks = entry("lacks", without, licence, relevance=0.9)
    assert [at.candidate_id for at in arranged([lacks, fits])] == ["fits", "lacks"]
    assert lacks.readiness is Readiness.NOT_MET
    assert uncited(lacks.reasons_against()[0]) == Evidence(
        code=Code.WAS_MISSING,
        requirement_id="r",
        standing=Readiness.NOT_MET,
        name="nursing licence",
        on=MARCH_2025,
    )


@pytest.mark.parametrize(
    ("vacancy_id", "gap", "stands"),
    [
        (NURSE.vacancy_id, {"name": "German"}, Readiness.NOT_MET),
        (NURSE.vacancy_id, {"name": "German", "closed_at": TODAY}, Readiness.BY_OWN_WORD),
        (NURSE.vacancy_id, {"name": ""}, Readiness.MET),
        ("v-earlier", {"name": "German"}, Readiness.MET),
        (
            NURSE.vacancy_id,
            {"name": "Nursing", "kind": KINDS.EXPERIENCE, "observed_months": 60},
            Readiness.MET,
        ),
    ],
)
def test_what_this_vacancy_missed_before_is_required_though_it_does_not_name_it(
    vacancy_id: str, gap: dict[str, Any], stands: Readiness
) -> None:
    missed = Shortfall.model_validate(
        {"requirement_id": "r-2", "kind": KINDS.LANGUAGE, "required_months": 24} | gap
    )
    before = rejection(vacancy_id=vacancy_id, tier=Tier.NOT_YET, shortfalls=[missed])
    held = entry("c", person(LONG_NURSE, rejections=[before]), NURSING)
    assert held.readiness is stands
    assert len(held.findings) == 1 + (stands is not Readiness.MET)


def test_what_is_only_preferred_is_required_of_whom_the_vacancy_turned_down_for_it() -> None:
    gap = Shortfall(requirement_id="r", kind=KINDS.SKILL, name="pastry")
    preferred = asks(KINDS.SKILL, "pastry", importance=Importance.PREFERRED)
    for vacancy_id, stands in ((NURSE.vacancy_id, Readiness.NOT_MET), ("v", Readiness.MET)):
        before = rejection(vacancy_id=vacancy_id, tier=Tier.NOT_YET, shortfalls=[gap])
        held = entry("c", person(LONG_NURSE, rejections=[before]), NURSING, preferred)
        assert held.readiness is stands


def test_what_is_only_preferred_puts_nobody_last() -> None:
    driving = asks(KINDS.LICENCE, "driving licence", importance=Importance.PREFERRED)
    without = entry("w", lacking(kind=KINDS.LICENCE, name="driving licence"), driving)
    other = entry("o", person(), relevance=0.1)
    assert [at.candidate_id for at in arranged([other, without])] == ["w", "o"]


def test_at_equal_merit_whoever_just_missed_out_comes_first() -> None:
    tiers = {
        tier.value: person(rejections=[rejection(tier=tier)])
        for tier in (Tier.NOT_YET, Tier.RUNNER_UP)
    }
    order = arranged([entry(name, known) for name, known in tiers.items()])
    assert [at.candidate_id for at in order] == ["runner_up", "not_yet"]


def test_of_those_who_lack_something_whoever_has_it_sooner_comes_first_at_equal_merit() -> None:
    licence = asks(KINDS.LICENCE, "nursing licence")

    def ready(name: str, on: date | None, relevance: float = 0.5) -> Candidacy:
        without = lacking(kind=licence.kind, name=licence.name, expected_at=on)
        return entry(name, without, licence, relevance=relevance)

    later, sooner = ready("later", date(2028, 3, 1)), ready("sooner", date(2027, 6, 1))
    order = arranged([ready("a", None), later, sooner, ready("better", None, relevance=0.9)])
    assert [at.candidate_id for at in order] == ["better", "sooner", "later", "a"]


def test_reasons_are_facts_with_their_dates() -> None:
    near = rejection(vacancy_title="Ward Nurse, nights", finishing_place=2)
    vacancy = NURSE.model_copy(update={"job_location": Place(country="AT"), "skills": ["ward"]})
    known = person(profile(), rejections=[near], country="DE")
    shown = shortlisted(hold_against(known, vacancy, [], number=1, relevance=0.5), 1)
    held: dict[str, Any] = {"months": 48, "since": "2021-03", "on": MARCH_2025}
    assert [uncited(reason) for reason in shown.reasons_for] == [
        Evidence(code=Code.FINISHED, name="Ward Nurse, nights", place=2, on=MARCH_2025),
        Evidence(code=Code.HELD_SIMILAR_JOB, name="Staff Nurse", **held),
        Evidence(code=Code.SKILLS_SHOWN, count=1, total=1, words=["ward"]),
    ]
    assert shown.reasons_against == [
        Evidence(code=Code.OTHER_COUNTRY, country="DE", needed_country="AT"),
        Evidence(code=Code.APPLIED_LONG_AGO, on=MARCH_2025),
    ]


def test_an_earlier_no_for_the_same_work_speaks_against() -> None:
    declined = [
        rejection(),
        rejection(tier=Tier.NO, stage=Stage.APPLIED, vacancy_title="Ward Nurse"),
    ]
    shown = shortlisted(entry("c", person(rejections=declined)), 1)
    claimed = Evidence(code=Code.FOUND_NOT_QUALIFIED, name="Ward Nurse", on=MARCH_2025)
    assert claimed in shown.reasons_against


def test_a_graduation_year_an_age_and_a_pause_change_nothing() -> None:
    def scored(years: tuple[str, str], pause: bool) -> tuple[float, list[Evidence]]:
        work = [Work(position="Ward Nurse", start_date="2019-01", end_date="2024-02")]
        if not pause:
            work.append(Work(position="Gardener", start_date="2024-03", end_date="2025-02"))
        studied = Education(
            study_type="BSc", area="Nursing", start_date=years[0], end_date=years[1]
        )
        at = entry(
            "c", person(Profile(work=work, education=[studied])), asks(KINDS.DEGREE, "BSc nursing")
        )
        return at.score, [*at.reasons_for(), *at.reasons_against()]

    assert scored(("1975", "1979"), pause=False) == scored(("2012", "2016"), pause=True)


def test_the_stricter_of_two_contradicting_requirements_counts_and_is_remarked() -> None:
    vacancy = NURSE.model_copy(
        update={
            "requirements": [
                asks(KINDS.EXPERIENCE, "nursing", min_months=24),
                asks(KINDS.EXPERIENCE, "Nursing", min_months=60),
            ]
        }
    )
    asked, remarks = requirements_of(vacancy)
    assert [requirement.min_months for requirement in asked] == [60]
    assert remarks == [Remark(RemarkCode.ASKED_TWICE, "Nursing")]


def test_months_of_experience_without_a_field_are_asked_in_the_vacancys_own() -> None:
    (asked,), _ = requirements_of(NURSE.model_copy(update={"experience_requirements": 24}))
    assert (asked.name, asked.min_months) == ("Ward Nurse", 24)


def test_no_name_in_a_reason_is_longer_than_a_line() -> None:
    long = "x" * 499
    known = person(
        Profile(work=[Work(position=long)]),
        rejections=[rejection(vacancy_title=long, finishing_place=2, decided_at=LAST_YEAR)],
    )
    vacancy = NURSE.model_copy(update={"title": long, "skills": [long]})
    asked = [asks(kind, long, min_months=12) for kind in RequirementKind]
    shown = shortlisted(hold_against(known, vacancy, asked, number=1, relevance=1.0), 1)
    reasons = shown.reasons_for + shown.reasons_against
    assert reasons
    assert all(len(name) <= 80 for at in reasons for name in (at.name or "", *at.words))
    assert max(len(shown.reasons_for), len(shown.reasons_against)) <= 6


def test_months_of_work_that_would_tell_an_age_are_not_counted_out() -> None:
    for_life = person(
        Profile(work=[Work(position="Nurse", start_date="1975-01", end_date="2024-02")])
    )
    _, evidence = finding(for_life, NURSING)
    assert evidence.months == 120
    state, evidence = finding(lacking(required_months=600, observed_months=599), NURSING)
    assert (state, evidence.months) == (Readiness.MET, 120)


def test_a_gap_seen_a_lifetime_ago_is_told_by_the_longest_time_there_is() -> None:
    _, evidence = finding(
        lacking(required_months=24, observed_months=1, observed_at=date(1901, 1, 1)), NURSING
    )
    assert (evidence.code, evidence.passed_months) == (Code.MONTHS_PASSED_SINCE, 720)


def test_a_requirement_of_an_unknown_kind_is_met_by_nothing() -> None:
    mind_reading = asks(RequirementKind("telepathy"), "mind reading")
    told_us = lacking(kind=mind_reading.kind, name="mind reading", closed_at=date(2026, 5, 1))
    lists_it = person(Profile(skills=[Skill(name="Mind reading")]))
    for known in (told_us, lists_it):
        standing, evidence = finding(known, mind_reading)
        assert (standing, evidence.code) == (Readiness.UNKNOWN, Code.NOTHING_KNOWN)


def test_a_requirement_of_an_unknown_importance_counts_as_required() -> None:
    vital = asks(KINDS.LICENCE, "driving licence", importance=Importance("vital"))
    without = entry("w", lacking(kind=KINDS.LICENCE, name="driving licence"), vital)
    assert without.readiness is Readiness.NOT_MET
    twice = [vital, vital.model_copy(update={"importance": Importance.PREFERRED})]
    (stricter,), _ = requirements_of(NURSE.model_copy(update={"requirements": twice}))
    assert stricter.importance == "vital"


def test_nothing_is_claimed_from_an_answer_of_an_unknown_tier_or_stage() -> None:
    near = {"vacancy_title": "Ward Nurse", "finishing_place": None}
    unknown = [
        rejection(tier=Tier("maybe"), stage=Stage.FINAL, **near),
        rejection(tier=Tier.NOT_YET, stage=Stage("hovering"), **near),
    ]
    applied = [
        rejection(tier=Tier.NO, stage=Stage.FINAL, **near),
        rejection(tier=Tier.NOT_YET, stage=Stage.APPLIED, **near),
    ]
    shown = entry("c", person(rejections=unknown))
    assert shown.reasons_for() == []
    assert shown.tier is Tier.NOT_YET
    assert shown.score == entry("c", person(rejections=applied)).score


def test_a_job_whose_end_nobody_could_read_counts_for_no_months_and_goes_on_for_nobody() -> None:
    unread = Profile(work=[Work(position="Ward Nurse", start_date="2015-01", end_is_unknown=True)])
    standing, evidence = finding(person(unread), NURSING)
    assert standing is Readiness.UNKNOWN
    assert evidence.code is Code.JOBS_WITHOUT_DATES


def test_a_certificate_whose_date_nobody_could_read_is_not_said_to_be_held() -> None:
    held = Profile(certificates=[Certificate(name="forklift licence", date_is_unknown=True)])
    standing, evidence = finding(person(held), asks(KINDS.LICENCE, "forklift licence"))
    assert standing is Readiness.UNKNOWN
    assert evidence.code is Code.MENTIONED_NOT_LISTED


def told_since(*news: News, at: Profile | None = None, **fields: Any) -> ProfileSnapshot:
    return replace(person(at, **fields), news=news)


def test_what_they_told_us_since_is_their_own_word_and_never_proof() -> None:
    said = News(kind=NewsKind.LICENCE, name="forklift licence", on=MARCH_2025)
    licence = asks(KINDS.LICENCE, "Forklift licence")
    standing, evidence = finding(told_since(said), licence)
    assert (standing, evidence.code) == (Readiness.BY_OWN_WORD, Code.SAID_THEY_HAVE_IT)
    assert evidence.on == MARCH_2025
    assert finding(told_since(said), asks(KINDS.SKILL, "Forklift licence"))[0] is Readiness.UNKNOWN
    assert finding(told_since(said), asks(KINDS.LICENCE, "Crane licence"))[0] is Readiness.UNKNOWN


def test_what_the_profile_proves_is_said_before_their_own_word() -> None:
    said = News(kind=NewsKind.SKILL, name="welding", on=MARCH_2025)
    known = told_since(said, at=Profile(skills=[Skill(name="Welding")]))
    assert finding(known, asks(KINDS.SKILL, "Welding"))[1].code is Code.SKILL_LISTED


def test_what_was_missing_may_be_there_by_their_own_word() -> None:
    said = News(kind=NewsKind.LICENCE, name="forklift licence", on=TODAY)
    known = replace(lacking(kind=KINDS.LICENCE, name="forklift licence"), news=[said])
    code = finding(known, asks(KINDS.LICENCE, "forklift licence"))[1].code
    assert code is Code.SAID_THEY_HAVE_IT


def test_somebody_is_found_by_what_they_told_us_since() -> None:
    said = [News(kind=kind, name="Fjordsurfing", on=TODAY) for kind in NewsKind]
    (bag,) = word_bags(Profile(), said[:1])
    assert len(bag.terms) == 1
    assert word_bags(Profile(), said[-1:]) == []
