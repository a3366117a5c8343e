"""Links are unguessable, good for one purpose, and end."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.links import PATHS, LinkPurpose, Links, ShortLink

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


@pytest.mark.parametrize("purpose", list(PATHS))
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


def short(
    of: Links = links, purpose: LinkPurpose = LinkPurpose.CANDIDATE, message: str = "m-1"
) -> ShortLink:
    return of.short(purpose, message, CLAIMS, TOMORROW)


def token_of(link: ShortLink) -> str:
    return link.url.rpartition("/")[2]


def test_a_short_link_has_at_most_30_characters_beyond_the_host_and_128_bits() -> None:
    at_the_root = Links(KEY, "https://jobs.example.org")
    path = short(at_the_root).url.removeprefix("https://jobs.example.org")
    assert len(path) <= 30
    token = path.removeprefix("/t/")
    assert re.fullmatch("[a-z2-7]+", token), "no reader takes it for the end of a sentence"
    assert len(token) * 5 >= 128


def test_a_short_link_is_the_same_again_for_a_message_and_a_purpose_and_for_no_other() -> None:
    assert short() == short()
    others = [
        short(message="m-2"),
        short(purpose=LinkPurpose.SHORTLIST),
        short(Links("2" * 32, "")),
    ]
    assert len({token_of(link) for link in [short(), *others]}) == 4


def test_a_short_link_is_found_by_the_hash_of_its_token_whose_key_was_rotated_since() -> None:
    rotated = Links("2" * 32, "https://jobs.example.org", [KEY])
    assert short().token_hash in rotated.short_hashes(token_of(short()))
    assert short(rotated).token_hash == rotated.short_hashes(token_of(short(rotated)))[0]
    forgotten = Links("2" * 32, "https://jobs.example.org")
    assert short().token_hash not in forgotten.short_hashes(token_of(short()))


@given(st.text())
def test_no_text_is_taken_for_a_short_link_and_none_raises(text: str) -> None:
    assert short().token_hash not in links.short_hashes(text)
    assert short().token_hash not in links.short_hashes(f"{token_of(short())}{text or ' '}")


def test_neither_the_hash_nor_the_claims_hold_the_token() -> None:
    link = short()
    assert token_of(link) not in f"{link.token_hash} {link.claims}"


def mail_token(of: Links = links, message: str = "m-1", at: datetime = NOW) -> str:
    return of.mail_return(message, CLAIMS, at, TOMORROW).token


def test_what_comes_back_to_a_mail_is_known_by_its_token_also_under_a_key_from_before() -> None:
    rotated = Links("another key of at least thirty-two bytes", "https://x.example", [KEY])
    known = links.mail_return("m-1", CLAIMS, NOW, TOMORROW)
    for reader in (links, rotated):
        for written in (known.token, known.token.upper()):
            read = reader.mail(written)
            assert read is not None
            assert known.token_hash in read.hashes
            assert read.written_at == NOW.timestamp()
    assert mail_token(rotated) != known.token


def test_a_token_of_a_mail_is_its_own_and_says_nothing() -> None:
    tokens = {mail_token(), mail_token(message="m-2"), mail_token(at=TOMORROW)}
    assert len(tokens) == 3
    assert all(re.fullmatch("[a-z2-7]{48}", each) for each in tokens)


@given(st.text(max_size=60))
def test_nobody_makes_up_a_token_of_a_mail(made_up: str) -> None:
    assert links.mail(made_up) is None


@pytest.mark.parametrize("at", range(48))
def test_a_token_of_a_mail_with_one_letter_changed_is_not_ours(at: int) -> None:
    token = mail_token()
    other = "a" if token[at] != "a" else "b"
    assert links.mail(token[:at] + other + token[at + 1 :]) is None
