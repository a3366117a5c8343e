"""Who is told about which vacancy."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.intake.applicants.domain.identity import normal_email, normal_locale
from services.intake.applicants.domain.register import Claim, later
from shared.contract.events.vacancies import Vacancy
from shared.contract.zones import known_zone


@dataclass(frozen=True, slots=True)
class Recruiter:
    name: str
    locale: str | None
    time_zone: str | None


@dataclass(frozen=True, slots=True)
class Hiring:
    """The recruiters of some vacancies, all known by their normal work addresses."""

    recruiters: dict[str, Claim[Recruiter]] = field(default_factory=dict)
    vacancies: dict[str, set[str]] = field(default_factory=dict)


def hiring(vacancies: Mapping[str, Claim[Vacancy]]) -> Hiring:
    """Lists the recruiters of each vacancy; one whose address is none is left out."""
    found = Hiring()
    for vacancy_id, known in vacancies.items():
        emails = found.vacancies.setdefault(vacancy_id, set())
        for contact in known.value.recruiters:
            if email := normal_email(contact.email):
                emails.add(email)
                said = Recruiter(
                    contact.name,
                    normal_locale(contact.locale or ""),
                    known_zone(contact.time_zone or ""),
                )
                recruiter = Claim(said, known.stamp)
                found.recruiters[email] = later(found.recruiters.get(email), recruiter) or recruiter
    return found
