"""Words what speaks for and against somebody, in the language of the page."""

from collections.abc import Iterable
from datetime import date

from babel.core import Locale
from babel.dates import format_skeleton
from babel.lists import format_list
from markupsafe import Markup

from services.intake.pages.wording import Texts
from shared.contract.events.evidence import Evidence


def worded(evidence: Iterable[Evidence], texts: Texts) -> list[Markup]:
    """Returns a sentence for each claim; a claim that this version has no words for is left out."""
    return [sentence for one in evidence if (sentence := _sentence(one, texts))]


def _sentence(evidence: Evidence, texts: Texts) -> Markup | None:
    """Returns the fullest of the code's sentences whose facts are all there."""
    return texts.say_fullest("shortlist", "evidence", evidence.code, **_facts(evidence, texts))


def _facts(evidence: Evidence, texts: Texts) -> dict[str, object]:
    """Returns the facts that are there, each as people of the language write it."""
    locale = texts.locale
    stage = evidence.stage and texts.find("shortlist", "stage", evidence.stage)
    words = evidence.words and format_list(evidence.words, locale=locale)
    found = {
        "name": evidence.name,
        "months": _duration(evidence.months, texts),
        "needed": _duration(evidence.needed_months, texts),
        "missing": _duration(evidence.missing_months, texts),
        "passed": _duration(evidence.passed_months, texts),
        "projected": _duration(evidence.projected_months, texts),
        "on": evidence.on and _month(evidence.on, locale),
        "expected": evidence.expected_on and _month(evidence.expected_on, locale),
        "date": evidence.date and _partial_date(evidence.date, locale),
        "place": evidence.place,
        "stage": stage,
        "level": evidence.level,
        "needed_level": evidence.needed_level,
        "country": _country(evidence.country, locale),
        "needed_country": _country(evidence.needed_country, locale),
        "words": words,
        "shown": len(evidence.words) or None,
        "total": evidence.total,
    }
    return {name: fact for name, fact in found.items() if fact}


def _duration(months: int | None, texts: Texts) -> str | None:
    return None if months is None else texts.duration(months)


def _month(day: date, locale: Locale) -> str:
    return format_skeleton("yMMMM", day, locale=locale)


def _partial_date(partial: str, locale: Locale) -> str:
    """Writes a date as exact as it was given, but to no day: `2025` or `March 2025`."""
    year, _, rest = partial.partition("-")
    return _month(date(int(year), int(rest[:2]), 1), locale) if rest else year


def _country(code: str | None, locale: Locale) -> str | None:
    return locale.territories.get(code, code) if code else None
