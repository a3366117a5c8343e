"""Which names can be written to somebody."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.events.people import PersonName
from shared.contract.events.written_names import written_name


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace",
        "J. R. R. Tolkien",
        "J.Smith",
        "O’Brien",
        "Anne-Marie d'Aubigné",
        "X Æ A-12",
        "Jennifer Null",
        "Na Ri",
        "José María",
        "李小龍",
        "محمد علي",
        "राम",
        "Dr. Maria von der Heide",
        *("Ann (Annie) Able", "Ann Able (geb. Bell)", "David Wang (王小明)", "DE LA CRUZ Maria"),
        *("James Last", "No Min-woo", "Max Null", "Never Sibanda", "Don T. Able", "Do Nguyen"),
        *("Hire Singh", "Ann Test", "Ann User", "Nichter Karl", "Maria Kopischke"),
    ],
)
def test_names_stay_as_their_owners_write_them(name: str) -> None:
    assert written_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "name",
    [
        "Win 5000 now http://prize.example",
        "prize.example/win",
        "www.prize",
        "Ada \u202egpj.exe",
        "me@evil.example",
        *("evil．example", "evil。example", "evil｡example", "ｅvil․ｅxample", "me＠evil"),
        "Free money! Visit us",
        "visit prize dot example",
        "=?utf-8?q?x?=",
        "Nurse\r\nBcc: everybody",
        "null null",
        "N/A",
        "(null)",
        "A" * 300,
        "",
        " \u200b ",
        *"\u034f\u115f\u1160\u17b4\u2800\u3164\ufe0f\uffa0",
    ],
)
def test_what_is_no_name_is_written_to_nobody(name: str) -> None:
    assert written_name(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        *("Vorname", "Vorname Nachname", "No Name", "Candidate", "Candidate 7", "Bewerberin"),
        *("First Last", "firstName lastName", "Your Name", "Prénom Nom", "Anonym", "Deleted User"),
        *("Unknown Candidate", "Herr Unbekannt", "Max Mustermann", "Vorname_Nachname"),
        *("N.N.", "Dear Candidate"),
    ],
)
def test_what_stands_in_the_place_of_a_name_is_none(name: str) -> None:
    assert written_name(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        *("DO NOT HIRE Ann Able", "Ann Able - withdrawn", "Ann Able – VIP", "Ann Able (deceased)"),
        *("Ann Able - 2nd choice", "Ann Able - do not hire"),
        *("Ann Able (blacklist)", "NICHT EINSTELLEN Ann Able", "Ann Able (Duplicate)"),
        *("Ann Able (COPY)", "Ann Able no-show", "Ann Able (extern)", "Ann Able ne pas embaucher"),
        *("Ann Able verstorben", "Don't contact Ann Able", "Never hire Ann Able", "- Ann Able"),
    ],
)
def test_what_colleagues_noted_beside_a_name_is_told_to_nobody(name: str) -> None:
    assert written_name(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        *("Anna Müller - Huber", "ANNA MÜLLER - HUBER", "Иван Петров - Сидоров", "王 - 伟"),
        *("Anna Müller - de Vries", "María SMITH - JONES", "María López - de la Cruz"),
    ],
)
def test_two_surnames_with_blanks_around_their_dash_are_a_name(name: str) -> None:
    assert written_name(name) == name


@pytest.mark.parametrize("name", ["J\ufffdrgen M\ufffdller", "Ann\ufffd"])
def test_a_name_of_which_a_letter_was_lost_greets_nobody(name: str) -> None:
    assert written_name(name) == ""


def test_what_nobody_sees_is_taken_out_of_a_name() -> None:
    assert written_name("Ada\u200b \u202eLove\x07lace") == "Ada Lovelace"


@given(st.text(max_size=150), st.text(max_size=150) | st.none())
def test_no_name_carries_a_control_an_address_or_an_encoded_word(full: str, first: str) -> None:
    person = PersonName(full_name=full, given_name=first)
    for shown in (person.display, person.salutation):
        assert shown == " ".join(shown.split())
        assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Zl", "Zp"}
        assert not any(mark in shown for mark in ("=?", "/", "@", "<", ">", "\\", ":"))
