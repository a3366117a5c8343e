"""Whose a vacancy is, and who is told about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from services.intake.applicants.domain.identity import (
    normal_email,
    normal_locale,
    normal_phone,
)
from services.intake.applicants.domain.register import Claim, later
from shared.contract.events.payload import stable_id
from shared.contract.events.vacancies import Vacancy
from shared.contract.zones import known_zone

EVERY_SOURCE = "*"

TOLD_WITHIN = timedelta(days=90)
"""So long after a vacancy has closed people may still hear of it."""

_FOREIGN = "source:"


def domain_of(email: str) -> str:
    """Returns the domain of an address."""
    return email.rpartition("@")[2]


class VacancyKey(NamedTuple):
    """By what a vacancy is known: different sources may use the same ids."""

    source: str
    source_id: str

    @property
    def is_plain(self) -> bool:
        """Tells whether the source's own id may stand for the vacancy everywhere."""
        return not self.source_id.startswith(_FOREIGN)

    @property
    def apart(self) -> str:
        """Returns an id that no other vacancy can have."""
        return _FOREIGN + stable_id(str(len(self.source)), *self)


class RecruiterKey(NamedTuple):
    """By what a recruiter is known: a source and a normal work address."""

    source: str
    email: str


@dataclass(frozen=True, slots=True)
class SourcePolicy:
    """What the employer lets the systems do that tell of vacancies."""

    pool_sources: frozenset[str] = frozenset()
    """Those that may search everybody, and not only whom they turned down themselves."""
    recruiter_domains: frozenset[str] = frozenset()
    """At which recruiters' addresses may be; empty for any."""

    def searches_pool(self, source: str) -> bool:
        return not self.pool_sources.isdisjoint((source, EVERY_SOURCE))

    def sees(self, source: str) -> str | None:
        """Returns the source that alone a vacancy of this one may learn from; None for all."""
        return None if self.searches_pool(source) else source

    def may_be_told(self, email: str) -> bool:
        """Tells whether mail about candidates may go to an address in its normal form."""
        return not self.recruiter_domains or domain_of(email) in self.recruiter_domains


@dataclass(frozen=True, slots=True)
class Recruiter:
    name: str
    locale: str | None = None
    time_zone: str | None = None
    mobile: str | None = None


@dataclass(frozen=True, slots=True)
class Hiring:
    """The recruiters of some vacancies."""

    recruiters: dict[RecruiterKey, Claim[Recruiter]] = field(default_factory=dict)
    vacancies: dict[str, set[RecruiterKey]] = field(default_factory=dict)


def hiring(
    vacancies: Mapping[str, Claim[Vacancy]], sources: Mapping[str, str], policy: SourcePolicy
) -> Hiring:
    """Lists the recruiters of each vacancy; one who may not be written to is left out."""
    found = Hiring()
    for vacancy_id, known in vacancies.items():
        keys = found.vacancies.setdefault(vacancy_id, set())
        for contact in known.value.recruiters:
            email = normal_email(contact.email)
            if not email or not policy.may_be_told(email):
                continue
            key = RecruiterKey(sources[vacancy_id], email)
            keys.add(key)
            said = Recruiter(
                contact.name,
                normal_locale(contact.locale or ""),
                known_zone(contact.time_zone or ""),
                normal_phone(contact.mobile or "", country=""),
            )
            recruiter = Claim(said, known.stamp)
            found.recruiters[key] = later(found.recruiters.get(key), recruiter) or recruiter
    return found
