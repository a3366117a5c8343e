"""Every name of the IANA database means its zone and country; no other text means anything."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.zones import country_of, known_zone, zones_of

NAMES = sorted(available_timezones() - {"Factory", "localtime"})


@given(st.sampled_from(NAMES))
def test_every_name_of_the_database_is_known_in_any_case(name: str) -> None:
    assert known_zone(name) == name
    assert known_zone(f" {name.lower()} ") == name
    assert known_zone(name.upper().replace("_", " ")) == name


@given(st.text() | st.sampled_from(["Mars/Olympus", "../etc/passwd", "Europe", "", "Factory"]))
def test_any_other_text_is_no_zone(text: str) -> None:
    zone = known_zone(text)
    assert zone is None or zone.casefold() == "_".join(text.split()).casefold()
    assert zone is None or ZoneInfo(zone).key == zone


@pytest.mark.parametrize(
    ("old", "present", "country"),
    [
        ("US/Pacific", "America/Los_Angeles", "US"),
        ("Asia/Calcutta", "Asia/Kolkata", "IN"),
        ("Asia/Saigon", "Asia/Ho_Chi_Minh", "VN"),
        ("Europe/Kiev", "Europe/Kyiv", "UA"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires", "AR"),
        ("Australia/NSW", "Australia/Sydney", "AU"),
        ("Eire", "Europe/Dublin", "IE"),
        ("PRC", "Asia/Shanghai", "CN"),
    ],
)
def test_an_old_name_is_in_the_country_of_the_present_one(
    old: str, present: str, country: str
) -> None:
    assert country_of(old) == country_of(present) == country
    assert present in zones_of(country)
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert noon.astimezone(ZoneInfo(old)).isoformat() == (
        noon.astimezone(ZoneInfo(present)).isoformat()
    )


@pytest.mark.parametrize(
    ("old", "country"),
    [("Iceland", "IS"), ("Africa/Asmera", "ER"), ("Pacific/Truk", "FM"), ("America/Virgin", "VI")],
)
def test_a_zone_that_only_shares_another_countrys_clock_keeps_its_own(
    old: str, country: str
) -> None:
    assert country_of(old) == country


@pytest.mark.parametrize("clock", ["CET", "EST", "EST5EDT", "UTC", "Etc/GMT+5", "Zulu", "nonsense"])
def test_the_time_of_many_countries_is_in_none(clock: str) -> None:
    assert country_of(clock) is None
