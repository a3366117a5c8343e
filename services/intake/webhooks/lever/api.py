"""What is asked of Lever's API, and where it stands among the answers.

Source: Lever's "Developer documentation", API v1 (2026). A key reads confidential things only if it
is made to, and of the others it may be answered that they are not there.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import answer_of, basic, is_gone, segment
from services.intake.webhooks.lever import payloads
from services.intake.webhooks.lever.payloads import (
    ApiAnswer,
    Application,
    Contact,
    Opportunity,
    Posting,
)
from services.intake.webhooks.saying import body_of
from shared.contract.events.cloudevents import Unreadable

ARCHIVED, HIRED, DELETED = "candidateArchiveChange", "candidateHired", "candidateDeleted"
CHANGED = "contactUpdated"


class LeverApi:
    """Lever's API."""

    url: Final = "https://api.lever.co/v1"
    per_second: Final = 8.0
    """Of the ten that Lever allows."""

    def headers(self, token: str) -> Mapping[str, str]:
        """Returns the key as the name of a user without a password."""
        return basic(token)

    def paths(self, delivery: Delivery) -> Iterator[str]:
        """Yields what is to be read of the opportunity that changed."""
        return Asked(delivery).paths()


class Asked:
    """What was answered about one web hook."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._hook = body_of(delivery, payloads.Hook)

    def paths(self) -> Iterator[str]:
        """Yields what is to be read, as far as what was answered tells."""
        if self._hook.data is None:
            return
        if self._hook.event == CHANGED:
            yield self._contact
        if self._hook.event not in (ARCHIVED, HIRED, DELETED):
            return
        yield self._opportunity
        if self._hook.event == DELETED:
            yield self._contact
            return
        opportunity = self.opportunity
        if opportunity is None or opportunity.archived is None:
            return
        yield _reason(opportunity.archived)
        yield f"{self._opportunity}/applications"
        if opportunity.stage:
            yield _stage(opportunity.stage)
        if posting := self.application and self.application.posting:
            yield _posting(posting)

    @property
    def is_gone(self) -> bool:
        """Whether the opportunity, and whoever it was of, are there no more."""
        return all(is_gone(self._delivery, path) for path in (self._opportunity, self._contact))

    @property
    def opportunity(self) -> Opportunity | None:
        found = answer_of(self._delivery, self._opportunity, ApiAnswer[Opportunity])
        return found.data if found else None

    @property
    def contact(self) -> Contact | None:
        found = answer_of(self._delivery, self._contact, ApiAnswer[Contact])
        return found.data if found else None

    @property
    def application(self) -> Application | None:
        """The latest of the opportunity, if there is one."""
        path = f"{self._opportunity}/applications"
        found = answer_of(self._delivery, path, ApiAnswer[list[Application]])
        return max(found.data, key=lambda each: each.created_at, default=None) if found else None

    def reason(self, archived: payloads.Archived) -> payloads.Reason | None:
        found = answer_of(self._delivery, _reason(archived), ApiAnswer[payloads.Reason])
        return found.data if found else None

    def stage(self, id: str) -> str | None:
        found = answer_of(self._delivery, _stage(id), ApiAnswer[payloads.Stage])
        return found.data.text if found else None

    def posting(self, id: str) -> Posting | None:
        found = answer_of(self._delivery, _posting(id), ApiAnswer[Posting])
        return found.data if found else None

    @property
    def _opportunity(self) -> str:
        return f"/opportunities/{segment(self._named('opportunity_id'))}"

    @property
    def _contact(self) -> str:
        return f"/contacts/{segment(self._named('contact_id'))}"

    def _named(self, field: str) -> str:
        id: str | None = getattr(self._hook.data, field)
        if id is None:
            raise Unreadable("no_id", f"data: name the {field.removesuffix('_id')}")
        return id


def _reason(archived: payloads.Archived) -> str:
    return f"/archive_reasons/{segment(archived.reason)}"


def _stage(id: str) -> str:
    return f"/stages/{segment(id)}"


def _posting(id: str) -> str:
    return f"/postings/{segment(id)}"
