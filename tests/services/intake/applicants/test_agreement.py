"""Which names are one person's, which may be, and which cannot be."""

import pytest

from services.intake.applicants.domain.agreement import contradict, is_slip_of, name_key, name_words
from shared.contract.events.people import PersonName


def name(text: str) -> PersonName:
    return PersonName(full_name=text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mira Okafor", "MIRA OKAFOR"),
        ("Zoë Müller", "Zoe Mu\u0308ller"),
        ("Okafor Mira", "Mira Okafor"),
        ("Dr. Mira Okafor", "Mira  Okafor"),
        ("Łukasz Søren", "Lukasz Soren"),
        ("Straße, Ida", "Ida Strasse"),
        ("李 伟", "伟 李"),
        ("Anna Schäfer", "Anna Schaefer"),
        ("Jürgen Müller", "Juergen Mueller"),
        ("Jørgen Sæther", "Joergen Saether"),
        ("Håkon Ångström", "Haakon Aangstroem"),
        ("Quentin Bauer", "QUENTIN BAUER"),
    ],
)
def test_the_same_words_agree_however_they_are_written(one: str, other: str) -> None:
    assert name_key(name(one)) == name_key(name(other)) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mona Sand", "Karl Fink"),
        ("Mira Okafor", "Mira Adeyemi"),
        ("K. Okafor", "Mira Okafor"),
        ("Mira Okafor", "Mira Okafor Jr."),
    ],
)
def test_other_words_do_not_agree(one: str, other: str) -> None:
    assert name_key(name(one)) != name_key(name(other))


def test_an_initial_agrees_with_nothing_not_even_itself() -> None:
    assert name_key(name("M. Okafor")) is None
    assert name_key(PersonName()) is None


@pytest.mark.parametrize("family", ["Herr Huber", "Frau Dr. Huber", "Huber", "Mr Smith"])
def test_a_surname_alone_is_a_familys_and_agrees_with_nothing(family: str) -> None:
    assert name_key(name(family)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("M. Okafor", "Mira Okafor"),
        ("T. Twice", "Tova Twice"),
        ("Mira", "Mira Okafor"),
        ("Mira Okafor", "Mira Okafor-Schulz"),
        ("", "Mira Okafor"),
    ],
)
def test_a_part_of_a_name_contradicts_it_not(one: str, other: str) -> None:
    assert not contradict(name(one), name(other))
    assert not contradict(name(other), name(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mona Sand", "Karl Fink"), ("K. Okafor", "Mira Okafor"), ("Mira Okafor", "Mira Schulz")],
)
def test_names_that_nobody_has_both_of_contradict_each_other(one: str, other: str) -> None:
    assert contradict(name(one), name(other))
    assert contradict(name(other), name(one))


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("Jane Typo", "Jnae Typo", True),
        ("Jane Schmit", "Jane Schmidt", True),
        ("Anna Meyer", "Anna Meier", True),
        ("Jane Typo", "Kane Typo", False),
        ("Jan Typo", "Jana Typo", False),
        ("Jane Typo", "John Typo", False),
        ("Jane Typo", "Jnae Tpyo", False),
        ("Jane Typo", "Jane", False),
        ("Jane Typo", "Jane Typo", False),
    ],
)
def test_a_slip_of_the_pen_changes_one_word_behind_its_first_letter(
    one: str, other: str, is_slip: bool
) -> None:
    assert is_slip_of(name_words(one), name_words(other)) is is_slip
