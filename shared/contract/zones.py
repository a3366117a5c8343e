"""Time zones by every name that the IANA database has for them, and their countries."""

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

_NOWHERE = {"Factory", "localtime"}
"""Names of a zone that nobody has set."""

_CLOCKS = {"CET", "EET", "EST", "HST", "MET", "MST", "WET"}
"""The time of many countries, though the database links each to the zone of one."""

_ELSEWHERE = {
    "Africa/Asmera": "ER",
    "Africa/Timbuktu": "ML",
    "America/Coral_Harbour": "CA",
    "America/Virgin": "VI",
    "Antarctica/South_Pole": "AQ",
    "Atlantic/Jan_Mayen": "SJ",
    "Iceland": "IS",
    "Pacific/Ponape": "FM",
    "Pacific/Truk": "FM",
    "Pacific/Yap": "FM",
}
"""Old names that the database links to another country's zone, whose clocks show the same."""


def known_zone(text: str) -> str | None:
    """Returns a zone's name as the database spells it, or None where it has no such zone."""
    return _names().get("_".join(text.split()).casefold())


def country_of(zone: str) -> str | None:
    """Returns the country (ISO 3166-1 alpha-2) of a zone, by an old name of it too."""
    if zone in _ELSEWHERE:
        return _ELSEWHERE[zone]
    while zone not in _countries() and zone in _links() and zone not in _CLOCKS:
        zone = _links()[zone]
    return _countries().get(zone)


@cache
def zones() -> tuple[str, ...]:
    """Returns all zones that belong to a country, each by its present name, in order."""
    return tuple(sorted(_countries()))


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """Returns the zones of a country, each by its present name."""
    return tuple(zone for zone, its_country in _countries().items() if its_country == country)


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() - _NOWHERE}


@cache
def _countries() -> dict[str, str]:
    """Reads the database's own table of which country has which zones."""
    rows = (line.split("\t") for line in _lines("zone.tab") if not line.startswith("#"))
    return {zone: country for country, _, zone, *_ in rows}


@cache
def _links() -> dict[str, str]:
    """Reads which zone an old name stands for."""
    rows = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    return {name: zone for _, zone, name in rows}


def _lines(table: str) -> list[str]:
    text = files("tzdata").joinpath("zoneinfo", table).read_text()
    return [line for line in text.splitlines() if line]
