"""Moments and days on the wire: texts that mean one instant or one day to everybody, and no other.

A number could be seconds, milliseconds or a day of a spreadsheet; a time without an offset could be
anybody's. Such values are refused, never guessed at.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

AnyDate = TypeVar("AnyDate", bound=date)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(?P<offset>Z|[+-][0-9]{2}(:?[0-5][0-9])?)?",
    re.IGNORECASE,
)
_TOO_FAR = timedelta(hours=16)
_DATE_LENGTH = len("2026-02-25")

_NO_MOMENT = "write a moment as RFC 3339 has it, such as 2026-02-25T09:07:31Z"
NO_OFFSET = "add the offset, such as Z or +01:00"
_NO_DAY = "write a day as RFC 3339 has it, such as 2026-02-25"


def moment_of(text: str) -> datetime:
    """Reads RFC 3339, also without seconds, or a colon in the offset, as many libraries write it.

    Raises ValueError that says what to write instead.
    """
    day, separator, time = text[:_DATE_LENGTH], text[_DATE_LENGTH:][:1], text[_DATE_LENGTH + 1 :]
    read = _TIME.fullmatch(time)
    if not _DAY.fullmatch(day) or separator not in {"T", "t", " "} or not read:
        raise ValueError(_NO_MOMENT)
    if not read["offset"]:
        raise ValueError(NO_OFFSET)
    try:
        return datetime.fromisoformat(f"{day}T{time.upper()}")
    except ValueError:
        raise ValueError(_NO_MOMENT) from None


def day_of(text: str) -> date:
    """Reads a full date as RFC 3339 has it; raises ValueError that says what to write instead."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(_NO_DAY)


def is_reckonable(day: date) -> bool:
    """Tells whether one can calculate with it; the years at the ends of the calendar forbid it."""
    if not 1900 <= day.year < 2200:
        return False
    return not isinstance(day, datetime) or 1900 <= day.astimezone(UTC).year < 2200


def _moment(given: Any) -> datetime:
    if isinstance(given, datetime):
        return given
    if not isinstance(given, str):
        raise ValueError(_NO_MOMENT)
    return moment_of(given)


def _day(given: Any) -> date:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if not isinstance(given, str):
        raise ValueError(_NO_DAY)
    return day_of(given)


def _reckonable(day: AnyDate) -> AnyDate:
    if not is_reckonable(day):
        raise ValueError("the year must be between 1900 and 2199")
    return day


def _kept(moment: datetime) -> datetime:
    """Returns a moment as a table can keep it: PostgreSQL knows no offset of 16 hours."""
    is_far = abs(moment.utcoffset() or timedelta()) >= _TOO_FAR
    return moment.astimezone(UTC) if is_far else moment


Day = Annotated[date, BeforeValidator(_day), AfterValidator(_reckonable)]
"""A day that one can calculate with."""

Moment = Annotated[
    AwareDatetime, BeforeValidator(_moment), AfterValidator(_reckonable), AfterValidator(_kept)
]
"""An instant that one can calculate with."""
