"""A detail that is at fault costs only itself: the person's answer is read all the same."""

import json
import time
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.bodies import take_body
from shared.contract.events.cloudevents import Unreadable
from shared.contract.events.details import MOST_TOLD, Fault
from shared.contract.events.profile import Profile
from tests.shared.contract.events.records import REJECTION, Body

RESUME: Body = {
    "basics": {"name": "Mira Okafor"},
    "work": [
        {
            "name": "Mill",
            "position": "Miller",
            "url": "https://mill.example",
            "location": "Ulm",
            "startDate": "2019-04",
            "endDate": "2023-01",
            "summary": "Flour",
            "highlights": [],
        }
    ],
    "volunteer": [{"organization": "Food bank", "position": "Driver"}],
    "education": [
        {
            "institution": "School",
            "url": "https://school.example",
            "area": "Food",
            "studyType": "BSc",
            "startDate": "2015",
            "endDate": "2018",
            "score": "1.7",
            "courses": ["Bread"],
        }
    ],
    "awards": [],
    "certificates": [{"name": "Hygiene", "date": "2020-01-01", "url": "https://c.example"}],
    "publications": [],
    "skills": [{"name": "Dough", "level": "Master", "keywords": ["Rye"]}],
    "languages": [{"language": "German", "fluency": "Native speaker"}],
    "interests": [{"name": "Chess"}],
    "references": [],
    "projects": [{"name": "Oven"}],
    "meta": {"version": "v1.0.0"},
}
NEVER_READ = {
    *("profile.basics", "profile.volunteer", "profile.awards", "profile.publications"),
    *("profile.interests", "profile.references", "profile.projects", "profile.meta"),
    *("profile.work.0.url", "profile.work.0.location", "profile.certificates.0.url"),
    *("profile.education.0.url", "profile.education.0.score", "profile.education.0.courses"),
}


def take(extra: Any = "forbid", **fields: Any) -> tuple[ApplicantRejected, tuple[Fault, ...]]:
    body = json.dumps(REJECTION | fields).encode()
    return take_body(body, ApplicantRejected, extra=extra)


def names(left_out: Iterable[Fault]) -> set[str]:
    return {fault.field for fault in left_out}


def job(**fields: Any) -> Body:
    return {"work": [{"position": "Miller", "startDate": "2019-04", **fields}]}


def test_a_standard_resume_is_read_and_what_nobody_reads_is_said() -> None:
    read, left_out = take(profile=RESUME)
    assert names(left_out) == NEVER_READ
    assert {fault.problem for fault in left_out} == {"nobody reads this field"}
    assert read.profile.work[0].end_date == "2023-01"
    assert read.profile.skills[0].keywords == ["Rye"]


@pytest.mark.parametrize(
    "end",
    [
        *("", "  ", "Present", "present.", "(current)", "NOW", "heute", "Bis heute", None),
        *("aujourd’hui", "en cours", "Actualidad", "hasta la fecha", "à ce jour"),
    ],
)
def test_words_for_no_end_yet_mean_that_the_job_goes_on(end: str | None) -> None:
    read, left_out = take(profile=job(endDate=end))
    assert left_out == ()
    assert read.profile == Profile.model_validate(job())


@pytest.mark.parametrize(
    "end",
    [
        *("2023-1", "Jan 2023", "01/2023", "2023-04-30T00:00:00.000Z", "2019 - ", "2023-13", "–"),
        *("0001", "9999-12", "２０２３", 2023, True, ["2023"], {"year": 2023}),
    ],
)
def test_an_end_that_nobody_can_read_is_left_out_and_no_job_goes_on_by_it(end: Any) -> None:
    for extra in ("ignore", "forbid"):
        read, left_out = take(extra, profile=job(endDate=end))
        assert names(left_out) == {"profile.work.0.endDate"}
        [work] = read.profile.work
        assert (work.position, work.start_date, work.end_date) == ("Miller", "2019-04", None)
        assert work.end_is_unknown


