"""Business hours and working days where somebody lives: who plans and who sends must agree.

Where the zone is unknown, the hours count that are business hours in every zone of the country;
where those do not overlap, or the country is unknown too, those of whoever writes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays, list_supported_countries

from shared.contract.events.contacts import Window
from shared.contract.zones import country_of, known_zone, zones_of

DAY = timedelta(days=1)
LONGEST_CLOSED = timedelta(days=30)
"""How far ahead opening hours are to be looked for: no country closes for longer."""
SATURDAY = 5
FIRST_DAY, LAST_DAY = date(1900, 1, 2), date(2199, 12, 30)
"""Of the calendar that events can carry; whatever the zone, these days lie within it."""
SEASONS = (date(2025, 1, 15), date(2025, 7, 16))
"""A working day in either half of the year: zones that shift their clocks differ by season."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours that are business hours in all of the zones at once."""

    zones: tuple[str, ...]
    country: str
    opens: time = time(9)
    closes: time = time(17)

    def windows(self, start: datetime, end: datetime) -> Iterator[Window]:
        """Returns what lies open between two instants, in order."""
        day = (start - DAY).date()
        while day <= (end + DAY).date():
            window = _open(self.zones, self.country, self.opens, self.closes, day)
            day += DAY
            if window and (clipped := _clipped(window, start, end)):
                yield clipped

    def working_days_after(self, start: datetime, days: int) -> datetime:
        """Returns the same time of day so many working days later, by the first of the zones."""
        local = start.astimezone(_zone(self.zones[0]))
        day = local.date()
        while days:
            day += DAY
            if _is_working_day(self.country, day):
                days -= 1
        return _instant(day, local.time(), self.zones[0])

    def midnight(self, day: date) -> datetime:
        """Returns the instant at which a day has begun in every zone, as far as events carry it."""
        day = min(max(day, FIRST_DAY), LAST_DAY)
        return max(_instant(day, time(), zone) for zone in self.zones)

    def day(self, at: datetime) -> date:
        """Returns the day that has begun in every zone: that of midnight, from midnight on."""
        return min(at.astimezone(_zone(zone)).date() for zone in self.zones)


def hours_of(zone: str | None, country: str | None, here: Hours) -> Hours:
    """Returns the hours of somebody, from what is known of where they are; `here` is where we are.

    A country that is said goes before that of the zone.
    """
    if zone and (zone := known_zone(zone)):
        country = country or country_of(zone) or here.country
        return replace(here, zones=(zone,), country=country)
    zones = zones_of(country or "")
    if country and _overlapping(zones, here.opens, here.closes):
        return replace(here, zones=zones, country=country)
    return here


@lru_cache(maxsize=1000)
def _overlapping(zones: tuple[str, ...], opens: time, closes: time) -> bool:
    """Tells whether there are hours that are business hours in all of the zones, all year."""
    return bool(zones) and all(_common(zones, opens, closes, day) for day in SEASONS)


@lru_cache(maxsize=50_000)
def _open(
    zones: tuple[str, ...], country: str, opens: time, closes: time, day: date
) -> Window | None:
    if not FIRST_DAY <= day <= LAST_DAY or not _is_working_day(country, day):
        return None
    return _common(zones, opens, closes, day)


def _common(zones: tuple[str, ...], opens: time, closes: time, day: date) -> Window | None:
    start = max(_instant(day, opens, zone) for zone in zones)
    end = min(_instant(day, closes, zone) for zone in zones)
    return Window(opens_at=start, closes_at=end) if start < end else None


def _clipped(window: Window, start: datetime, end: datetime) -> Window | None:
    if start <= window.opens_at and window.closes_at <= end:
        return window
    opens_at, closes_at = max(window.opens_at, start), min(window.closes_at, end)
    return Window(opens_at=opens_at, closes_at=closes_at) if opens_at < closes_at else None


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, _zone(zone)).astimezone(UTC)


@lru_cache(maxsize=1000)
def _zone(name: str) -> ZoneInfo:
    """Returns a zone; ZoneInfo itself keeps eight, and reads the rest of a country's anew."""
    return ZoneInfo(name)


def _is_working_day(country: str, day: date) -> bool:
    """A day is free if it is a week-end here or there, or a public holiday anywhere there.

    Which part of the country it is nobody knows: a holiday of any part may be theirs.
    """
    if day.weekday() >= SATURDAY:
        return False
    calendar = _calendar(country)
    return calendar is None or (
        calendar.is_working_day(day) and day not in _holidays(country, day.year)
    )


@lru_cache(maxsize=300)
def _calendar(country: str) -> HolidayBase | None:
    """Returns a country's calendar; the library would take the name of one of its modules too."""
    return country_holidays(country) if country in list_supported_countries() else None


@lru_cache(maxsize=1000)
def _holidays(country: str, year: int) -> frozenset[date]:
    """Returns the days of a year that are public holidays in the country or in a part of it.

    The years beside it count too: New Year's Day on a Saturday is kept on the day before.
    """
    beside = range(year - 1, year + 2)
    return frozenset(day for each in beside for day in _kept(country, each) if day.year == year)


@lru_cache(maxsize=1000)
def _kept(country: str, year: int) -> frozenset[date]:
    """Returns the days on which a year's public holidays are kept, wherever in the country."""
    parts = (None, *list_supported_countries()[country])
    return frozenset(day for part in parts for day in country_holidays(country, part, years=year))
