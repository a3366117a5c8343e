from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.matcher.domain.experience import months_worked
from services.matcher.domain.known import Known
from services.matcher.domain.requirements import readiness, stand
from services.matcher.domain.shortlist import Entry, arranged, hold_against, shortlisted
from services.matcher.domain.vacancies import requirements_of
from services.matcher.ranking.documents import text_of
from shared.contract.events.applications import Stage, Tier
from shared.contract.events.evidence import Readiness
from shared.contract.events.profile import Certificate, Education, Language, Profile, Skill, Work
from shared.contract.events.shortfalls import Importance, Requirement, RequirementKind, Shortfall
from shared.contract.events.vacancies import Place
from tests.services.matcher.people import LAST_YEAR, NURSE, candidate, profile, rejection

TODAY = date(2027, 5, 2)
KINDS = RequirementKind


def asks(kind: RequirementKind, name: str, **fields: Any) -> Requirement:
    return Requirement(requirement_id="r", kind=kind, name=name, **fields)


def person(at: Profile | None = None, **fields: Any) -> Known:
    at = at or Profile()
    return Known(candidate(**fields), at, text_of(at), TODAY)


def lacking(**fields: Any) -> Known:
    gap = Shortfall(requirement_id="r", **{"kind": KINDS.EXPERIENCE, "name": "nursing"} | fields)
    return person(rejections=[rejection(tier=Tier.NOT_YET, shortfalls=[gap])])


def finding(known: Known, requirement: Requirement) -> tuple[Readiness, str]:
    found = stand(known, requirement, NURSE.vacancy_id)
    return found.state, found.sentence


NURSING = asks(KINDS.EXPERIENCE, "nursing", min_months=24)
LONG_NURSE = Profile(work=[Work(position="Ward Nurse", start_date="2019-01", end_date="2024-02")])
SHORT_NURSE = Profile(work=[Work(position="Ward Nurse", start_date="2024-03")])


@pytest.mark.parametrize(
    ("known", "requirement", "state", "sentence"),
    [
        (
            person(LONG_NURSE),
            NURSING,
            Readiness.MET,
            "Worked 5 years 2 months in nursing (needed 2 years)",
        ),
        (
            person(SHORT_NURSE),
            NURSING,
            Readiness.MAY_NOW_BE_MET,
            "Had worked 1 year in nursing by March 2025; 3 years 2 months by now, if that job went"
            " on (assumed)",
        ),
        (
            person(Profile(work=[Work(position="Nurse", start_date="2023", end_date="2025")])),
            NURSING,
            Readiness.MAY_NOW_BE_MET,
            "Had worked 2 years 2 months in nursing by March 2025, as far as years alone can tell",
        ),
        (
            person(
                Profile(work=[Work(position="Nurse", start_date="2024-03", end_date="2024-08")])
            ),
            NURSING,
            Readiness.NOT_MET,
            "Had worked 6 months in nursing by March 2025 (needed 2 years)",
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
            "2 years of nursing: 6 months in jobs named so, more in others",
        ),
        (person(), NURSING, Readiness.UNKNOWN, "2 years of nursing: nothing known"),
        (
            lacking(required_months=24, observed_months=10),
            NURSING,
            Readiness.MAY_NOW_BE_MET,
            "Lacked 1 year 2 months of nursing in March 2025; by their own dates 2 years 1 month"
            " have passed since (assumed to have gone on working in the same field)",
        ),
        (
            lacking(required_months=24, observed_months=10),
            asks(KINDS.EXPERIENCE, "nursing", min_months=60),
            Readiness.NOT_MET,
            "Lacked 4 years 2 months of nursing in March 2025, and 5 years of nursing not before"
            " May 2029",
        ),
        (
            lacking(required_months=24, closed_at=date(2026, 5, 1)),
            NURSING,
            Readiness.MET,
            "Told us in May 2026 that they now have nursing",
        ),
        (
            lacking(kind=KINDS.LICENCE, name="forklift licence"),
            asks(KINDS.LICENCE, "forklift licence"),
            Readiness.NOT_MET,
            "Lacked forklift licence when declined in March 2025",
        ),
        (
            lacking(kind=KINDS.LICENCE, name="forklift licence", expected_at=date(2026, 6, 1)),
            asks(KINDS.LICENCE, "forklift licence"),
            Readiness.MAY_NOW_BE_MET,
            "Lacked forklift licence when declined in March 2025, but expected it by June 2026;"
            " not confirmed since",
        ),
        (
            person(Profile(certificates=[Certificate(name="Forklift licence", date="2019")])),
            asks(KINDS.LICENCE, "forklift licence"),
            Readiness.MET,
            "Holds Forklift licence since 2019",
        ),
        (
            person(Profile(resume_text="I drove with my forklift licence.")),
            asks(KINDS.LICENCE, "forklift licence"),
            Readiness.UNKNOWN,
            "Forklift licence: mentioned in the profile, not listed as held",
        ),
        (
            person(Profile(skills=[Skill(name="Wound care")])),
            asks(KINDS.SKILL, "wound care"),
            Readiness.MET,
            "Lists wound care among their skills",
        ),
        (
            person(),
            asks(KINDS.LANGUAGE, "German B2"),
            Readiness.UNKNOWN,
            "German B2: nothing known",
        ),
        (
            person(Profile(languages=[Language(language="German", fluency="C1")])),
            asks(KINDS.LANGUAGE, "German B2"),
            Readiness.MET,
            "Speaks German (C1)",
        ),
        (
            person(Profile(languages=[Language(language="German", fluency="A2")])),
            asks(KINDS.LANGUAGE, "German B2"),
            Readiness.NOT_MET,
            "Speaks German at A2 (needed B2)",
        ),
        (
            person(
                Profile(education=[Education(study_type="BSc", area="Nursing", end_date="2020-06")])
            ),
            asks(KINDS.DEGREE, "BSc nursing"),
            Readiness.MET,
            "Degree: BSc, Nursing",
        ),
        (
            person(Profile(education=[Education(study_type="BSc", area="Nursing")])),
            asks(KINDS.DEGREE, "BSc nursing"),
            Readiness.MAY_NOW_BE_MET,
            "Names BSc, Nursing, not whether it was finished",
        ),
        (
            person(),
            asks(KINDS.PERMIT, "work permit"),
            Readiness.UNKNOWN,
            "Work permit: nothing known",
        ),
    ],
)
def test_how_somebody_stands_to_what_is_asked(
    known: Known, requirement: Requirement, state: Readiness, sentence: str
) -> None:
    assert finding(known, requirement) == (state, sentence)


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
    from services.matcher.domain.findings import Finding

    summed = readiness(Finding(NURSING, state, "") for state in states)
    assert (summed is Readiness.NOT_MET) == (Readiness.NOT_MET in states)
    assert summed is not Readiness.MET or set(states) == {Readiness.MET}


