import pytest

from services.intake.applicants.domain.identity import (
    IdentityHash,
    normal_email,
    normal_locale,
    normal_phone,
)


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("Mira.Okafor@Mail.Example", "mira.okafor@mail.example"),
        (" a+b@x.test ", "a+b@x.test"),
        ("jürgen@bücher.example", "jürgen@bücher.example"),
        ("a@xn--bcher-kva.example", "a@bücher.example"),
        ("nobody", None),
        *((f"ad{unseen}a@c.example", None) for unseen in "\u034f\u3164\ufe0f\u200b"),
        ("a@b@c.example", None),
        ("a b@c.example", None),
        ("a..b@c.example", None),
        ("", None),
        (f"{'a' * 300}@c.example", None),
        ("Eve <eve@c.example>", None),
        ("a@c.example\r\nBcc: b@c.example", None),
    ],
)
def test_an_address_has_one_spelling_or_is_none(given: str, normal: str | None) -> None:
    assert normal_email(given) == normal


@pytest.mark.parametrize(
    ("given", "country", "normal"),
    [
        ("030 901820", "DE", "+4930901820"),
        ("+44 7700 900461", "DE", "+447700900461"),
        ("07700 900461", "GB", "+447700900461"),
        ("12", "DE", None),
        ("call me", "DE", None),
        ("030 901820", "", None),
    ],
)
def test_a_number_is_read_as_it_is_dialled_there(
    given: str, country: str, normal: str | None
) -> None:
    assert normal_phone(given, country) == normal


def test_languages_are_known_ones() -> None:
    assert normal_locale("de_AT") == "de-AT"
    assert normal_locale("auf Deutsch") is None


def test_hashes_of_different_sources_never_meet() -> None:
    identity = IdentityHash("k" * 32)
    assert identity.applicant("a", "1") != identity.applicant("b", "1")
    assert identity.applicant("a\n1", "2") != identity.applicant("a", "1\n2")
    assert identity.email("a@b.example") != IdentityHash("l" * 32).email("a@b.example")


def test_a_key_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="32 random bytes"):
        IdentityHash("short")
