"""What Lever sends and answers, as far as it is read, in its own words (API v1, 2026)."""

from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import BeforeValidator, ConfigDict, JsonValue
from pydantic.alias_generators import to_camel

from services.intake.webhooks.saying import Read, Spare
from shared.contract.events.payload import Id

OPEN = "non-confidential"
PUBLISHED, ENDED = "published", {"closed", "internal", "rejected"}
"""States of postings; a draft is neither, and so is one that waits for approval."""


def _from_milliseconds(given: object) -> object:
    if isinstance(given, int) and 0 <= given < 10**13:
        return datetime.fromtimestamp(given / 1000, UTC)
    return None


Milliseconds = Annotated[datetime, BeforeValidator(_from_milliseconds)]


class _Lever(Read):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Changed(_Lever):
    """What a web hook names; Lever does not sign it."""

    opportunity_id: Id | None = None
    contact_id: Id | None = None


class Hook(_Lever):
    event: str = ""
    triggered_at: int = 0
    token: str = ""
    signature: str = ""
    data: Changed | None = None


class Archived(_Lever):
    archived_at: Milliseconds
    reason: Id


class Phone(_Lever):
    value: str


class Allowed(_Lever):
    allowed: bool = True


class DataProtection(_Lever):
    contact: Allowed | None = None


class Urls(_Lever):
    show: str | None = None


class Contact(_Lever):
    """A person as they are now: what is not told of how to reach them is not taken for none."""

    id: Id
    emails: list[str]
    phones: list[Phone]
    name: Spare[str | None] = None
    is_anonymized: bool = False


class Opportunity(_Lever):
    """Somebody's candidacy for one job; its contact is the person."""

    id: Id
    contact: Id
    confidentiality: str
    archived: Archived | None
    name: Spare[str | None] = None
    emails: Spare[list[str]] = []
    phones: Spare[list[Phone]] = []
    origin: str | None = None
    stage: Id | None = None
    is_anonymized: bool = False
    data_protection: DataProtection | None = None
    urls: Spare[Urls | None] = None

    @property
    def refusal(self) -> dict[str, bool]:
        """Whether they refuse email, where Lever tells whether anybody may write to them."""
        contact = self.data_protection and self.data_protection.contact
        return {"refusesEmail": not contact.allowed} if contact else {}


class Application(_Lever):
    id: Id
    posting: Id | None = None
    created_at: Milliseconds


class Reason(_Lever):
    text: str
    type: str | None = None


class Stage(_Lever):
    text: Spare[str | None] = None


class Categories(_Lever):
    location: str | None = None


class Posting(_Lever):
    id: Id
    text: str
    confidentiality: str
    state: str | None = None
    categories: Spare[Categories | None] = None
    updated_at: Milliseconds | None = None


Data = TypeVar("Data", bound=_Lever | list[Application])


class ApiAnswer(_Lever, Generic[Data]):
    data: Data


class Changing(_Lever):
    """What every posting tells of when it last changed, in milliseconds."""

    id: Id
    updated_at: int


class Listed(_Lever):
    """One page of a list."""

    data: list[dict[str, JsonValue]]
    has_next: bool = False
    next: str | None = None
