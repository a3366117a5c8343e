from dataclasses import dataclass, field

import pytest

from shared.runtime.marks import Marker

MARKER = Marker(["a key"])
PERSON = ("Sinéad van der O'Brien", "Sinead.O.Brien@Mail.example", "+353 86 123 4567")


@dataclass
class Told:
    value: bytes
    key: bytes | None = None
    headers: list[tuple[str, bytes | None]] = field(default_factory=list)
    timestamp: int = 0


def is_recognised(text: str, known_as: str, marker: Marker = MARKER) -> bool:
    return not marker.of_person([known_as]).isdisjoint(MARKER.of_record(Told(text.encode())).all)


@pytest.mark.parametrize(
    ("text", "known_as"),
    [
        ("SINEAD VAN DER O’BRIEN", PERSON[0]),
        ('{"givenName": "Sinéad", "familyName": "O\'Brien"', PERSON[0]),
        ("O'Brien, Sinéad", PERSON[0]),
        ("Jose Mueller", "José Müller"),
        ("王伟", "王伟"),
        ("<sinead.o.brien@mail.example>;", PERSON[1]),
        ("mailto:SINEAD.O.BRIEN@MAIL.EXAMPLE?subject=x", PERSON[1]),
        ("anna@xn--mller-kva.example", "Anna@müller.example"),
        ("anna@müller.example", "anna@xn--mller-kva.example"),
        ("anna@xn--mller-kva.example", "anna@xn--mller-kva.example"),
        ("J&uuml;rgen M&uuml;ller", "Jürgen Müller"),
        ("Sin\u00adéad O'Bri\u200ben", PERSON[0]),
        ("086\u00ad1234567", PERSON[2]),
        ("Tel 086/123 45-67 mob", PERSON[2]),
        ("00353861234567", PERSON[2]),
        ("(086)\u00a01234567 2015", PERSON[2]),
        ("2015 086 1234567", PERSON[2]),
        ("٠٨٦١٢٣٤٥٦٧", PERSON[2]),
        ('{"phone":353861234567}', PERSON[2]),
        ("+353 (0)86 123-4567", PERSON[2]),
        ("fax 12, 086 1234567 2015", PERSON[2]),
        ("0861234567", "00353 86 1234567"),
        ("0612345678", "+390612345678"),
        ("0151 23456789", "+49 (0) 151 23456789"),
    ],
)
def test_somebody_is_recognised_in_every_spelling(text: str, known_as: str) -> None:
    assert is_recognised(text, known_as)


@pytest.mark.parametrize(
    ("text", "known_as"),
    [
        ("Sinéad met somebody at work, and later Mrs O'Brien", PERSON[0]),
        ("given name, family name", "Name Given"),
        ("Dr. Prof. Smith", "Dr. Prof. Jones"),
        ("Sinéad", "Sinéad"),
        ("other.o.brien@mail.example", PERSON[1]),
        ("order 1234567 of 86", PERSON[2]),
        ("order 99861234567", PERSON[2]),
        ("+43 660 861234567", PERSON[2]),
        ("0660/861234567", PERSON[2]),
        ("4111 861234567", PERSON[2]),
        ("61234567", PERSON[2]),
        ("anna@xn--mller-kva.example", "anna@muller.example"),
        ("anna@xn--.example", "anna@müller.example"),
        ("order x861234567", PERSON[2]),
        ("861234567f", PERSON[2]),
    ],
)
def test_somebody_else_is_not(text: str, known_as: str) -> None:
    assert not is_recognised(text, known_as)


def test_marks_made_under_a_former_key_are_met_and_those_of_another_key_are_not() -> None:
    old, rotated = Marker(["old"]), Marker(["new", "old"])
    record = Told(b"x", key=b"c-1", headers=[("ce_subject", b"c-2")])
    assert old.of_id("c-1") in rotated.of_record(record).identities
    assert old.of_id("c-2") in rotated.of_record(record).identities
    assert Marker(["other"]).of_id("c-1") not in rotated.of_record(record).identities
