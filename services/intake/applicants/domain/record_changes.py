"""What a batch of events adds to the record, put together by applicant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.intake.applicants.domain.applications import Application, ApplicationKey, Status
from services.intake.applicants.domain.identity_resolution import Resolution
from services.intake.applicants.domain.normalisation import NormalisedEvent, TimelineEntry
from services.intake.applicants.domain.people import Applicant
from services.intake.applicants.domain.register import (
    Claim,
    PersonalData,
    Refusals,
    later,
    newest_of,
    of_former_id,
)
from shared.contract.events.applications import ApplicantMerged
from shared.contract.events.cloudevents import Event
from shared.contract.events.profile import Profile
from shared.contract.events.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class ApplicantClaims:
    """What a source says of one of its applicants."""

    source: str
    personal_data: PersonalData
    last_human_contact_at: datetime
    refusals: Refusals

    def joined(self, other: "ApplicantClaims") -> "ApplicantClaims":
        return replace(
            self,
            personal_data=self.personal_data.joined(other.personal_data),
            last_human_contact_at=max(self.last_human_contact_at, other.last_human_contact_at),
            refusals=newest_of(self.refusals, other.refusals),
        )


@dataclass(frozen=True, slots=True)
class RecordChanges:
    """What is new of each applicant; one into whom another was merged counts as changed."""

    applicants: dict[str, ApplicantClaims] = field(default_factory=dict)
    applications: dict[ApplicationKey, Application] = field(default_factory=dict)
    profiles: dict[str, Claim[Profile]] = field(default_factory=dict)
    entries: list[tuple[str, TimelineEntry]] = field(default_factory=list)
    vacancies: dict[str, Claim[Vacancy]] = field(default_factory=dict)
    causes: dict[str, Event] = field(default_factory=dict)
    """The applicants who changed, each with the last event that changed them."""

    @property
    def hired(self) -> set[str]:
        """Those of whom a source says now that they were hired."""
        return {
            at.applicant_key
            for at, application in self.applications.items()
            if application.decision.value.status is Status.HIRED
        }

    def add(
        self, key: str, event: NormalisedEvent, entry: TimelineEntry, refusals: Refusals
    ) -> None:
        self.entries.append((key, entry))
        claims = ApplicantClaims(event.event.source, event.person, entry.at, refusals)
        self.add_claims(key, claims)
        if event.application:
            at = ApplicationKey(key, event.event.source, event.application_id)
            known = self.applications.get(at, event.application)
            self.applications[at] = known.joined(event.application)
        if profile := later(self.profiles.get(key), event.profile):
            self.profiles[key] = profile

    def add_vacancy(self, mentioned: Claim[Vacancy]) -> None:
        vacancy_id = mentioned.value.vacancy_id
        self.vacancies[vacancy_id] = later(self.vacancies.get(vacancy_id), mentioned) or mentioned

    def add_claims(self, key: str, claims: ApplicantClaims) -> None:
        known = self.applicants.get(key)
        self.applicants[key] = known.joined(claims) if known else claims


def collect_changes(
    normalised: Sequence[NormalisedEvent], resolved: Resolution, held: Mapping[str, Applicant]
) -> RecordChanges:
    """Joins what new events say with what is in the record of the same applicants.

    Of what was said until an erasure nothing is left; a vacancy is the employer's, whoever it was
    refused to.
    """
    changes = RecordChanges()
    for one, key in zip(normalised, resolved.applicant_keys, strict=True):
        if key:
            changes.causes[key] = one.event
            erased_at = resolved.erased.get(key)
            if one.entry and (not erased_at or one.said_at > erased_at):
                is_former = not resolved.former.isdisjoint(one.own)
                said = of_former_id(one.refusals) if is_former else one.refusals
                changes.add(key, one, one.entry, said)
        if one.vacancy:
            changes.add_vacancy(one.vacancy)
    for key, known in held.items():
        remaining = resolved.merged.get(key, key)
        if remaining in changes.causes:
            said = known.refusals
            if key in resolved.parting:
                said = of_former_id(said)
            _hold(changes, remaining, known, said, resolved.erased.get(remaining))
    return changes


def _hold(
    changes: RecordChanges,
    key: str,
    known: Applicant,
    refusals: Refusals,
    erased_at: datetime | None,
) -> None:
    said = known.personal_data
    if erased_at:
        said = said.since(erased_at)
        refusals = {it: one for it, one in refusals.items() if one.stamp.time > erased_at}
    claims = ApplicantClaims(known.source, said, known.last_human_contact_at, refusals)
    changes.add_claims(key, claims)


def said_ids(
    normalised: Sequence[NormalisedEvent], resolved: Resolution
) -> set[tuple[str, str, bytes]]:
    """Returns what sources call the applicants whom events are about, each with its hash."""
    said: set[tuple[str, str, bytes]] = set()
    for one, key in zip(normalised, resolved.applicant_keys, strict=True):
        if key:
            said.add((key, one.event.key, one.own[0]))
            if isinstance(one.event.data, ApplicantMerged):
                said.add((key, one.event.data.into_applicant_id, one.into[0]))
    return said
