"""What is known, and by which event: of two claims about one thing the later one holds.

Joining two states of knowledge is commutative, associative and idempotent. So the same events end
in the same knowledge in whatever order, and however often, they arrive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter

from shared.contract.events.people import Channel, PersonName
from shared.contract.text_numbers import takes_texts

Value = TypeVar("Value")

MOST_KNOWN_AS = 100
"""How many names, addresses and numbers are remembered of somebody, the newest of them: all are
taken out of every text of theirs, and nobody has had as many."""


class Stamp(NamedTuple):
    """When something was said, by its source's time, or decided; of equal times rank decides."""

    time: datetime
    rank: str
    """Between sources their names, so that a replay of all of them, in whatever order they come,
    ends as before; within one the order of receipt, by whichever way it comes."""


@dataclass(frozen=True, slots=True)
class Claim(Generic[Value]):
    value: Value
    stamp: Stamp


def later(one: Claim[Value] | None, other: Claim[Value] | None) -> Claim[Value] | None:
    """Returns the claim that holds; no claim yields to any."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda known: known.stamp)


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """Whether somebody refuses a channel, as a source says; of two the greater one holds."""

    is_present: bool
    """Whether it was said by an id that the source still has them by: any other yields to those."""
    stamp: Stamp
    refused: bool


Refusals = Mapping[Channel, Refusal]
REFUSALS_JSON = TypeAdapter(dict[Channel, Refusal])


def newest_of(one: Refusals, other: Refusals) -> Refusals:
    """Returns of each channel the refusal that holds."""
    return {
        channel: max(said[channel] for said in (one, other) if channel in said)
        for channel in one.keys() | other.keys()
    }


def of_former_id(said: Refusals) -> Refusals:
    """Returns what was said of somebody by an id that was merged into another."""
    return {channel: replace(refusal, is_present=False) for channel, refusal in said.items()}


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
    """The names, addresses and numbers they ever had, with when each was said last."""

    @property
    def first_email(self) -> str | None:
        return self.emails.value[0] if self.emails else None

    @property
    def channels(self) -> list[Channel]:
        """Lists the channels over which this reaches somebody."""
        ways = {Channel.EMAIL: self.emails, Channel.SMS: self.phone}
        return [channel for channel, way in ways.items() if way]

    @property
    def reaches_nobody(self) -> bool:
        """Whether neither a mail nor a text message can go there, in whichever country."""
        return not (self.emails or (self.phone and takes_texts(self.phone.value)))

    @property
    def names(self) -> tuple[str, ...]:
        """Returns the names, addresses and numbers to be taken out of free text."""
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
            also_known_as=_newest(
                {
                    said: max(at[said] for at in (known, more) if said in at)
                    for said in known.keys() | more.keys()
                }
            ),
        )

    def led_by(self, lead: "PersonalData") -> "PersonalData":
        """Returns the same, but named as the lead has it, and reached nowhere else than that."""
        return replace(self, name=lead.name or self.name, emails=lead.emails, phone=lead.phone)

    def put_right_by(self, own: "PersonalData") -> "PersonalData":
        """Returns the same with what the person themself says, whenever they said it."""
        return replace(
            self,
            name=own.name or self.name,
            emails=own.emails or self.emails,
            phone=own.phone or self.phone,
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


def _newest(known_as: Mapping[str, datetime]) -> Mapping[str, datetime]:
    if len(known_as) <= MOST_KNOWN_AS:
        return known_as
    by_age = sorted(known_as.items(), key=lambda said: (said[1], said[0]), reverse=True)
    return dict(by_age[:MOST_KNOWN_AS])


def _since(erased_at: datetime, claim: Claim[Value] | None) -> Claim[Value] | None:
    return claim if claim and claim.stamp.time > erased_at else None


PERSONAL_DATA_JSON = TypeAdapter(PersonalData)
