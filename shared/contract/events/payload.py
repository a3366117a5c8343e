"""What every event body is made of: frozen models with camelCase names on the wire."""

from datetime import UTC, date, datetime
from typing import Annotated, ClassVar, Self, TypeVar
from uuid import UUID, uuid5

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic.alias_generators import to_camel

AnyDate = TypeVar("AnyDate", bound=date)

Id = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
"""An identifier that its owner chose. Never shown to a person, never parsed."""

Line = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]
"""One line of text, such as a title."""

Text = Annotated[str, StringConstraints(max_length=60_000)]
"""Free text of any number of lines."""


def is_reckonable(day: date) -> bool:
    """Tells whether one can calculate with it; the years at the ends of the calendar forbid it."""
    if not 1900 <= day.year < 2200:
        return False
    return not isinstance(day, datetime) or 1900 <= day.astimezone(UTC).year < 2200


def _reckonable(day: AnyDate) -> AnyDate:
    if not is_reckonable(day):
        raise ValueError("the year must be between 1900 and 2199")
    return day


Day = Annotated[date, AfterValidator(_reckonable)]
"""A day that one can calculate with."""

Moment = Annotated[AwareDatetime, AfterValidator(_reckonable)]
"""An instant; a time without an offset is refused, because nobody could say when it was."""

Version = Annotated[int, Field(ge=1, lt=2**63)]
"""Grows with every change of an entity."""

NAMESPACE = UUID("6f1d3a52-8c0e-5f7b-9d43-2b7e0c9a4e11")


def stable_id(*parts: str) -> str:
    """Makes the id that the same parts give again, on every machine and after a restore."""
    return str(uuid5(NAMESPACE, "|".join(parts)))


class Part(BaseModel):
    """A value inside an event. Readers ignore fields they do not know, so that `v1` can grow."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


class Payload(Part):
    """The body of one event type."""

    type: ClassVar[str]
    """The CloudEvents `type`: reverse DNS, past tense, major version."""

    @property
    def entity_id(self) -> str:
        """The id of the entity the event is about: the Kafka key and CloudEvents `subject`."""
        raise NotImplementedError


class StatePayload(Payload):
    """The whole state of one entity. Of two states of an entity the higher version is the truth."""

    version: Version | None = None
    """Grows with every change. Without it the source's time decides, then the event id."""


class StandInPayload(Payload):
    """Stands on a state stream where a newer state of the entity could not be published.

    Whatever was known of the entity holds no longer, until a whole state follows.
    """

    @classmethod
    def of(cls, entity_id: str) -> Self:
        """Makes the one that stands in for a state of this entity."""
        raise NotImplementedError


def as_version(moment: datetime) -> int:
    """Returns the version of a state that carries none: its source's time, in microseconds."""
    return round(moment.timestamp() * 1_000_000)