def test_a_certificate_whose_date_nobody_can_read_says_so() -> None:
    read, left_out = take(profile={"certificates": [{"name": "Welding", "date": "next summer"}]})
    assert names(left_out) == {"profile.certificates.0.date"}
    assert read.profile.certificates[0].date_is_unknown


def test_a_text_that_is_too_long_is_cut_and_a_list_too() -> None:
    read, left_out = take(
        vacancy=REJECTION["vacancy"] | {"description": "<p>Bread.</p>" * 15_000},
        profile={
            "resumeText": "Bread and rolls. " * 4_000,
            "skills": [{"name": f"Skill {number}"} for number in range(700)] + [{"nom": "x"}],
        },
    )
    assert len(read.vacancy.description) == 60_000
    assert len(read.profile.resume_text or "") == 60_000
    assert len(read.profile.skills) == 500
    assert {fault.field: fault.problem for fault in left_out} == {
        "vacancy.description": "too long: only the first 60,000 characters are kept",
        "profile.resumeText": "too long: only the first 60,000 characters are kept",
        "profile.skills": "too long: only the first 500 of them are kept",
    }


def test_what_stands_in_a_list_is_named_by_its_place_and_takes_no_other_with_it() -> None:
    skills = [{"name": "Rye"}, {"level": "Master"}, "Oats", {"name": "Wheat", "keywords": [1, "a"]}]
    read, left_out = take(profile={"skills": skills})
    assert [skill.name for skill in read.profile.skills] == ["Rye", "Wheat"]
    assert read.profile.skills[1].keywords == ["a"]
    assert names(left_out) == {
        *("profile.skills.1", "profile.skills.2", "profile.skills.3.keywords.0"),
    }


def test_addresses_and_places_that_are_none_are_left_out_and_the_others_stay() -> None:
    person = REJECTION["applicant"] | {
        "emails": ["mira@mail.example", 7, None],
        "phone": ["030"],
        "country": "Germany",
    }
    vacancy = REJECTION["vacancy"] | {
        "datePosted": "yesterday",
        "jobLocation": {"locality": "Ulm", "country": "germany"},
        "recruiters": [{"name": "Ines"}, {"name": "Jan", "email": "jan@work.example"}],
        "employmentType": "full time",
    }
    read, left_out = take(applicant=person, vacancy=vacancy)
    assert read.applicant.emails == ["mira@mail.example"]
    assert [recruiter.name for recruiter in read.vacancy.recruiters] == ["Jan"]
    assert names(left_out) == {
        *("applicant.emails.1", "applicant.emails.2", "applicant.phone", "applicant.country"),
        *("vacancy.datePosted", "vacancy.jobLocation.country", "vacancy.recruiters.0"),
        "vacancy.employmentType",
    }


