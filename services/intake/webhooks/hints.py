"""What is known of the API of a kind of system whose calls are only hints.

Such a system does not sign what it says, or says only that something changed. So what a call means
is asked for there before it is translated, and kept with it: translating stays a matter of what is
kept, and is the same each time.
"""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import BaseModel

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.saying import part_of
from shared.contract.events.cloudevents import Unreadable

Model = TypeVar("Model", bound=BaseModel)

_SEGMENT = re.compile(r"[A-Za-z0-9_-]{1,100}")


class ApiAddress(Protocol):
    """Where the API of one kind of system is, and how it is opened."""

    @property
    def url(self) -> str:
        """Where it is for everybody, without a slash at the end; empty if it is so for nobody."""

    @property
    def per_second(self) -> float:
        """How often it may be asked for one source."""

    def headers(self, token: str) -> Mapping[str, str]:
        """Returns the headers that carry a token."""


class Api(ApiAddress, Protocol):
    """The API of one kind of system; like an adapter it does no input or output."""

    def paths(self, delivery: Delivery) -> Iterable[str]:
        """Returns the paths that are to be read, as far as what was answered tells.

        What stands in them is of the system's own form: `segment` checks it. Raises Unreadable.
        """


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was looked for, as the API itself would answer it."""

    path: str
    answer: bytes
    key: str
    """By what it is known when it is found again, until it has changed."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was found on one page."""

    found: Sequence[Found]
    until: str
    """Where to go on."""
    has_more: bool


class Listing(Protocol):
    """What a kind of system does not call about, so that it is looked for in its API."""

    def path(self, until: str | None) -> str:
        """Returns what to read next, going on where a page ended; None before the first."""

    def page(self, until: str | None, answer: bytes) -> Page:
        """Returns what an answer holds; raises Unreadable."""

    def again(self, until: str | None) -> str:
        """Returns where to begin when that cannot be read."""


def basic(user: str, password: str = "") -> dict[str, str]:
    """Returns the header that carries a user's name and password (RFC 7617)."""
    return {"authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


def segment(id: str) -> str:
    """Returns an id as it may stand in a path; raises Unreadable for what would lead elsewhere."""
    if not _SEGMENT.fullmatch(id):
        raise Unreadable("no_id", "an id has other characters than letters, digits, _ and -")
    return id


def answer_of(delivery: Delivery, path: str, model: type[Model]) -> Model | None:
    """Returns what was answered; None if it is not there, or was not asked for yet.

    Raises Unreadable.
    """
    answer = delivery.answers.get(path)
    return None if answer is None else part_of(delivery, answer, model)


def is_gone(delivery: Delivery, path: str) -> bool:
    """Tells whether it was answered that there is no such thing."""
    return path in delivery.answers and delivery.answers[path] is None


def unread(api: Api, delivery: Delivery) -> list[str]:
    """Returns the paths that are still to be read; none once there is enough. Raises Unreadable."""
    return [path for path in api.paths(delivery) if path not in delivery.answers]


def needs_asking(api: Api | None, delivery: Delivery) -> bool:
    """Tells whether a system is to be asked about a delivery before it is translated."""
    try:
        return api is not None and bool(unread(api, delivery))
    except Unreadable:
        return False
