"""The vetted sentences of a language, and days and durations as its reader writes them."""

import re
from datetime import date
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from services.notifier.rendering.languages import FALLBACK, OTHER, Sentences, fields_of
from shared.contract.events.applications import ReasonCode, Stage, Strength
from shared.contract.events.evidence import Evidence, Readiness
from shared.contract.events.open_enum import OpenEnum
from shared.contract.events.shortfalls import RequirementKind, Shortfall

KIND_OF: dict[ReasonCode, RequirementKind] = {
    ReasonCode.EXPERIENCE_TOO_SHORT: RequirementKind.EXPERIENCE,
    ReasonCode.SKILL_MISSING: RequirementKind.SKILL,
    ReasonCode.LICENCE_MISSING: RequirementKind.LICENCE,
    ReasonCode.DEGREE_MISSING: RequirementKind.DEGREE,
    ReasonCode.LANGUAGE_TOO_WEAK: RequirementKind.LANGUAGE,
    ReasonCode.LOCATION_MISMATCH: RequirementKind.LOCATION,
    ReasonCode.PERMIT_MISSING: RequirementKind.PERMIT,
}
"""What the reasons that are about a requirement lacked."""

LONGEST_LABEL = 80

_PLAIN_TITLE = re.compile(r"[^,;:()/|–—]{1,40}")
"""A title that can stand before the word for a role: the Ward Nurse role."""

_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that reverse the direction of the words after them."""


class Wording:
    """Says codes and facts in one language, and adds nothing to them."""

    def __init__(self, language: str, territory: str, sentences: Sentences) -> None:
        self.language = language
        self._locale = _locale(language, territory)
        self.tag = "-".join(part for part in (language, self._locale.territory) if part)
        """BCP 47: what the reader's pages are written by."""
        self._sentences = sentences

    def role(self, title: str) -> str:
        """Names a role inside a sentence."""
        form = "plain" if _PLAIN_TITLE.fullmatch(title) else "long"
        return self._sentences["role"][form].format(title=title)

    def reached(self, stage: Stage) -> str | None:
        """Says how far somebody came; None where that is no comfort."""
        return self._sentences["reached"].get(stage)

    def strength(self, strength: Strength) -> str | None:
        """Says what somebody did well; None without a vetted sentence."""
        return self._sentences["strength"].get(strength)

    def where(self, locality: str | None, country: str | None) -> str | None:
        """Names a place of work, with its country where the reader may live in another one."""
        name = self._locale.territories.get(country or "")
        if not locality or not name or country == self._locale.territory:
            return locality
        return self._sentences["where"]["abroad"].format(locality=locality, country=name)

    def reason(self, code: ReasonCode) -> str:
        return self._say("reason", code)

    def brief(self, code: ReasonCode) -> str:
        """Says a reason in a text message."""
        return self._say("brief", code)

    def brief_gap(self, gap: Shortfall) -> str | None:
        """Says a shortfall of time in a text message; of the others only the reason is said."""
        if not lacks_time(gap) or not gap.observed_months:
            return None
        return self._sentences["brief"]["months"].format(**self._said_of(gap))

    def change(self, kinds: list[RequirementKind]) -> str:
        """Says what would change the answer where no day is known."""
        return self._say("change", kinds[0] if len(kinds) == 1 else "several")

    def gap(self, gap: Shortfall) -> str:
        """Says what was asked for and what there was, as a line of its own."""
        return _begun(self._say("gap", self._form_of(gap)).format(**self._said_of(gap)))

    def asked(self, gap: Shortfall) -> str:
        """Names what was missing, with how much of it was asked."""
        return self._said_of(gap)["asked"] if lacks_time(gap) else self._name(gap)

    def evidence(self, evidence: Evidence, count: int) -> str | None:
        """Says what speaks for so many people, as fully as its facts allow; None without words.

        It is a line of its own.
        """
        if not evidence.code.is_known:
            return None
        plural = f"evidence_{self._locale.plural_form(count)}"
        sentences = self._sentences.get(plural) or self._sentences[f"evidence_{OTHER}"]
        facts = self._facts(evidence) | {"count": self.number(count)}
        for form in (f"{evidence.code}_needed", evidence.code):
            sentence = sentences.get(form)
            if sentence and facts.keys() >= fields_of(sentence):
                return _begun(sentence.format(**facts))
        return None

    def standing(
        self, readiness: Readiness, count: int, not_before: date | None, today: date
    ) -> str:
        """Says how so many people stand to what a role needs: by the day within this month."""
        plural = f"standing_{self._locale.plural_form(count)}"
        sentences = self._sentences.get(plural) or self._sentences[f"standing_{OTHER}"]
        sentence = sentences["not_before" if not_before else readiness]
        return sentence.format(
            count=self.number(count), then=self.then(not_before, today) if not_before else ""
        )

    def expected(self, day: date) -> str:
        return self._sentences["gap"]["expected"].format(day=self.day(day))

    def day(self, day: date) -> str:
        return _day(self._locale, day)

    def month(self, day: date) -> str:
        return _month(self._locale, day)

    def then(self, day: date, today: date) -> str:
        """Names the month of a day to come, and the day itself where that month has begun."""
        has_begun = (day.year, day.month) == (today.year, today.month)
        return self.day(day) if has_begun else self.month(day)

    @property
    def how_to_stop(self) -> str:
        return self._sentences["text_message"]["how_to_stop"]

    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.language)

    def _say(self, about: str, code: str) -> str:
        """Returns the sentence of a code; the general one for a code that is not known here."""
        known = not isinstance(code, OpenEnum) or code.is_known
        return self._sentences[about][code if known else OTHER]

    def _facts(self, evidence: Evidence) -> dict[str, str]:
        """Writes the facts that there are."""
        stage = self._sentences["stage"].get(evidence.stage or "")
        months = evidence.needed_months
        written = {
            "name": plain(evidence.name or "", LONGEST_LABEL),
            "stage": stage,
            "needed": _duration(self._locale, months) if months else None,
        }
        return {field: text for field, text in written.items() if text}

    def _name(self, gap: Shortfall) -> str:
        name = plain(gap.name)
        if 0 < len(name) <= LONGEST_LABEL:
            return name
        return self._say("label", "months" if lacks_time(gap) else gap.kind)

    def _form_of(self, gap: Shortfall) -> str:
        if not lacks_time(gap):
            return gap.kind
        if not gap.observed_months:
            return "months_none"
        return "months_on" if gap.observed_at else "months"

    def _said_of(self, gap: Shortfall) -> dict[str, str]:
        name = self._name(gap)
        asked = self._sentences["asked"]["inline" if name[0].islower() else "titled"]
        required = _duration(self._locale, gap.required_months or 0)
        return {
            "name": name,
            "asked": asked.format(required=required, name=name),
            "observed": _duration(self._locale, gap.observed_months or 0),
            "day": self.day(gap.observed_at) if gap.observed_at else "",
        }