def entry(name: str, known: Known, *asked: Requirement, relevance: float = 0.5) -> Entry:
    state = known.state.model_copy(update={"candidate_id": name})
    renamed = Known(state, known.profile, known.text, known.today)
    return hold_against(renamed, NURSE, asked, number=1, relevance=relevance)


def test_who_provably_lacks_what_is_required_comes_last_with_the_reason() -> None:
    licence = asks(KINDS.LICENCE, "nursing licence")
    without = lacking(kind=KINDS.LICENCE, name="nursing licence")
    fits = entry("fits", person(SHORT_NURSE), licence, relevance=0.2)
    lacks = entry("lacks", without, licence, relevance=0.9)
    assert [at.candidate_id for at in arranged([lacks, fits], 10)] == ["fits", "lacks"]
    assert lacks.readiness is Readiness.NOT_MET
    assert "Lacked nursing licence when declined in March 2025" in lacks.reasons_against()


def test_what_is_only_preferred_puts_nobody_last() -> None:
    driving = asks(KINDS.LICENCE, "driving licence", importance=Importance.PREFERRED)
    without = entry("w", lacking(kind=KINDS.LICENCE, name="driving licence"), driving)
    other = entry("o", person(), relevance=0.1)
    assert [at.candidate_id for at in arranged([other, without], 10)] == ["w", "o"]


def test_at_equal_merit_whoever_just_missed_out_comes_first() -> None:
    tiers = {
        tier.value: person(rejections=[rejection(tier=tier)])
        for tier in (Tier.NOT_YET, Tier.RUNNER_UP)
    }
    order = arranged([entry(name, known) for name, known in tiers.items()], 10)
    assert [at.candidate_id for at in order] == ["runner_up", "not_yet"]


def test_reasons_are_facts_with_their_dates() -> None:
    near = rejection(vacancy_title="Ward Nurse, nights", finishing_place=2)
    vacancy = NURSE.model_copy(update={"job_location": Place(country="AT"), "skills": ["ward"]})
    known = person(profile(), rejections=[near], country="DE")
    shown = shortlisted(hold_against(known, vacancy, [], number=1, relevance=0.5), 1)
    assert shown.reasons_for == [
        "Finished second for Ward Nurse, nights in March 2025",
        "Worked as Staff Nurse in March 2025",
        "Shows 1 of 1 skills asked: ward",
    ]
    assert shown.reasons_against == [
        "The place is in AT, they were in DE",
        "Last applied in March 2025",
    ]


def test_an_earlier_no_for_the_same_work_speaks_against() -> None:
    declined = [
        rejection(),
        rejection(tier=Tier.NO, stage=Stage.APPLIED, vacancy_title="Ward Nurse"),
    ]
    shown = shortlisted(entry("c", person(rejections=declined)), 1)
    assert "Was found not qualified for Ward Nurse in March 2025" in shown.reasons_against


def test_a_graduation_year_an_age_and_a_pause_change_nothing() -> None:
    def scored(years: tuple[str, str], pause: bool) -> tuple[float, list[str]]:
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
    assert remarks == ["“Nursing” is asked twice; the stricter counts."]


def test_months_of_experience_without_a_field_are_asked_in_the_vacancys_own() -> None:
    (asked,), _ = requirements_of(NURSE.model_copy(update={"experience_requirements": 24}))
    assert (asked.name, asked.min_months) == ("Ward Nurse", 24)


def test_no_reason_is_longer_than_a_line() -> None:
    long = "x" * 499
    known = person(
        Profile(work=[Work(position=long)]),
        rejections=[rejection(vacancy_title=long, finishing_place=2, decided_at=LAST_YEAR)],
    )
    vacancy = NURSE.model_copy(update={"title": long, "skills": [long]})
    asked = [asks(kind, long, min_months=12) for kind in RequirementKind]
    shown = shortlisted(hold_against(known, vacancy, asked, number=1, relevance=1.0), 1)
    assert all(len(reason) <= 300 for reason in shown.reasons_for + shown.reasons_against)
