"""What the product does with texts of others takes time in proportion to their size."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce
from itertools import pairwise, product
from string import ascii_lowercase

import pytest

from services.intake.applicants.domain.grouping import Refusal, Verdicts, group
from services.intake.applicants.domain.identity import IdentityHash, normal_email, normal_phone
from services.intake.applicants.domain.people import Applicant
from services.intake.applicants.domain.register import Claim, PersonalData, Stamp
from services.intake.mailbox.domain.leaving import wants_no_more
from services.intake.mailbox.domain.quoting import own_words, words_below
from services.intake.mailbox.domain.received import Envelope, read
from services.intake.mailbox.domain.signing import is_only_signed
from services.intake.privacy.domain.quarantine_search import marks
from services.intake.privacy.domain.scrubbing import Scrubber, scrub_note, scrub_profile
from services.matcher.domain import tokenisation
from shared.contract.events.profile import Profile
from shared.contract.mail_addresses import MailRole
from shared.runtime.marks import Marker
from shared.runtime.quarantine import Copy
from shared.runtime.readings import readings
from shared.runtime.telemetry import redact
from tests.linear import MOST_GROWTH, growth

SIZE, SIZE_OF_ANSWER = 8_000, 2_000
MOMENT = datetime(2026, 3, 2, tzinfo=UTC)

Work = Callable[[str], object]

_PERSON = ("Jane O'Brien", "jane.obrien85@mail.example", "+4915123456789", "0151 23456789")
_WORDS = ["".join(letters) for letters in product(ascii_lowercase, repeat=2)]
_MANY = (
    " ".join(_WORDS[:160]),
    *(f"{one} {other}" for one, other in pairwise(_WORDS)),
)
_SCRUBBER = Scrubber(_PERSON, ["Baker"])
_MANY_NAMES = Scrubber(_MANY)
_IDENTITY, _MARKER = IdentityHash("a key of at least thirty-two bytes"), Marker(["a key"])


def _profile(text: str) -> object:
    profile = Profile(summary=text[:60_000], resume_text=text[60_000:120_000])
    return scrub_profile(profile, profile.model_dump_json(by_alias=True), _PERSON)


def _marks(text: str) -> object:
    return marks(Copy(b"k", text.encode(), [("ce_source", b"s")], 0), _IDENTITY, _MARKER)


WORK: dict[str, Work] = {
    "scrubbing a text": _SCRUBBER.scrub,
    "scrubbing a text of somebody with hundreds of names": _MANY_NAMES.scrub,
    "scrubbing a note": lambda text: scrub_note(text, _PERSON, "Baker"),
    "scrubbing a profile": _profile,
    "recognising somebody in a broken record": _marks,
    "reading bytes in every encoding": lambda text: list(readings(text.encode())),
    "redacting a line of the log": redact,
    "normal form of an address": normal_email,
    "normal form of a number": lambda text: normal_phone(text, "DE"),
    "words of a text": tokenisation.split,
    "language of a text": tokenisation.language_of,
}

_UNITS = (
    *("a", "1", " ", ".", "@", "a@", "1 ", "+1 ", "(", "\\u0041", "%41", "&#65;", "QUJD", "=41"),
    *("Jane ", "Jane O'Brien ", "jane.obrien85", "J. ", "J a n e ", "12 High Street ", "in/"),
    *("0151 ", "15123456789 ", "a.b@c.de ", "www.a ", "github.com/a ", "Hauptstr. 1 ", "geb. "),
    *("\n", "é", "’", "王", "\u0301", '"source":"a",', '"applicantId":"a",', "aa ab ", "\\"),
    *("Religion: ", "I am a ", "my ", "member of ", "Skype: "),
)


def _again(unit: str) -> Callable[[int], str]:
    return lambda size: unit * (size // len(unit))


TEXTS: dict[str, Callable[[int], str]] = {
    **{f"{unit!r} again and again": _again(unit) for unit in _UNITS},
    "Base64": lambda size: random.Random(size).randbytes(size).hex(),
    "words": lambda size: " ".join(random.Random(1).choices(_WORDS, k=size // 3)),
    "JSON in JSON": lambda size: json.dumps(json.dumps(["Jane O'Brien"] * (size // 20))),
}


def _mail(text: str) -> object:
    head = "From: Ada <a@b.example>\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit"
    return read(Envelope("a@b.example", MailRole.REPLY, f"{head}\r\n\r\n{text}".encode()))


def _signed_with(unit: str) -> Callable[[int], str]:
    return lambda size: f"Thanks\na{_again(unit)(size)}"


_IN_ANSWERS = (
    *("|", " | ", ":", "-", " - ", ")", ",", "<", "&a", "> ", "\ufdfa", "\u0301\u0316"),
    *("never text me ", "because "),
)
OF_ANSWERS: dict[str, Work] = {
    "a mail": _mail,
    "own words of an answer": own_words,
    "what stands below a letter": words_below,
    "whether an answer is only signed": lambda text: is_only_signed(text, "Ada"),
    "whether an answer asks for no more": wants_no_more,
}
ANSWERS = {
    **TEXTS,
    **{f"{unit!r} again and again": _again(unit) for unit in _IN_ANSWERS},
    **{f"{unit!r} in a signature": _signed_with(unit) for unit in (*_UNITS, *_IN_ANSWERS)},
}


@pytest.mark.parametrize("what", WORK)
def test_no_text_costs_more_than_in_proportion_to_its_size(what: str) -> None:
    assert not slow(WORK[what], TEXTS, SIZE)


@pytest.mark.parametrize("what", OF_ANSWERS)
def test_no_answer_costs_more_than_in_proportion_to_its_size(what: str) -> None:
    assert not slow(OF_ANSWERS[what], ANSWERS, SIZE_OF_ANSWER)


def slow(work: Work, texts: dict[str, Callable[[int], str]], size: int) -> dict[str, float]:
    """Returns by how much the work grows with those texts that it grows too fast with."""
    found = {}
    for name, text in texts.items():

        def make(times: int, text: Callable[[int], str] = text) -> str:
            return text(size * times)

        if (grown := growth(make, work)) > MOST_GROWTH:
            found[name] = round(grown, 1)
    return found


def test_ever_new_names_of_one_person_cost_in_proportion_to_their_number() -> None:
    def make(times: int) -> list[PersonalData]:
        return [
            PersonalData(also_known_as={f"e{each}y{more}@x.example": MOMENT for more in range(10)})
            for each in range(200 * times)
        ]

    assert growth(make, lambda said: reduce(PersonalData.joined, said)) <= MOST_GROWTH


def test_what_two_systems_tell_is_compared_in_proportion_to_how_much_it_is() -> None:
    emails: Claim[tuple[str, ...]] = Claim(("a@mail.example",), Stamp(MOMENT, ""))
    two = [
        Applicant(key, key, key, PersonalData(emails=emails), None, None, MOMENT, MOMENT)
        for key in ("one", "other")
    ]

    def make(times: int) -> dict[str, list[Refusal]]:
        number = range(1_000 * times)
        return {
            "one": [Refusal(f"a{each}", f"v{each}", f"Job {each}", MOMENT) for each in number],
            "other": [
                Refusal(f"b{each}", f"w{each}", f"Job {-each}", MOMENT) for each in number[1:]
            ],
        }

    assert growth(make, lambda told: group(two, Verdicts(), told)) <= MOST_GROWTH