def plain(text: str, longest: int = 200) -> str:
    """Makes a value one line of visible text, which can break neither a header nor a layout."""
    line = " ".join(_HIDDEN.sub(" ", text).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def territory_of(locale: str) -> str | None:
    """Returns the country of a BCP 47 tag, such as AT of `de-AT`."""
    parts = locale.replace("_", "-").split("-")
    return next((part for part in parts[1:] if len(part) == 2 and part.isupper()), None)


def language_of(locale: str, known: frozenset[str]) -> str:
    """Returns the language to write in: the reader's if it is known, else English."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return language if language in known else FALLBACK


def lacks_time(gap: Shortfall) -> bool:
    """Tells whether the months say what was missing; numbers that contradict it say nothing."""
    return bool(gap.required_months) and (gap.observed_months or 0) < (gap.required_months or 0)


def _locale(language: str, territory: str) -> Locale:
    try:
        return Locale.parse(f"{language}_{territory}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)


def _begun(sentence: str) -> str:
    """Begins a line with a capital letter, but for a word that has its own further on: iOS."""
    first = sentence.partition(" ")[0]
    return sentence[:1].upper() + sentence[1:] if first.islower() else sentence


@lru_cache(maxsize=4096)
def _day(locale: Locale, day: date) -> str:
    return format_date(day, "long", locale=locale)


@lru_cache(maxsize=4096)
def _month(locale: Locale, day: date) -> str:
    return format_skeleton("yMMMM", day, locale=locale)


@lru_cache(maxsize=4096)
def _duration(locale: Locale, months: int) -> str:
    """Writes a duration as people say it: 22 months, 3 years, 2 years and 6 months."""
    years, rest = divmod(months, 12)
    if months < 24 and rest:
        return format_unit(months, "duration-month", locale=locale)
    parts = [format_unit(years, "duration-year", locale=locale)]
    if rest:
        parts.append(format_unit(rest, "duration-month", locale=locale))
    return format_list(parts, locale=locale)
