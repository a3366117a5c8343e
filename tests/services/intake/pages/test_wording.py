"""No page can be at a loss for words."""

from collections.abc import Iterable, Iterator
from string import Formatter
from typing import Any, get_args

import pytest

from services.intake.consent.domain import HAT_MONTHS, PAUSE_MONTHS, SimpleAnswer
from services.intake.consent.forms import Fault
from services.intake.consent.qualifying import Qualifies
from services.intake.pages.candidate_view import Lead
from services.intake.pages.shortlist_arrangement import Show, Sort
from services.intake.pages.wording import LANGUAGES, texts
from services.intake.shortlists.domain import Because, Choice, Obstacle
from shared.contract.events.applications import Stage, Tier
from shared.contract.events.contacts import Outcome
from shared.contract.events.evidence import Readiness
from shared.contract.events.people import Channel, ConsentPurpose
from shared.contract.events.profile import NewsKind
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import Answer, Notable
from shared.contract.events.shortfalls import RequirementKind

NAMES: list[tuple[str, Iterable[str]]] = [
    ("channel", Channel),
    ("title", get_args(Lead)),
    ("hat.purpose", ConsentPurpose),
    ("hat.purpose_hint", sorted(set(ConsentPurpose) - {ConsentPurpose.WHEN_QUALIFIED})),
    ("hat.when_qualified_hint", get_args(Qualifies)),
    ("hat.month", map(str, HAT_MONTHS)),
    ("pause.month", map(str, PAUSE_MONTHS)),
    ("history.interested", Outcome),
    ("history.has_it_now", Outcome),
    ("history.unwritten.interested", [*Outcome, "hired", "withdrawn"]),
    ("history.unwritten.has_it_now", [*Outcome, "hired", "withdrawn", "taken_back"]),
    ("history.nothing", [Outcome.VACANCY_CLOSED]),
    ("gap.kind", RequirementKind),
    ("news.kind", NewsKind),
    ("now.purpose", ConsentPurpose),
    ("fault", get_args(Fault)),
    ("done", [*sorted(set(SimpleAnswer) - {SimpleAnswer.ERASE}), *Answer, "hat_yes", "pause"]),
    ("done", ["interested_unheard", "has_it_now_unheard"]),
    ("done", ["has_it_now_outside_hat_unheard", "has_it_now_now_and_then_unheard"]),
    (
        "interest.answered",
        [
            f"{answer}{how}"
            for answer in ("interested", "has_it_now")
            for how in ("", "_seen", "_unheard")
        ],
    ),
    ("shortlist.tier", Tier),
    ("shortlist.readiness", sorted(set(Readiness) - {Readiness.UNKNOWN})),
    ("shortlist.purpose", ConsentPurpose),
    ("shortlist.message", Purpose),
    ("record.message", Purpose),
    ("noted.said", Notable),
    ("noted.stopped_only", Channel),
    ("record.code.noted", sorted(set(Notable) - {Notable.ERASED})),
    ("reply_page.answers_to", Purpose),
    ("shortlist.answer", [Answer.INTERESTED, Answer.NOT_NOW]),
    ("shortlist.answer_about", [Answer.INTERESTED, Answer.NOT_NOW]),
    ("shortlist.decided", [*Choice, "withdrawn", "waits", "taken_back", "taken_back_late"]),
    ("shortlist.step", ["left", "arrived", "failed", Answer.INTERESTED, Answer.NOT_NOW]),
    ("shortlist.obstacle", Obstacle),
    ("shortlist.sort_by", Sort),
    ("shortlist.show_by", Show),
    ("shortlist.because", Because),
    ("shortlist.stage", Stage),
]


PLURALS = {"zero", "one", "two", "few", "many", "other"}


def numbered(texts: Any, path: str = "") -> Iterator[tuple[str, set[str]]]:
    """Lists every text that depends on a number, with the plural forms that there are of it."""
    if isinstance(texts, dict):
        if texts.keys() <= PLURALS:
            yield path, set(texts)
        for name, text in texts.items():
            yield from numbered(text, f"{path}.{name}")


def said(texts: Any, path: str = "") -> set[tuple[str, frozenset[str]]]:
    """Lists every text by its path, with the values it takes; what depends on a number as one."""
    if isinstance(texts, dict) and not texts.keys() <= PLURALS:
        return set().union(*(said(text, f"{path}.{name}") for name, text in texts.items()))
    values = {field for _, field, _, _ in Formatter().parse(str(texts)) if field}
    return {(path, frozenset(values))}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize(
    ("where", "name"), [(where, str(name)) for where, names in NAMES for name in names]
)
def test_everything_that_can_be_said_has_words(where: str, name: str, language: str) -> None:
    assert texts(language).say(where, name, day="2 March 2027", vacancy="Cook", countries="Austria")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_says_what_english_says_with_the_same_values(language: str) -> None:
    assert said(texts(language)._texts) == said(texts()._texts)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_number_can_be_spoken_of(language: str) -> None:
    needed = {texts(language).locale.plural_form(count) for count in range(101)}
    there = dict(numbered(texts(language)._texts))
    assert there
    assert [path for path, forms in there.items() if not needed <= forms] == []


def test_a_language_without_words_is_answered_in_english() -> None:
    assert texts("tlh") is texts("../en") is texts(None) is texts("en") is texts("en-../x")


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
