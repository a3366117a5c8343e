"""A Greenhouse candidate as an applicant of ours, with their working life."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from services.intake.webhooks.greenhouse.payloads import Candidate, Contact
from services.intake.webhooks.resume import job as job_held
from services.intake.webhooks.resume import resume, studies

_EMAILS = ("personal", "other", "work")
_PHONES = ("mobile", "home", "work")
"""In which order they are written to: at home before at work."""
_MOST_EMAILS = 10
_DAY = re.compile(r"(?P<month>\d{2})/(?P<day>\d{2})/(?P<year>\d{4})")


def applicant(candidate: Candidate) -> dict[str, Any]:
    """Returns who somebody is; no email is sent to whom Greenhouse lets nobody write."""
    phones = _values(candidate.phone_numbers, _PHONES)
    return {
        "applicantId": candidate.id,
        "name": {"givenName": candidate.first_name, "familyName": candidate.last_name},
        "emails": _values(candidate.email_addresses, _EMAILS)[:_MOST_EMAILS],
        "phone": phones[0] if phones else None,
        **_refusals(candidate),
    }


def _refusals(candidate: Candidate) -> dict[str, bool]:
    """Returns what a public candidate refuses, and what no longer, as far as that is told."""
    told = candidate.model_fields_set
    said = {"refusesSms": False} if "is_private" in told else {}
    if not candidate.can_email or told >= {"is_private", "can_email"}:
        said["refusesEmail"] = not candidate.can_email
    return said


def profile(candidate: Candidate) -> dict[str, Any]:
    """Returns a JSON Resume of what they did and learnt."""
    return resume(
        [
            job_held(
                each.company_name, each.title, iso_day(each.start_date), iso_day(each.end_date)
            )
            for each in candidate.employments
        ],
        [
            studies(
                each.school_name,
                each.degree,
                each.discipline,
                iso_day(each.start_date),
                iso_day(each.end_date),
            )
            for each in candidate.educations
        ],
    )


def iso_day(written: str | None) -> str | None:
    """Reads MM/DD/YYYY; what is written otherwise stays as it is, for the contract to judge."""
    day = _DAY.fullmatch(written.strip()) if written else None
    return f"{day['year']}-{day['month']}-{day['day']}" if day else written


def _values(contacts: Iterable[Contact], order: Sequence[str]) -> list[str]:
    """Returns what somebody is reached by, the best first; a Skype name reaches nobody."""

    def place(contact: Contact) -> int:
        return order.index(contact.type) if contact.type in order else len(order)

    return [each.value for each in sorted(contacts, key=place) if each.type != "skype"]
