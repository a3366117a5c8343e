"""A person, put together from the applicants that sources know them as."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from services.intake.applicants.domain.agreement import contradict, could_be_one, words_of
from services.intake.applicants.domain.register import PersonalData, Stamp
from shared.contract.events.people import PersonName

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
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
    has_many_namesakes: bool = False
    """Whether very many applicants have the same first address and a name that agrees."""

    @property
    def age(self) -> tuple[datetime, str]:
        """Orders applicants by when they were recorded."""
        return self.recorded_at, self.key

    def contradicts(self, other: "Applicant") -> bool:
        """Tells whether no person could have both names."""
        return contradict(self.name, other.name)

    def could_be(self, other: "Applicant") -> bool:
        """Tells whether one person could have both names, but for a slip of the pen."""
        return could_be_one(words_of(self.name), words_of(other.name))

    @cached_property
    def put_right(self) -> PersonalData:
        """What is known of them, with what they put right themselves."""
        return self.personal_data.put_right_by(self.corrected)

    @property
    def first_email(self) -> str | None:
        """Where they are written to first: who has shown another address to be theirs, there."""
        return self.put_right.first_email

    @property
    def name(self) -> PersonName | None:
        name = self.personal_data.name
        return name.value if name else None


def as_one(applicants: Sequence[Applicant]) -> PersonalData:
    """Returns what several sources say of one person.

    The later of two claims holds; but they are named and reached as one source has them, and at no
    address or number of another's: as they are where they answered last, else where that is newest.
    """
    known = PersonalData()
    for one in applicants:
        known = known.joined(one.put_right)
    reached = [one for one in applicants if one.put_right.channels]
    lead = max(reached, key=_by_reach, default=None)
    return known.led_by(lead.put_right) if lead else known


def _by_reach(one: Applicant) -> tuple[datetime, Stamp, tuple[datetime, str]]:
    """Orders applicants by how much it counts where they are reached."""
    data = one.put_right
    said = max(claim.stamp for claim in (data.emails, data.phone) if claim)
    return one.hat_answered_at or _NEVER, said, one.age


def eldest(applicants: Iterable[Applicant]) -> Applicant:
    """Returns the one who was recorded first."""
    return min(applicants, key=lambda one: one.age)


def are_strangers(one: PersonalData, other: PersonalData) -> bool:
    """Tells whether nobody is both: they share no word of their names, no address and no number.

    Of whom no name is known, or no way to reach them, nobody can tell; nor of names of which one
    may be the other in another script.
    """
    if not (one.name and other.name and one.channels and other.channels):
        return False
    words, others = words_of(one.name.value), words_of(other.name.value)
    said, also = (set(map(str.casefold, it.also_known_as)) for it in (one, other))
    return (
        "".join(words).isascii() == "".join(others).isascii()
        and not could_be_one(words, others)
        and set(words).isdisjoint(others)
        and said.isdisjoint(also)
    )
