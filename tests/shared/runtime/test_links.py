"""Links are unguessable, good for one purpose, and end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.links import LinkPurpose, Links

KEY = "a key of at least thirty-two bytes, for tests"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
CLAIMS = {"candidate": "0b6f8c1e-3d55-4f3e-9c58-5a1f3f6f1c11", "wording": "letter-en-1", "asks": ""}

links = Links(KEY, "https://jobs.example.org/notyet/")


def token(purpose: LinkPurpose = LinkPurpose.CANDIDATE) -> str:
    return links.url(purpose, CLAIMS, TOMORROW).rsplit("/", 1)[1]


@pytest.mark.parametrize(
    ("purpose", "path"),
    [
        (LinkPurpose.CANDIDATE, "c"),
        (LinkPurpose.UNSUBSCRIBE, "u"),
        (LinkPurpose.SHORTLIST, "s"),
        (LinkPurpose.RECORD, "d"),
        (LinkPurpose.ADDRESS, "v"),
    ],
)
def test_a_link_lies_below_the_public_url_and_gives_its_claims_back(
    purpose: LinkPurpose, path: str
) -> None:
    assert links.url(purpose, CLAIMS, TOMORROW).startswith(
        f"https://jobs.example.org/notyet/{path}/"
    )
    assert links.read(token(purpose), purpose, NOW) == CLAIMS


def test_a_link_ends_at_its_expiry_by_the_time_it_is_given() -> None:
    assert links.read(token(), LinkPurpose.CANDIDATE, TOMORROW - timedelta(seconds=1)) == CLAIMS
    assert links.read(token(), LinkPurpose.CANDIDATE, TOMORROW) is None


@pytest.mark.parametrize("purpose", [LinkPurpose.UNSUBSCRIBE, LinkPurpose.SHORTLIST])
def test_a_link_for_one_purpose_opens_no_other(purpose: LinkPurpose) -> None:
    assert links.read(token(), purpose, NOW) is None


def test_a_link_of_another_key_is_refused() -> None:
    others = Links(KEY[::-1], "https://jobs.example.org")
    assert others.read(token(), LinkPurpose.CANDIDATE, NOW) is None


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_links_of_former_keys_work_on_and_new_ones_are_written_with_the_current(
    purpose: LinkPurpose,
) -> None:
    once, twice = "1" * 32, "2" * 32
    rotated = Links(twice, "https://jobs.example.org", [once, KEY])
    assert rotated.read(token(purpose), purpose, NOW) == CLAIMS
    new = rotated.url(purpose, CLAIMS, TOMORROW).rsplit("/", 1)[1]
    assert rotated.read(new, purpose, NOW) == CLAIMS
    assert Links(twice, "https://jobs.example.org").read(new, purpose, NOW) == CLAIMS
    assert Links(once, "https://jobs.example.org", [KEY]).read(new, purpose, NOW) is None


def test_changing_any_single_character_makes_the_link_worthless() -> None:
    good = token()
    for at, character in enumerate(good):
        for other in {"A", "B", "b", "-", ".", "é"} - {character}:
            changed = good[:at] + other + good[at + 1 :]
            assert links.read(changed, LinkPurpose.CANDIDATE, NOW) is None


@given(st.text())
def test_whatever_is_not_a_token_is_refused_and_never_raises(text: str) -> None:
    assert links.read(text, LinkPurpose.CANDIDATE, NOW) is None
    assert links.read(f"{token()}{text}", LinkPurpose.CANDIDATE, NOW) in (
        (CLAIMS,) if not text else (None,)
    )


def test_the_signature_has_256_bits() -> None:
    signature = token().rpartition(".")[2]
    assert len(signature) * 6 >= 256


def test_a_key_too_short_to_be_safe_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="32 random bytes"):
        Links("short", "https://jobs.example.org")
    with pytest.raises(ValueError, match="32 random bytes"):
        Links(KEY, "https://jobs.example.org", ["short"])
