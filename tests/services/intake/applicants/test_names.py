"""Names as exports write them."""

import pytest

from services.intake.applicants.domain.normalisation import plain_name
from shared.contract.events.people import PersonName


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Doe, Jane", "Jane Doe"),
        ("van der Berg, Jan Peter", "Jan Peter van der Berg"),
        ("Doe, Jr., Jane", "Jane Doe Jr."),
        ("Doe, Jane, PhD", "Jane Doe PhD"),
        ("Doe,, Jane", "Jane Doe"),
        ("Jane Doe, PhD", "Jane Doe, PhD"),
        ("John Doe, Jr.", "John Doe, Jr."),
        ("Jane null", "Jane"),
        ("null, Jane", "Jane"),
        ("Christopher Null", "Christopher Null"),
        ("Suharto", "Suharto"),
        ("DR. MARIA VON DER HEIDE", "DR. MARIA VON DER HEIDE"),
        ("Jane Doe (she/her)", "Jane Doe"),
        ("Jane Doe [sie / ihr]", "Jane Doe"),
        ("Jane Doe (née Roe)", "Jane Doe (née Roe)"),
        ("Doe, Jane, MSc", "Jane Doe MSc"),
        ("null null", None),
        ("N/A", None),
        ("NaN", None),
        (" - ", None),
        (",", None),
    ],
)
def test_a_full_name_is_read_as_its_owner_writes_it(written: str, meant: str | None) -> None:
    name = plain_name(PersonName(full_name=written))
    assert (name and name.display) == meant


def test_a_part_that_is_not_known_is_left_out() -> None:
    name = plain_name(PersonName(given_name="Jane", family_name="null"))
    assert name == PersonName(given_name="Jane")
    assert plain_name(PersonName(given_name="null", family_name="null")) is None


@pytest.mark.parametrize(
    ("given", "family"),
    [
        *(("No", "Name"), ("Vorname", "Nachname"), ("Candidate", "17"), ("First", "Last")),
        *(("DO NOT HIRE Ann", "Able"), ("Ann", "Able - withdrawn"), ("Jürgen", "M\ufffdller")),
    ],
)
def test_what_was_noted_in_the_parts_of_a_name_greets_nobody(given: str, family: str) -> None:
    assert plain_name(PersonName(given_name=given, family_name=family)) is None


@pytest.mark.parametrize(("given", "family"), [("No", "Kim"), ("James", "Last"), ("Given", "Moe")])
def test_a_part_of_a_name_may_be_a_word_of_a_form(given: str, family: str) -> None:
    name = PersonName(given_name=given, family_name=family)
    assert plain_name(name) == name
