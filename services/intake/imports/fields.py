"""What a column can hold, and where it goes in a rejection."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from shared.contract.events.shortfalls import RequirementKind

Convert = Callable[[str], Any]
"""Turns the text of a cell into JSON; raises ValueError saying what to write instead."""

_YES = {"yes", "y", "true", "1", "x", "ja", "j", "oui", "o", "si", "sí", "s"}
_NO = {"no", "n", "false", "0", "", "nein", "non"}
_NOON = time(12, tzinfo=UTC)


def _text(cell: str) -> str:
    return cell


def _word(cell: str) -> str:
    """Reads "Other candidate stronger" as `other_candidate_stronger`."""
    return re.sub(r"[\s-]+", "_", cell.strip().lower())


def _several(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;|\n]|,(?!\d)", cell) if part.strip()]


def _number(cell: str) -> int:
    try:
        return int(cell)
    except ValueError:
        raise ValueError("write a whole number") from None


def _yes_or_no(cell: str) -> bool:
    if cell.lower() not in _YES | _NO:
        raise ValueError("write yes or no")
    return cell.lower() in _YES


def _moment(cell: str) -> str:
    """Reads an instant; a day alone is its noon in UTC, which is the same day nearly everywhere."""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError("write a day as 2026-02-25, or an instant with its offset") from None
    if len(cell) <= len("2026-02-25"):
        moment = datetime.combine(moment.date(), _NOON)
    if moment.tzinfo is None:
        raise ValueError("add the offset, such as Z or +01:00")
    return moment.isoformat()


def _day(cell: str) -> str:
    try:
        return datetime.fromisoformat(cell).date().isoformat()
    except ValueError:
        raise ValueError("write a day as 2026-02-25") from None


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column can hold."""

    path: tuple[str, ...]
    convert: Convert = _text


FIELDS: dict[str, Field] = {
    "applicant_id": Field(("applicant", "applicantId")),
    "name": Field(("applicant", "name", "fullName")),
    "given_name": Field(("applicant", "name", "givenName")),
    "family_name": Field(("applicant", "name", "familyName")),
    "email": Field(("applicant", "emails"), _several),
    "phone": Field(("applicant", "phone")),
    "locale": Field(("applicant", "locale")),
    "time_zone": Field(("applicant", "timeZone")),
    "country": Field(("applicant", "country"), str.upper),
    "application_id": Field(("applicationId",)),
    "vacancy_id": Field(("vacancy", "vacancyId")),
    "vacancy_title": Field(("vacancy", "title")),
    "vacancy_description": Field(("vacancy", "description")),
    "vacancy_skills": Field(("vacancy", "skills"), _several),
    "stage": Field(("stage",), _word),
    "finishing_place": Field(("finishingPlace",), _number),
    "tier": Field(("tier",), _word),
    "reason": Field(("reason", "code"), _word),
    "note": Field(("reason", "note")),
    "decided_at": Field(("decidedAt",), _moment),
    "decided_by": Field(("decidedBy",)),
    "already_told": Field(("alreadyTold",), _yes_or_no),
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
