"""What a batch of events adds to the record, put together by person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.intake.applicants.domain.applications import Application, ApplicationKey, Status
from services.intake.applicants.domain.normalisation import NormalisedEvent, TimelineEntry
from services.intake.applicants.domain.register import Claim, PersonalData, later
from shared.contract.events.cloudevents import Event
from shared.contract.events.profile import Profile
from shared.contract.events.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What is held of one person."""

    personal_data: PersonalData
    last_human_contact_at: datetime

    def joined(self, other: "PersonRecord") -> "PersonRecord":
        return PersonRecord(
            self.personal_data.joined(other.personal_data),
            max(self.last_human_contact_at, other.last_human_contact_at),
        )


@dataclass(frozen=True, slots=True)
class RecordChanges:
    """What is new of each person; one who is only absorbed into another counts as changed."""

    people: dict[str, PersonRecord] = field(default_factory=dict)
    applications: dict[ApplicationKey, Application] = field(default_factory=dict)
    profiles: dict[str, Claim[Profile]] = field(default_factory=dict)
    entries: list[tuple[str, TimelineEntry]] = field(default_factory=list)
    vacancies: dict[str, Claim[Vacancy]] = field(default_factory=dict)
    causes: dict[str, Event] = field(default_factory=dict)
    """The people who changed, each with the last event that changed them."""

    def add(self, candidate_id: str, event: NormalisedEvent) -> None:
        self.causes[candidate_id] = event.event
        self.entries.append((candidate_id, event.entry))
        self.add_person(candidate_id, PersonRecord(event.person, event.entry.at))
        if event.application:
            key = ApplicationKey(candidate_id, event.event.source, event.application_id)
            known = self.applications.get(key, event.application)
            self.applications[key] = known.joined(event.application)
        if profile := later(self.profiles.get(candidate_id), event.profile):
            self.profiles[candidate_id] = profile

    def add_vacancy(self, mentioned: Claim[Vacancy]) -> None:
        vacancy_id = mentioned.value.vacancy_id
        self.vacancies[vacancy_id] = later(self.vacancies.get(vacancy_id), mentioned) or mentioned

    def begun(self, known: Collection[str]) -> set[str]:
        """Returns people not known before whose rejection stands, to be published from now on."""
        return {
            key.candidate_id
            for key, application in self.applications.items()
            if application.decision.value.status is Status.REJECTED
            and key.candidate_id not in known
        }

    def names(self, candidate_id: str) -> tuple[str, ...]:
        """Returns every name and address of somebody who changed."""
        return self.people[candidate_id].personal_data.also_known_as

    def add_person(self, candidate_id: str, held: PersonRecord) -> None:
        known = self.people.get(candidate_id)
        self.people[candidate_id] = known.joined(held) if known else held


def collect_changes(
    normalised: Sequence[NormalisedEvent],
    candidate_ids: Sequence[str | None],
    absorbed: Mapping[str, str],
    held: Mapping[str, PersonRecord],
) -> RecordChanges:
    """Joins what new events say with what is in the record.

    Of an erased person nothing is left; a vacancy is the employer's, whoever it was refused to.
    """
    changes = RecordChanges()
    for one, candidate_id in zip(normalised, candidate_ids, strict=True):
        if candidate_id:
            changes.add(candidate_id, one)
        if one.vacancy:
            changes.add_vacancy(one.vacancy)
    for candidate_id, known in held.items():
        remaining = absorbed.get(candidate_id, candidate_id)
        if remaining in changes.people:
            changes.add_person(remaining, known)
    return changes


def renamed(changes: RecordChanges, held: Mapping[str, PersonRecord]) -> list[str]:
    """Returns those known before who have a further name or address now."""
    return [
        candidate_id
        for candidate_id, known in held.items()
        if candidate_id in changes.people
        and changes.names(candidate_id) != known.personal_data.also_known_as
    ]
