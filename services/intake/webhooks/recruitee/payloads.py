"""What Recruitee sends, as far as it is read, in its own words ("Webhooks", 2026)."""

from typing import Any, Generic, TypeVar

from pydantic import AliasChoices, ConfigDict, Field, JsonValue, field_validator, model_validator

from services.intake.webhooks.saying import Read, Spare
from shared.contract.events.blank_text import is_blank
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id


class Ref(Read):
    id: Id


class Candidate(Ref):
    name: Spare[str | None] = None
    emails: Spare[list[str]] = []
    phones: Spare[list[str]] = []


class Offer(Ref):
    """A job, or a pool of people who applied for none."""

    title: str
    kind: str | None = None


class Stage(Read):
    name: Spare[str | None] = None
    category: JsonValue = None
    """What it is for, whatever its name."""

    @model_validator(mode="before")
    @classmethod
    def _by_name_alone(cls, given: Any) -> Any:
        return {"name": given} if isinstance(given, str) else given

    @field_validator("category")
    @classmethod
    def _none_for_blanks(cls, given: JsonValue) -> JsonValue:
        return None if isinstance(given, str) and is_blank(given) else given


class Details(Read):
    from_stage: Stage | None = None
    to_stage: Stage | None = None


class OfCandidate(Read):
    candidate: Ref


class OfMove(Read):
    candidate: Candidate
    offer: Offer
    details: Spare[Details] = Details()


class OfJob(Read):
    model_config = ConfigDict(populate_by_name=True)

    offer: Offer = Field(validation_alias=AliasChoices("offer", "job"))


class Hook(Read):
    event_type: str
    event_subtype: str | None = None
    created_at: Moment | None = None


PayloadType = TypeVar("PayloadType", bound=Read | dict[str, JsonValue])


class HookWith(Hook, Generic[PayloadType]):
    payload: PayloadType


class Tried(Read):
    """What Recruitee sends to try an address."""

    test: bool = False
