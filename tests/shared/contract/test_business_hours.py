from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

import pytest
from holidays import HolidayBase, country_holidays, list_supported_countries
from hypothesis import given
from hypothesis import strategies as st

from shared.contract import business_hours as module
from shared.contract.business_hours import Hours, hours_of
from shared.contract.events.contacts import Window
from shared.contract.events.instants import is_reckonable

ZONES = sorted(available_timezones() - {"Factory", "localtime"})  # these two name no place
COUNTRIES = sorted(
    {
        line.split("\t")[0]
        for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text().splitlines()
        if not line.startswith("#")
    }
)
moments = st.integers(0, 10 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@cache
def public_holidays(country: str) -> Sequence[HolidayBase]:
    try:
        parts = [None, *list_supported_countries()[country]]
        return [country_holidays(country, part) for part in parts]
    except KeyError:
        return []


def hours(zone: str | None, country: str | None) -> Hours:
    return hours_of(zone, country, Hours(("Europe/Berlin",), "DE"))


def windows(zone: str | None, country: str | None, start: datetime, days: int = 21) -> list[Window]:
    return list(hours(zone, country).windows(start, start + timedelta(days=days)))


def assert_in_business_hours(window: Window, zone: str, country: str) -> None:
    opens = window.opens_at.astimezone(ZoneInfo(zone))
    closes = window.closes_at.astimezone(ZoneInfo(zone))
    assert opens.date() == closes.date()
    assert opens.hour >= 9
    assert (closes.hour, closes.minute, closes.second) <= (17, 0, 0)
    assert opens.weekday() < 5
    assert not any(opens.date() in holidays for holidays in public_holidays(country))


@given(zone=st.sampled_from(ZONES), country=st.sampled_from(COUNTRIES), start=moments)
def test_no_window_lies_outside_the_business_hours_of_any_zone(
    zone: str, country: str, start: datetime
) -> None:
    found = windows(zone, country, start)
    assert found
    assert found[0].opens_at >= start
    for window in found:
        assert_in_business_hours(window, zone, country)


@given(country=st.sampled_from(COUNTRIES), start=moments)
def test_without_a_zone_every_window_suits_all_zones_of_the_country_or_else_the_employer(
    country: str, start: datetime
) -> None:
    found = windows(None, country, start)
    assert found
    used = hours(None, country)
    for window in found:
        for zone in used.zones:
            assert_in_business_hours(window, zone, used.country)


def test_zones_that_share_no_business_hours_leave_the_employers() -> None:
    assert hours(None, "RU").zones == ("Europe/Berlin",)
    assert len(hours(None, "US").zones) > 20


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe", None])
def test_a_zone_that_nobody_knows_counts_as_none(zone: str | None) -> None:
    assert hours(zone, "JP").zones == ("Asia/Tokyo",)
    assert hours(zone, None).zones == ("Europe/Berlin",)


def test_a_known_zone_tells_the_country_if_nothing_else_does() -> None:
    assert hours("Asia/Tokyo", None).country == "JP"
    assert hours("Etc/GMT+12", None).country == "DE"


@pytest.mark.parametrize(
    ("zone", "friday"),
    [
        ("Europe/Berlin", date(2026, 3, 27)),
        ("Europe/Berlin", date(2026, 10, 23)),
        ("America/New_York", date(2026, 3, 6)),
        ("Australia/Lord_Howe", date(2026, 4, 3)),
        ("America/St_Johns", date(2026, 10, 30)),
    ],
)
def test_hours_follow_the_local_clock_over_the_night_it_is_shifted(zone: str, friday: date) -> None:
    midnight = datetime.combine(friday, time(), ZoneInfo(zone))
    for window in windows(zone, "XX", midnight, days=6):
        local = window.opens_at.astimezone(ZoneInfo(zone))
        assert (local.hour, local.minute) == (9, 0)
        assert window.closes_at - window.opens_at == timedelta(hours=8)


def test_a_day_that_is_free_here_or_there_is_no_day_for_letters() -> None:
    friday_to_sunday = windows("Asia/Riyadh", "SA", datetime(2026, 3, 13, tzinfo=UTC), days=3)
    assert not friday_to_sunday
    christmas = windows("Europe/Berlin", "DE", datetime(2026, 12, 25, tzinfo=UTC), days=3)
    assert not christmas


def test_leap_day_is_a_day_like_any_other() -> None:
    (window,) = windows("Pacific/Kiritimati", "KI", datetime(2028, 2, 28, 12, tzinfo=UTC), days=1)
    assert window.opens_at.astimezone(ZoneInfo("Pacific/Kiritimati")).day == 29


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-02T09:05", 2, "2026-03-04T09:05"),
        ("2026-03-06T16:00", 2, "2026-03-10T16:00"),
        ("2026-03-27T10:00", 1, "2026-03-30T10:00"),
        ("2026-04-02T10:00", 1, "2026-04-07T10:00"),
        ("2026-03-07T10:00", 1, "2026-03-09T10:00"),
    ],
    ids=["in the week", "over a weekend", "over a shifted clock", "over Easter", "from a Saturday"],
)
def test_working_days_pass_as_they_do_where_somebody_lives(start: str, days: int, end: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    began, ended = (datetime.fromisoformat(at).replace(tzinfo=berlin) for at in (start, end))
    assert hours("Europe/Berlin", None).working_days_after(began, days) == ended


def test_midnight_is_when_the_day_has_begun_everywhere_in_the_country() -> None:
    midnight = hours(None, "PT").midnight(date(2026, 7, 1))
    assert midnight == datetime(2026, 7, 1, tzinfo=UTC)
    assert hours(None, "PT").day(midnight) == date(2026, 7, 1)
    assert hours(None, "PT").day(midnight - timedelta(seconds=1)) == date(2026, 6, 30)


def test_a_country_of_many_zones_has_each_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def reading(zone: str) -> ZoneInfo:
        read.append(zone)
        return ZoneInfo(zone)

    module._zone.cache_clear()
    monkeypatch.setattr(module, "ZoneInfo", reading)
    for day in range(1, 28):
        hours(None, "US").midnight(date(2026, 2, day))
    assert len(read) == len(set(read)) > 8


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"])
def test_midnight_is_an_instant_that_an_event_can_carry(zone: str) -> None:
    for day in (date(1900, 1, 1), date(2199, 12, 31)):
        assert is_reckonable(hours(zone, None).midnight(day))


def is_open(day: date, zone: str | None, country: str | None) -> bool:
    used = hours(zone, country)
    midnight = datetime.combine(day, time(), ZoneInfo(used.zones[0]))
    return bool(list(used.windows(midnight, midnight + timedelta(days=1))))


@pytest.mark.parametrize(
    ("day", "zone", "country"),
    [
        (date(2026, 4, 6), "Europe/London", "GB"),
        (date(2026, 8, 31), "Europe/London", "GB"),
        (date(2026, 7, 13), "Europe/London", "GB"),
        (date(2026, 1, 6), "Europe/Berlin", "DE"),
        (date(2027, 11, 1), None, "CH"),
        (date(2026, 9, 28), "Australia/Sydney", "AU"),
    ],
)
def test_a_holiday_of_a_part_of_the_country_may_be_theirs(
    day: date, zone: str | None, country: str
) -> None:
    assert not is_open(day, zone, country)


@pytest.mark.parametrize(
    ("day", "zone"),
    [
        (date(2027, 12, 31), "America/New_York"),
        (date(2021, 12, 31), "America/New_York"),
        (date(2010, 12, 31), "US/Pacific"),
        (date(2026, 7, 3), "America/Chicago"),
        (date(2026, 12, 28), "Europe/London"),
    ],
)
def test_a_holiday_kept_on_another_day_closes_that_day_also_across_the_years_end(
    day: date, zone: str
) -> None:
    assert not is_open(day, zone, None)


@pytest.mark.parametrize(
    ("day", "zone"),
    [
        (date(2026, 1, 26), "Asia/Calcutta"),
        (date(2020, 8, 24), "Europe/Kiev"),
        (date(2026, 5, 25), "America/Buenos_Aires"),
        (date(2025, 7, 4), "US/Pacific"),
        (date(2026, 4, 30), "Asia/Saigon"),
    ],
)
def test_an_old_name_of_a_zone_keeps_its_countrys_holidays_and_not_the_employers(
    day: date, zone: str
) -> None:
    assert not is_open(day, zone, None)
    assert hours(zone, None).zones == (zone,)
    assert is_open(date(2025, 10, 3), "Asia/Tokyo", None)
