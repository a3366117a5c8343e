"""Words what speaks for and against somebody, in the language of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from babel.lists import format_list
from markupsafe import Markup

from services.intake.pages.wording import Texts
from shared.contract.events.citations import Citation
from shared.contract.events.evidence import Evidence


@dataclass(frozen=True, slots=True)
class WordedEvidence:
    sentence: Markup
    cited: Markup
    """What it rests on; empty where the sentence says it all."""


def worded(evidence: Iterable[Evidence], texts: Texts) -> list[WordedEvidence]:
    """Returns each claim in words; one that this version has no words for is left out."""
    return [
        WordedEvidence(sentence, _cited(one, texts))
        for one in evidence
        if (sentence := _said(one, texts))
    ]


def month(day: date, texts: Texts) -> str:
    """Writes the month of a day as people of the language do."""
    return format_skeleton("yMMMM", day, locale=texts.locale)


def _said(evidence: Evidence, texts: Texts) -> Markup | None:
    """Returns the fullest of the code's sentences whose facts are all there."""
    return texts.say_fullest("shortlist", "evidence", evidence.code, **_facts(evidence, texts))


def _cited(evidence: Evidence, texts: Texts) -> Markup:
    """Says each place once, with all the words that stand there."""
    quoted: dict[Citation, list[Markup]] = {}
    for one in evidence.citations:
        words = quoted.setdefault(one.model_copy(update={"words": None}), [])
        if one.words:
            words.append(texts.say("shortlist.quoted", words=one.words))
    places = (
        texts.say_fullest("shortlist", "cited", place.source, **_place(place, words, texts))
        for place, words in quoted.items()
    )
    return Markup("; ").join(place for place in places if place)


def _place(citation: Citation, words: Sequence[Markup], texts: Texts) -> dict[str, object]:
    return _there(
        words=words and Markup(format_list(words, locale=texts.locale)),  # noqa: S704 - escaped
        title=citation.title,
        months=_duration(citation.months, texts),
        until=citation.until and _partial_date(citation.until, texts),
        on=citation.on and month(citation.on, texts),
    )


def _facts(evidence: Evidence, texts: Texts) -> dict[str, object]:
    """Returns the facts that are there, each as people of the language write it."""
    words, country = evidence.words, texts.locale.territories.get
    listed = words and format_list(words, locale=texts.locale)
    names_all = evidence.count == len(words)
    every = evidence.count if evidence.count == evidence.total else None
    return _there(
        name=evidence.name,
        months=_duration(evidence.months, texts),
        needed=_duration(evidence.needed_months, texts),
        missing=_duration(evidence.missing_months, texts),
        passed=_duration(evidence.passed_months, texts),
        projected=_duration(evidence.projected_months, texts),
        on=evidence.on and month(evidence.on, texts),
        expected=evidence.expected_on and month(evidence.expected_on, texts),
        since=evidence.since and _partial_date(evidence.since, texts),
        date=evidence.date and _partial_date(evidence.date, texts),
        place=evidence.place,
        stage=evidence.stage and texts.find("shortlist", "stage", evidence.stage),
        level=evidence.level,
        needed_level=evidence.needed_level,
        country=evidence.country and country(evidence.country, evidence.country),
        needed_country=evidence.needed_country
        and country(evidence.needed_country, evidence.needed_country),
        words=listed,
        only=listed if evidence.total == 1 else None,
        both=listed if names_all and evidence.count == evidence.total == 2 else None,
        count=evidence.count,
        all_named=names_all and evidence.count,
        every=every,
        all_there=names_all and every,
        total=evidence.total,
    )


def _there(**facts: object) -> dict[str, object]:
    return {name: fact for name, fact in facts.items() if fact}


def _duration(months: int | None, texts: Texts) -> str | None:
    return None if months is None else texts.duration(months)


def _partial_date(partial: str, texts: Texts) -> str:
    """Writes a date as exact as it was given, but to no day: `2025` or `March 2025`."""
    year, _, rest = partial.partition("-")
    return month(date(int(year), int(rest[:2]), 1), texts) if rest else year
