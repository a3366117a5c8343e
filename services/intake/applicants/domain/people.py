"""A person, put together from the applicants that sources know them as."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from services.intake.applicants.domain.agreement import contradict, could_be_one, words_of
from services.intake.applicants.domain.identity import normal_email
from services.intake.applicants.domain.likeness import (
    are_a_little_alike,
    are_in_one_script,
    could_name_one,
)
from services.intake.applicants.domain.normalisation import plain_name
from services.intake.applicants.domain.register import PersonalData, Refusals, Stamp
from shared.contract.events.people import Channel, PersonName

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
    refusals: Refusals = field(default_factory=dict)
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

    def refuses(self, channel: Channel) -> bool:
        """Tells whether their source says that they refuse a channel."""
        return channel in self.refusals and self.refusals[channel].refused

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


def are_strangers(
    known: PersonalData, said: PersonalData, crowded: Collection[str] = frozenset()
) -> bool:
    """Tells whether who is told of by an id is a stranger to whoever is known by it.

    In doubt they are: that is told to whoever said it, and whoever is taken for another is lost.
    But a name is put right, and changes with a marriage: whoever has the first address or the
    number, unless it is one of those `crowded` addresses that many have, is known whatever the
    name; and so is whoever has a name that can be theirs, or the surname. Who has the given name
    alone, or none, is known by any address, or where not all by which they were reached is said
    anew. Names in two scripts nobody can compare: they count as none. Nor can anybody be told of
    who is not reached.
    """
    if not (known.channels and said.channels):
        return False
    name = said.name.value if said.name and words_of(said.name.value) else None
    names = [it for it in _names(known) if words_of(it)]
    if name and any(could_name_one(it, name) for it in names):
        return False
    places = _places(known)
    second = known.emails.value[1:] if known.emails else ()
    first = {said.first_email, said.phone and said.phone.value} - {None, *second, *crowded}
    if not places.isdisjoint(first):
        return False
    if name and names:
        comparable = [it for it in names if are_in_one_script(it, name)]
        if comparable and not any(are_a_little_alike(it, name) for it in comparable):
            return True
    return places.isdisjoint(_places(said)) and {*known.channels} <= {*said.channels}


def _names(known: PersonalData) -> Iterator[PersonName]:
    """Yields all names that somebody ever had."""
    if known.name:
        yield known.name.value
    for text in known.also_known_as:
        if name := plain_name(PersonName.model_construct(full_name=text)):
            yield name


def _places(known: PersonalData) -> set[str]:
    """Returns all addresses and numbers that somebody ever had."""
    numbers = {text for text in known.also_known_as if text.startswith("+")}
    return numbers.union(filter(None, map(normal_email, known.also_known_as)))