def test_a_gap_stays_though_its_days_cannot_be_read() -> None:
    gap = {"requirementId": "r", "kind": "experience", "requiredMonths": 24}
    read, left_out = take(shortfalls=[gap | {"observedAt": 45719, "expectedAt": "9999-12-31"}])
    assert names(left_out) == {"shortfalls.0.observedAt", "shortfalls.0.expectedAt"}
    assert read.shortfalls[0].required_months == 24


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"applicant": {"applicantId": "p", "name": {}, "email": "a@b.example"}}, "email"),
        ({"applicant": {"applicantId": "p", "name": "Mira"}}, "applicant.name"),
        ({"applicant": {"name": {}}}, "applicant.applicantId"),
        ({"vacancy": {"vacancyId": "v"}}, "vacancy.title"),
        ({"reason": {"note": "x" * 3000}}, "reason.code"),
        ({"shortfalls": [{"requirementId": "r"}]}, "shortfalls.0.kind"),
        ({"finishingPlace": "second"}, "finishingPlace"),
        ({"alreadyTold": "perhaps"}, "alreadyTold"),
        ({"decidedAt": 1740992851}, "decidedAt"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_the_answer_rests_on_is_never_left_out(fields: Body, named: str) -> None:
    with pytest.raises(Unreadable) as refused:
        take(**fields, profile=job(endDate="nonsense"))
    assert named in refused.value.detail


def test_a_name_that_is_no_name_of_a_field_is_not_repeated() -> None:
    _, left_out = take(profile={"Mira Okafor, +49 30 901820": 1, "x" * 41: 2})
    assert [fault.field for fault in left_out] == ["profile.?", "profile.?"]


def test_so_many_parts_are_named_and_the_others_counted() -> None:
    _, left_out = take(profile={f"field{number}": 1 for number in range(80)})
    assert len(left_out) == MOST_TOLD + 1
    assert left_out[-1] == Fault("body", "and 30 parts more")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
).filter(lambda value: "\0" not in repr(value) and "\\x00" not in repr(value))
places = st.sampled_from(
    [
        ("profile",),
        *(("profile", name) for name in (*RESUME, "resumeText", "summary")),
        *(("profile", "work", 0, name) for name in ("startDate", "endDate", "highlights", "name")),
        *(("profile", "education", 0, name) for name in ("startDate", "endDate", "area")),
        *(("profile", "skills", 0, name) for name in ("name", "level", "keywords")),
        *(("profile", "certificates", 0, name) for name in ("name", "date")),
        *(("vacancy", name) for name in ("description", "skills", "jobLocation", "recruiters")),
        *(("vacancy", name) for name in ("applyUrl", "datePosted", "seniority", "requirements")),
        *(("applicant", name) for name in ("emails", "phone", "locale", "timeZone", "country")),
        ("reason", "note"),
        ("decidedBy",),
    ]
)


@given(changes=st.lists(st.tuples(places, json_values), min_size=1, max_size=4))
def test_no_value_in_a_detail_ever_costs_the_answer(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    body = deepcopy(REJECTION) | {"profile": deepcopy(RESUME)}
    for place, value in changes:
        holder: Any = body
        for step in place[:-1]:
            try:
                holder = holder[step]
            except (KeyError, IndexError, TypeError):
                holder = {}
        if isinstance(holder, dict):
            holder[place[-1]] = value
    for extra in ("ignore", "forbid"):
        read, _ = take_body(json.dumps(body).encode(), ApplicantRejected, extra=extra)
        assert read.application_id == REJECTION["applicationId"]
        assert read.applicant.name.given_name == "Mira"


@given(end=st.text(max_size=20) | st.dates().map(str) | st.integers())
def test_any_end_is_a_date_or_goes_on_or_is_said_to_be_unknown(end: Any) -> None:
    if "\0" in str(end):
        return
    read, left_out = take(profile=job(endDate=end))
    [work] = read.profile.work
    assert work.end_is_unknown == bool(left_out)
    assert work.end_date in (None, str(end).strip())


def seconds_for(profile: Body) -> float:
    begun = time.process_time()
    _, left_out = take(profile=profile)
    assert left_out
    return time.process_time() - begun


@pytest.mark.parametrize(
    "hostile",
    [
        lambda size: {"work": [{"highlights": [1] * (size * 2000)}]},
        lambda size: {f"field{number}": 1 for number in range(size * 500)},
        lambda size: {"work": [{"endDate": 7, "highlights": [{}] * size}] * 200},
        lambda size: {"resumeText": "&amp;" * (size * 13_000), "skills": [{"name": "&" * 499}] * 9},
    ],
)
def test_no_profile_takes_longer_than_its_size(hostile: Callable[[int], Body]) -> None:
    seconds_for(hostile(1))
    once, four_times = (min(seconds_for(hostile(size)) for _ in range(3)) for size in (1, 4))
    assert four_times < 8 * once + 0.05


def test_a_profile_of_nothing_but_faults_is_left_out_as_a_whole() -> None:
    read, left_out = take(profile={"work": [{"highlights": [1] * 200_000}]})
    assert read.profile == Profile()
    assert [fault.field for fault in left_out] == ["profile"]
    with pytest.raises(Unreadable):
        take(applicant=REJECTION["applicant"] | {"emails": [1] * 5, "extra": 1})
