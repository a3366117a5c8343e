"""The words of the pages: one file per language, and nothing is ever said that is not in it."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.core import Locale, UnknownLocaleError, negotiate_locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.plural import PluralRule
from babel.units import format_unit
from markupsafe import Markup

FALLBACK = "en"
_FOLDER = Path(__file__).with_name("locales")
_TERRITORY = re.compile(r"[A-Z]{2}")
LANGUAGES = frozenset(path.stem for path in _FOLDER.glob("*.toml"))


class Texts:
    """The texts of one language, looked up by dotted names such as `hat.yes`."""

    def __init__(self, language: str, territory: str | None) -> None:
        with (_FOLDER / f"{language}.toml").open("rb") as file:
            self._texts: dict[str, Any] = tomllib.load(file)
        self.locale = _locale(language, territory or self._texts["territory"])
        self.language = language

    def say(self, *path: str, count: int | None = None, **values: object) -> Markup:
        """Returns one text with its values put in, each escaped.

        Raises KeyError for a name that the language's file does not have.
        """
        found = self._at(path)
        if count is not None:
            found, values["count"] = found[self._plural_form(count)], count
        written = {name: self._written(value) for name, value in values.items()}
        return Markup(found).format(**written)  # noqa: S704 - our own words

    def find(self, *path: str, **values: object) -> Markup | None:
        """Returns one text, or None: a newer version may name what this one cannot."""
        try:
            return self.say(*path, count=None, **values)
        except KeyError:
            return None

    def name(self, *path: str) -> Markup:
        """Returns the name of a member of an enumeration, or what is said of an unknown one."""
        return self.find(*path) or self.say(*path[:-1], "unknown")

    def say_fullest(self, *path: str, **values: object) -> Markup | None:
        """Returns the first of several texts that all needed values are there for; or None."""
        try:
            texts: Sequence[str] = self._at(path)
        except KeyError:
            return None
        for text in texts:
            with suppress(KeyError):
                return Markup(text).format(**values)  # noqa: S704 - our own words
        return None

    def _at(self, path: Sequence[str]) -> Any:
        found: Any = self._texts
        for name in ".".join(path).split("."):
            found = found[name]
        return found

    def day(self, moment: datetime | date) -> str:
        """Writes a day as the reader does: 2 March 2026, or March 2, 2026."""
        return format_date(moment, "long", locale=self.locale)

    def month(self, moment: datetime | date) -> str:
        """Writes a month as the reader does: March 2026."""
        return format_skeleton("yMMMM", moment, locale=self.locale)

    def duration(self, months: int) -> str:
        """Writes a duration as people say it: 22 months, 3 years, 2 years and 6 months."""
        years, rest = divmod(months, 12)
        if months < 24 and (rest or not years):
            return format_unit(months, "duration-month", locale=self.locale)
        counted = [(years, "duration-year"), (rest, "duration-month")]
        parts = [format_unit(count, unit, locale=self.locale) for count, unit in counted if count]
        return format_list(parts, locale=self.locale)

    def countries(self, codes: Iterable[str]) -> str:
        """Lists countries (ISO 3166-1 alpha-2) by the names that the reader knows them by."""
        names = sorted(self.locale.territories.get(code, code) for code in codes)
        return format_list(names, locale=self.locale)

    def _written(self, value: object) -> object:
        return format_decimal(value, locale=self.language) if isinstance(value, int) else value

    def _plural_form(self, count: int) -> str:
        rule: PluralRule = self.locale.plural_form
        return rule(count)


def texts(tag: str | None = None) -> Texts:
    """Returns the texts for a reader by their BCP 47 tag, such as `en-US`, read once.

    They are the English ones where a language has none.
    """
    language, _, territory = (tag or "").partition("-")
    known = language if language in LANGUAGES else FALLBACK
    return _texts(known, territory if _TERRITORY.fullmatch(territory) else None)


def preferred_texts(accepted: str) -> Texts:
    """Returns the texts for a browser by its header Accept-Language.

    They are those of the first language it names that there are texts in.
    """
    named = (each.partition(";")[0].strip() for each in accepted.lower().split(","))
    return texts(negotiate_locale(named, LANGUAGES, sep="-"))


@lru_cache(maxsize=512)
def _texts(language: str, territory: str | None) -> Texts:
    return Texts(language, territory)


def _locale(language: str, territory: str) -> Locale:
    try:
        return Locale.parse(f"{language}_{territory}")
    except UnknownLocaleError:
        return Locale.parse(language)
