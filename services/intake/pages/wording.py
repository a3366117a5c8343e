"""The words of the pages: one file per language, and nothing is ever said that is not in it."""

import tomllib
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.core import Locale
from babel.dates import format_date
from babel.plural import PluralRule
from markupsafe import Markup

FALLBACK = "en"
_FOLDER = Path(__file__).with_name("locales")
LANGUAGES = frozenset(path.stem for path in _FOLDER.glob("*.toml"))


class Texts:
    """The texts of one language, looked up by dotted names such as `hat.yes`."""

    def __init__(self, language: str) -> None:
        with (_FOLDER / f"{language}.toml").open("rb") as file:
            self._texts: dict[str, Any] = tomllib.load(file)
        self.locale = Locale.parse(language)
        self.language = language

    def say(self, *path: str, count: int | None = None, **values: object) -> Markup:
        """Returns one text with its values put in, each escaped.

        Raises KeyError for a name that the language's file does not have.
        """
        found = self._at(path)
        if count is not None:
            found, values["count"] = found[self._plural_form(count)], count
        return Markup(found).format(**values)  # noqa: S704 - our own words

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
        """Writes a day as people of this language do."""
        return format_date(moment, self._texts["day"], locale=self.locale)

    def _plural_form(self, count: int) -> str:
        rule: PluralRule = self.locale.plural_form
        return rule(count)


def texts(language: str | None = None) -> Texts:
    """Returns the texts of a language, read once; the English ones for a language without any."""
    return _texts(language if language in LANGUAGES else FALLBACK)


@cache
def _texts(language: str) -> Texts:
    return Texts(language)
