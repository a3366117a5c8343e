"""A recruiter's words for months, dates, places and lists."""

from calendar import month_name
from collections.abc import Sequence
from datetime import date

LONG = 120

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def months(count: int) -> str:
    """Gives `62` as `5 years 2 months`."""
    years, rest = divmod(count, 12)
    parts = [_counted(years, "year"), _counted(rest, "month")]
    return " ".join(part for part in parts if part) or "less than a month"


def worked(count: int) -> str:
    """Gives months of work; not how many above ten years, which would tell somebody's age."""
    return months(count) if count <= LONG else f"more than {months(LONG)}"


def month(day: date) -> str:
    """Gives a day as `March 2025`."""
    return f"{month_name[day.month]} {day.year}"


def partial_month(partial: str) -> str:
    """Gives a date as exact as it was given: `2025` or `March 2025`."""
    year, _, rest = partial.partition("-")
    return f"{month_name[int(rest[:2])]} {int(year)}" if rest else year


def ordinal(place: int) -> str:
    """Gives `2` as `second`."""
    return _ORDINALS[place - 1] if place <= len(_ORDINALS) else f"number {place}"


def short(text: str, limit: int = 80) -> str:
    """Gives a name in one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def listed(words: Sequence[str]) -> str:
    """Gives `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'s' if count > 1 else ''}" if count else ""
