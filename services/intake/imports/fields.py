"""What a column can hold, and where it goes in a rejection."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

import phonenumbers

from shared.contract.events.instants import NO_OFFSET, day_of, moment_of
from shared.contract.events.people import ConsentPurpose
from shared.contract.events.shortfalls import RequirementKind

Convert = Callable[[str], Any]
"""Turns the text of a cell into JSON; raises ValueError saying what to write instead."""

_YES = {"yes", "y", "true", "1", "x", "ja", "j", "oui", "o", "si", "sí", "s"}
_NO = {"no", "n", "false", "0", "", "nein", "non"}
_NOON = time(12, tzinfo=UTC)
_A_DAY = "2026-02-25"
_TO_THE_MINUTE = re.compile(r"^(.{10}[Tt ][0-9]{2}:[0-9]{2})(?![0-9:])")
_TIME_BEHIND = re.compile(
    r"[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?$"
)
_WHOLE = re.compile(r"([0-9]{1,9})(\.0*)?")
_BLANKS = re.compile(r"[\s-]+")
_BETWEEN_PARTS = re.compile(r"[;|\n]|,(?!\d)")


def as_text(cell: str) -> str:
    """Takes a cell as it is."""
    return cell


def as_word(cell: str) -> str:
    """Reads "Other candidate stronger" as `other_candidate_stronger`."""
    return _BLANKS.sub("_", cell.strip().lower())


def _several(cell: str) -> list[str]:
    return [part.strip() for part in _BETWEEN_PARTS.split(cell) if part.strip()]


def _addresses(cell: str) -> list[str]:
    """Reads addresses without the quotes that a spreadsheet or a mail program puts around them."""
    return [part for each in _several(cell) if (part := each.strip("'\""))]


def _purposes(cell: str) -> list[str]:
    """Reads what somebody may be written to for: each of the three that people can agree to."""
    purposes = [as_word(part) for part in _several(cell)]
    if not set(purposes) <= set(ConsentPurpose):
        raise ValueError(f"write {', '.join(ConsentPurpose)}, or several with ; between")
    return purposes


def _number(cell: str) -> int:
    """Reads a whole number, also as `2.0`, which is how data frames write it."""
    if not (found := _WHOLE.fullmatch(cell)):
        raise ValueError("write a whole number")
    return int(found[1])


def _yes_or_no(cell: str) -> bool:
    if cell.lower() not in _YES | _NO:
        raise ValueError("write yes or no")
    return cell.lower() in _YES


def _moment(cell: str) -> str:
    """Reads an instant; a day alone is its noon in UTC, which is the same day nearly everywhere.

    A spreadsheet leaves out the seconds of an instant.
    """
    try:
        if len(cell) == len(_A_DAY):
            return datetime.combine(day_of(cell), _NOON).isoformat()
        return moment_of(_TO_THE_MINUTE.sub(r"\1:00", cell)).isoformat()
    except ValueError as problem:
        told = f"write a day as {_A_DAY}, or an instant as {_A_DAY}T09:07:31+01:00"
        raise ValueError(NO_OFFSET if str(problem) == NO_OFFSET else told) from None


def _day(cell: str) -> str:
    """Reads a day, without the time that a spreadsheet may put behind it."""
    try:
        return day_of(_TIME_BEHIND.sub("", cell)).isoformat()
    except ValueError:
        raise ValueError(f"write a day as {_A_DAY}") from None


def telephone(cell: str, country: str) -> str:
    """Reads a number that the number plan of its country has, as E.164.

    Digits that are one as dialled there, and as a whole number with its country too, may be either.
    """
    number = _possible(cell, country)
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError(f"no telephone of {country} has this number: write +, country and number")
    whole = _possible(f"+{cell}", country) if cell[:1] in "123456789" else None
    if whole and whole != number and phonenumbers.is_valid_number(whole) and _dials(cell, country):
        raise ValueError("write + before the country: the number could be another one without it")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _possible(cell: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(cell, country)
    except phonenumbers.NumberParseException:
        return None


def _dials(cell: str, country: str) -> bool:
    """Whether the digits begin as the country's own do from abroad."""
    return cell.startswith(str(phonenumbers.country_code_for_region(country)))


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column can hold."""

    path: tuple[str, ...]
    convert: Convert = as_text


FIELDS: dict[str, Field] = {
    "applicant_id": Field(("applicant", "applicantId")),
    "name": Field(("applicant", "name", "fullName")),
    "given_name": Field(("applicant", "name", "givenName")),
    "family_name": Field(("applicant", "name", "familyName")),
    "email": Field(("applicant", "emails"), _addresses),
    "phone": Field(("applicant", "phone")),
    "locale": Field(("applicant", "locale")),
    "time_zone": Field(("applicant", "timeZone")),
    "country": Field(("applicant", "country"), str.upper),
    "refuses_email": Field(("applicant", "refusesEmail"), _yes_or_no),
    "refuses_sms": Field(("applicant", "refusesSms"), _yes_or_no),
    "agreed": Field(("applicant", "agreed"), _purposes),
    "agreed_since": Field(("agreedSince",), _moment),
    "agreed_until": Field(("agreedUntil",), _moment),
    "application_id": Field(("applicationId",)),
    "vacancy_id": Field(("vacancy", "vacancyId")),
    "vacancy_title": Field(("vacancy", "title")),
    "vacancy_description": Field(("vacancy", "description")),
    "vacancy_skills": Field(("vacancy", "skills"), _several),
    "stage": Field(("stage",), as_word),
    "finishing_place": Field(("finishingPlace",), _number),
    "tier": Field(("tier",), as_word),
    "reason": Field(("reason", "code"), as_word),
    "note": Field(("reason", "note")),
    "decided_at": Field(("decidedAt",), _moment),
    "decided_by": Field(("decidedBy",)),
    "application_url": Field(("applicationUrl",)),
    "already_told": Field(("alreadyTold",), _yes_or_no),
    "already_asked": Field(("alreadyAsked",), _yes_or_no),
    "skills": Field(("profile", "skills"), lambda cell: [{"name": it} for it in _several(cell)]),
    "summary": Field(("profile", "summary")),
    "resume_text": Field(("profile", "resumeText")),
    "required_months": Field(("shortfalls", "experience", "requiredMonths"), _number),
    "observed_months": Field(("shortfalls", "experience", "observedMonths"), _number),
    **{
        f"missing_{kind}": Field(("shortfalls", kind, "name"))
        for kind in RequirementKind
        if kind is not RequirementKind.EXPERIENCE
    },
    "expected_at": Field(("expectedAt",), _day),
}
"""By the names that `--map` knows them by."""
