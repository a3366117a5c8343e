"""What every event body is made of: frozen models with camelCase names on the wire."""

import html
import re
from datetime import datetime
from html.entities import html5
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID, uuid5

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError, PydanticKnownError

from shared.contract.events.blank_text import is_blank
from shared.contract.events.leftovers import is_no_title
from shared.contract.events.placeholders import names_nothing

_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TAG = re.compile(
    r"<!--.*?-->|</?(?:(?P<breaks>br|hr|p|div|h[1-6]|li|ol|ul|table|td|th|tr)|a|abbr|b|big|center"
    r"|code|del|em|font|i|img|ins|mark|s|script|small|span|strike|strong|style|sub|sup|u)"
    r"(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE | re.DOTALL,
)
"""What HTML shows nothing of; anything else between such signs is somebody's text."""


def _as_text(given: Any) -> Any:
    """Reads a whole number as the text of it, which is how most systems count their rows."""
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


def _read_entities(text: str) -> str:
    """Reads `&amp;` as `&`, as long as a character that can be seen, or a space, comes of it.

    Where none can be seen before it either, nothing is left.
    """
    plain = _ENTITY.sub(_character, text).strip()
    return "" if is_blank(text) else plain or text


def _without_tags(text: str) -> str:
    """Reads HTML as the text that it shows."""
    plain, tags = _TAG.subn(lambda tag: " " if tag["breaks"] else "", text)
    return " ".join(plain.split()) if tags else text


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    character = html.unescape(entity[0]) if name[0] == "#" else html5.get(f"{name};", entity[0])
    if character.isspace():
        return " "
    return character if character.isprintable() else ""


def _seen(identifier: str) -> str:
    if is_blank(identifier):
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return identifier


def _told_apart(identifier: str) -> str:
    if names_nothing(identifier):
        raise PydanticCustomError("placeholder", "send an id; this stands for none")
    return identifier


def _titled(title: str) -> str:
    if title and is_no_title(title):
        raise PydanticCustomError("placeholder", "write the title; this stands for none")
    return title


Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, strip_whitespace=True),
    BeforeValidator(_as_text),
    AfterValidator(_seen),
]
"""An identifier that its owner chose. Never shown to a person, never parsed."""

SourceId = Annotated[Id, AfterValidator(_told_apart)]
"""What a source calls a person, an application or a vacancy, and nobody and nothing else."""

MOST_OF_A_LINE = 500
MOST_OF_A_TEXT = 60_000

COUNTRY = r"^[A-Z]{2}$"

Country = Annotated[str, Field(pattern=COUNTRY)]
"""ISO 3166-1 alpha-2."""

Line = Annotated[str, StringConstraints(max_length=MOST_OF_A_LINE, strip_whitespace=True)]
"""One line of text, such as a title."""

Title = Annotated[Line, AfterValidator(_read_entities), AfterValidator(_without_tags)]
"""A line that stands on web pages too, whose entities and tags systems forget to take out."""

VacancyTitle = Annotated[Title, Field(min_length=1), AfterValidator(_titled)]
"""What letters call a vacancy by."""

WebAddress = Annotated[
    str,
    StringConstraints(
        max_length=MOST_OF_A_LINE, strip_whitespace=True, pattern=r"^https://[^\s<>\"'`\\]+$"
    ),
]
"""An address that a browser opens over TLS."""

Text = Annotated[str, StringConstraints(max_length=MOST_OF_A_TEXT)]
"""Free text of any number of lines."""

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
        defer_build=True,  # no process reads all there are, and each would wait for them
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
