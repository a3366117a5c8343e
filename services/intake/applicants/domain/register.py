"""What is known, and by which event: of two claims about one thing the later one holds.

Joining two states of knowledge is commutative, associative and idempotent. So the same events end
in the same knowledge in whatever order, and however often, they arrive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    also_known_as: Mapping[str, datetime] = field(default_factory=dict)
    """Every name, address and number they ever had, with when it was said last."""

    @property
    def first_email(self) -> str | None:
        return self.emails.value[0] if self.emails else None

    @property
    def names(self) -> tuple[str, ...]:
        """Returns every name, address and number, to be taken out of free text."""
        return tuple(sorted(self.also_known_as))

    def joined(self, other: "PersonalData") -> "PersonalData":
        known, more = self.also_known_as, other.also_known_as
        return PersonalData(
            name=later(self.name, other.name),
            emails=later(self.emails, other.emails),
            phone=later(self.phone, other.phone),
            locale=later(self.locale, other.locale),
            time_zone=later(self.time_zone, other.time_zone),
            country=later(self.country, other.country),
            also_known_as={
                said: max(at[said] for at in (known, more) if said in at)
                for said in known.keys() | more.keys()
            },
        )

    def led_by(self, lead: "PersonalData") -> "PersonalData":
        """Returns the same, but named and reached as the lead has it, where that says so."""
        return replace(
            self,
            name=lead.name or self.name,
            emails=lead.emails or self.emails,
            phone=lead.phone or self.phone,
        )

    def put_right_by(self, own: "PersonalData") -> "PersonalData":
        """Returns the same with what the person themself says, whenever they said it."""
        led = self.led_by(own)
        return replace(
            led,
            time_zone=own.time_zone or self.time_zone,
            also_known_as={**self.also_known_as, **own.also_known_as},
        )

    def since(self, erased_at: datetime) -> "PersonalData":
        """Returns what was said after an erasure."""
        return PersonalData(
            name=_since(erased_at, self.name),
            emails=_since(erased_at, self.emails),
            phone=_since(erased_at, self.phone),
            locale=_since(erased_at, self.locale),
            time_zone=_since(erased_at, self.time_zone),
            country=_since(erased_at, self.country),
            also_known_as={it: at for it, at in self.also_known_as.items() if at > erased_at},
        )


def _since(erased_at: datetime, claim: Claim[Value] | None) -> Claim[Value] | None:
    return claim if claim and claim.stamp.time > erased_at else None


PERSONAL_DATA_JSON = TypeAdapter(PersonalData)
