"""No page can be at a loss for words."""

from collections.abc import Iterable
from typing import get_args

import pytest

from services.intake.consent.domain import HAT_MONTHS, PAUSE_MONTHS, Fault, SimpleAnswer
from services.intake.pages.candidate_view import Lead
from services.intake.pages.wording import texts
from services.intake.shortlists.domain import Because, Choice, Obstacle
from shared.contract.events.applications import Stage, Tier
from shared.contract.events.evidence import Readiness
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Answer
from shared.contract.events.shortfalls import RequirementKind

NAMES: list[tuple[str, Iterable[str]]] = [
    ("channel", Channel),
    ("title", get_args(Lead)),
    ("hat.purpose", ConsentPurpose),
    ("hat.purpose_hint", ConsentPurpose),
    ("hat.month", map(str, HAT_MONTHS)),
    ("pause.month", map(str, PAUSE_MONTHS)),
    ("gap.kind", RequirementKind),
    ("now.purpose", ConsentPurpose),
    ("fault", get_args(Fault)),
    ("done", [*sorted(set(SimpleAnswer) - {SimpleAnswer.ERASE}), *Answer, "hat_yes", "pause"]),
    ("shortlist.tier", Tier),
    ("shortlist.readiness", Readiness),
    ("shortlist.purpose", ConsentPurpose),
    ("shortlist.message", Purpose),
    ("shortlist.answer", [Answer.INTERESTED, Answer.NOT_NOW]),
    ("shortlist.decided", [*Choice, "withdrawn"]),
    ("shortlist.obstacle", Obstacle),
    ("shortlist.because", Because),
    ("shortlist.stage", Stage),
]


@pytest.mark.parametrize(
    ("where", "name"), [(where, str(name)) for where, names in NAMES for name in names]
)
def test_everything_that_can_be_said_has_words(where: str, name: str) -> None:
    assert texts().say(where, name, day="2 March 2027")


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 people approved."), (1, "1 person approved."), (2, "2 people")]
)
def test_numbers_are_spoken_as_people_do(count: int, words: str) -> None:
    assert words in texts().say("shortlist.done.approved", count=count)


def test_what_is_put_into_a_text_is_escaped_and_never_read_as_one() -> None:
    said = texts().say("candidate.about_vacancy", vacancy="<b>{secret}</b>")
    assert said == "This is about: &lt;b&gt;{secret}&lt;/b&gt;."


def test_words_that_do_not_exist_are_an_error_and_not_an_empty_place() -> None:
    with pytest.raises(KeyError):
        texts().say("hat.maybe")
