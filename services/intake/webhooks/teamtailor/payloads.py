"""What Teamtailor sends and answers, as far as it is read: JSON:API in its own words (2026)."""

from typing import Generic, TypeVar

from pydantic import ConfigDict

from services.intake.webhooks.saying import Read, Spare
from shared.contract.events.instants import Moment
from shared.contract.events.payload import Id

PUBLISHED, ENDED = "published", "archived"
"""Of a job; any other status is neither open nor over."""
HIRED = "hired"
"""Of a stage."""


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class _Attributes(Read):
    model_config = ConfigDict(alias_generator=_kebab, populate_by_name=True)


class Ref(Read):
    id: Id


class Linked(Read):
    """A relationship without what is behind it."""

    data: Ref | None


class Named(Read):
    event_name: str | None = None
    data: Ref | None = None


class Hook(Read):
    """What changed, in either of the two shapes that are sent."""

    payload: Named | None = None
    event_name: str | None = None
    resource_id: Id | None = None
    signature: str | None = None

    @property
    def event(self) -> str | None:
        return self.event_name or (self.payload.event_name if self.payload else None)

    @property
    def resource(self) -> str | None:
        data = self.payload.data if self.payload else None
        return self.resource_id or (data.id if data else None)


class Application(_Attributes):
    created_at: Moment
    rejected_at: Moment | None
    sourced: bool = False


class Candidate(_Attributes):
    first_name: Spare[str | None] = None
    last_name: Spare[str | None] = None
    email: Spare[str | None] = None
    phone: Spare[str | None] = None
    sourced: bool = False
    internal: bool = False
    unsubscribed: bool = False

    @property
    def refusal(self) -> dict[str, bool]:
        """Whether they refuse email, where Teamtailor tells."""
        told = "unsubscribed" in self.model_fields_set
        return {"refusesEmail": self.unsubscribed} if told else {}


class Job(_Attributes):
    title: str
    human_status: str
    internal: bool = False


class Stage(_Attributes):
    name: Spare[str | None] = None
    stage_type: str | None = None


class RejectReason(_Attributes):
    reason: str | None = None
    rejected_by_company: bool | None = None


Attributes = TypeVar("Attributes", bound=_Attributes)


class Resource(Ref, Generic[Attributes]):
    attributes: Attributes


class ApiAnswer(Read, Generic[Attributes]):
    data: Resource[Attributes] | None
    """None where there is no such thing behind a relationship."""
