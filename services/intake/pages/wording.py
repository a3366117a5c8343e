"""The words of the pages: one file per language, and nothing is ever said that is not in it."""

import tomllib
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


class Texts:
    """The texts of one language, looked up by dotted names such as `hat.yes`."""

    def __init__(self, locale: str) -> None:
        with (_FOLDER / f"{locale}.toml").open("rb") as file:
            self._texts: dict[str, Any] = tomllib.load(file)
        self._locale = Locale.parse(locale)
        self.language = locale

    def say(self, *path: str, count: int | None = None, **values: object) -> Markup:
        """Gives one text with its values put in, each escaped; an unknown name raises KeyError."""
        found: Any = self._texts
        for name in ".".join(path).split("."):
            found = found[name]
        if count is not None:
            found, values["count"] = found[self._plural_form(count)], count
        return Markup(found).format(**values)  # noqa: S704 - our own words

    def day(self, moment: datetime | date) -> str:
        """Writes a day as people of this language do."""
        return format_date(moment, self._texts["day"], locale=self._locale)

    def _plural_form(self, count: int) -> str:
        rule: PluralRule = self._locale.plural_form
        return rule(count)


@cache
def texts(locale: str = FALLBACK) -> Texts:
    """Gives the texts of a language, read once."""
    return Texts(locale)
