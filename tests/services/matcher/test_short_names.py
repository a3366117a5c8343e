"""No skill is read out of another word."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.matcher.domain.mentions import Mentions
from services.matcher.domain.profile_evidence import in_profile
from services.matcher.domain.related_jobs import related_jobs
from services.matcher.domain.sections import sections_of
from services.matcher.domain.snapshot import ProfileSnapshot
from shared.contract.events.evidence import Readiness
from shared.contract.events.profile import Profile, Skill, Work
from shared.contract.events.shortfalls import Requirement, RequirementKind
from tests.services.matcher.people import candidate


def shows(wanted: str, *skills: str, text: str = "") -> bool:
    profile = Profile(skills=[Skill(name=skill) for skill in skills], resume_text=text)
    person = ProfileSnapshot(candidate(), profile, date(2026, 6, 1))
    asked = Requirement(requirement_id="r", kind=RequirementKind.SKILL, name=wanted)
    return in_profile(person, asked).standing is Readiness.MET


@pytest.mark.parametrize(
    ("wanted", "other"),
    [
        *(("Java", "JavaScript"), ("JavaScript", "Java"), ("C", "C++"), ("C", "C#"), ("C#", "C")),
        *(("R", "R&D"), ("R", "R & D"), ("D", "R&D"), ("R&D", "R"), ("C", "Objective-C")),
        *(("Go", "Go-to-market"), ("C", "C-level reporting"), ("R", "R.E.M."), ("C", "C'est")),
        *(("IT", "it"), ("Go", "Let us go on"), ("Excel", "Excellence"), ("R", "HR")),
    ],
)
def test_a_skill_is_not_shown_by_another_one(wanted: str, other: str) -> None:
    if wanted.casefold() != other.casefold():
        assert not shows(wanted, other)
    assert not shows(wanted, text=f"Worked with {other} for years")


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        *(("Go", "I like to go to work."), ("Go", "Go to work early."), ("IT", "It was great.")),
        *(("IT", "worked in it"), ("R", "Worked in R & D."), ("R", "Head of R&D, Ulm")),
        *(("Excel", "I excel in teamwork"), ("Word", "the last word"), ("Spring", "spring 2023")),
        *(("Swift", "a swift worker"), ("Access", "Access to buildings"), ("Rust", "removed rust")),
        *(("React", "React quickly"), ("Go", "let's go, team"), ("D", "I'd do it"), ("C", "C'est")),
    ],
)
def test_an_everyday_word_is_no_skill(wanted: str, text: str) -> None:
    assert not shows(wanted, text=text)


@pytest.mark.parametrize("wanted", ["Go", "R", "C", "IT", "Excel", "Java", "R&D", "go", "r", "AI"])
def test_a_skill_is_shown_by_its_own_name(wanted: str) -> None:
    written = wanted if wanted != wanted.lower() else wanted.capitalize()
    assert shows(wanted, wanted.lower())
    assert shows(wanted, f"Welding, {wanted}; Baking")
    assert shows(wanted, f"{written} (advanced)")
    for text in (f"Years of work with {written} and SQL", f"SQL, {written}", f"{written}, SQL"):
        assert shows(wanted, text=text), text


def test_an_acronym_counts_in_compounds_too() -> None:
    assert shows("IT", text="Leiter der IT-Abteilung")
    assert shows("R&D", text="Ten years in R & D")


@given(
    wanted=some.sampled_from(["Go", "R", "IT", "C", "Excel", "R&D"]),
    before=some.text("abcxyz", min_size=1, max_size=3),
    after=some.text("abcxyz", min_size=1, max_size=3),
)
def test_letters_inside_a_word_are_never_a_skill(wanted: str, before: str, after: str) -> None:
    for text in (f"{before}{wanted}", f"{wanted}{after}", f"{before}{wanted}{after}"):
        assert not shows(wanted, text=f"I did {text} there")


def test_a_field_of_an_everyday_name_is_not_every_job() -> None:
    jobs = [
        Work(position="Baker", summary="It was my own bakery."),
        Work(position="IT support", summary="Helped with laptops."),
        Work(position="Clerk", summary="Kept the books in Excel."),
    ]
    mentions = Mentions(sections_of(Profile(work=jobs)), "english")
    for field, job in (("IT", jobs[1]), ("Excel", jobs[2])):
        assert [related.job for related in related_jobs(jobs, field, mentions)] == [job]


@pytest.mark.parametrize(
    ("wanted", "other"),
    [
        ("Machine Learning", "Machine Translation, Deep Learning"),
        ("Machine Learning", "Set up a milling machine. Learning on the job."),
        ("Food Safety", "Food; Safety boots"),
    ],
)
def test_words_of_two_things_make_no_third(wanted: str, other: str) -> None:
    assert not shows(wanted, other)
    assert not shows(wanted, text=other)
    assert shows(wanted, f"{other}, {wanted}")
    assert shows(wanted, text=f"{other}\nTen years of {wanted.lower()} at a mill.")


@pytest.mark.parametrize("name", ["HTML, CSS", "Node.js", "CI/CD", "SAP (EWM, MM)"])
def test_a_name_that_lists_things_itself_is_found_where_all_of_them_are(name: str) -> None:
    assert shows(name, text=f"Worked with {name} for years")
