"""A person, put together from the applicants that sources know them as."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.intake.applicants.domain.agreement import contradict
from services.intake.applicants.domain.register import PersonalData
from shared.contract.events.people import PersonName


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person as one source knows them, and whose applicant that is now."""

    key: str
    candidate_id: str
    source: str
    personal_data: PersonalData
    name_key: str | None
    hat_answered_at: datetime | None
    last_human_contact_at: datetime
    recorded_at: datetime
    corrected: PersonalData = field(default_factory=PersonalData)
    """What they put right themselves."""
    is_published: bool = False
    """Whether others were told of the candidate."""
    at_crowded_address: bool = False
    """Whether very many applicants have the same first address."""

    @property
    def age(self) -> tuple[datetime, str]:
        """Orders applicants by when they were recorded."""
        return self.recorded_at, self.key

    def contradicts(self, other: "Applicant") -> bool:
        """Tells whether no person could have both names."""
        return contradict(self.name, other.name)

    @property
    def put_right(self) -> PersonalData:
        """What is known of them, with what they put right themselves."""
        return self.personal_data.put_right_by(self.corrected)

    @property
    def name(self) -> PersonName | None:
        name = self.personal_data.name
        return name.value if name else None


def as_one(applicants: Sequence[Applicant]) -> PersonalData:
    """Returns what several sources say of one person.

    The later of two claims holds; but whoever agreed to be written to is written to by the name and
    at the addresses that they had where they agreed.
    """
    known = PersonalData()
    for one in applicants:
        known = known.joined(one.put_right)
    answered = [one for one in applicants if one.hat_answered_at]
    lead = max(answered, key=lambda one: (one.hat_answered_at, one.age), default=None)
    return known.led_by(lead.put_right) if lead else known


def eldest(applicants: Iterable[Applicant]) -> Applicant:
    """Returns the one who was recorded first."""
    return min(applicants, key=lambda one: one.age)
