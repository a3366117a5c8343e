"""What is known, and by which event: of two claims about one thing the later one holds.

Joining two states of knowledge is commutative, associative and idempotent. So the same events end
in the same knowledge in whatever order, and however often, they arrive.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter

from shared.contract.events.people import PersonName

Value = TypeVar("Value")


class Stamp(NamedTuple):
    """When something was said, by its source's time; between equal times the rank decides."""

    time: datetime
    rank: str
    """Between sources their names, within one the order of receipt, so that a replay of all
    sources, in whatever order they come, ends as before."""


@dataclass(frozen=True, slots=True)
class Claim(Generic[Value]):
    value: Value
    stamp: Stamp


def later(one: Claim[Value] | None, other: Claim[Value] | None) -> Claim[Value] | None:
    """Returns the claim that holds; no claim yields to any."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda known: known.stamp)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Who somebody is. What an event leaves out takes nothing away from what was known."""

    name: Claim[PersonName] | None = None
    emails: Claim[tuple[str, ...]] | None = None
    phone: Claim[str] | None = None
    locale: Claim[str] | None = None
    time_zone: Claim[str] | None = None
    country: Claim[str] | None = None
    also_known_as: tuple[str, ...] = ()
    """Every name, address and number they ever had."""

    def joined(self, other: "PersonalData") -> "PersonalData":
        return PersonalData(
            name=later(self.name, other.name),
            emails=later(self.emails, other.emails),
            phone=later(self.phone, other.phone),
            locale=later(self.locale, other.locale),
            time_zone=later(self.time_zone, other.time_zone),
            country=later(self.country, other.country),
            also_known_as=tuple(sorted({*self.also_known_as, *other.also_known_as})),
        )


PERSONAL_DATA_JSON = TypeAdapter(PersonalData)
