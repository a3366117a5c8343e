"""Reads what is posted into events; a public door refuses what nobody would read."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from uuid import uuid4

from pydantic import BaseModel, Field, JsonValue, ValidationError

from services.intake.api.validation import faults
from services.intake.vacancies.domain import SourcePolicy
from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.cloudevents import Event, Fault, Unreadable, faults_of, refuse_nul
from shared.contract.events.open_enum import KNOWN_MEMBERS_ONLY
from shared.contract.events.payload import Id, Line, Moment, Part, Payload, stable_id
from shared.contract.events.vacancies import (
    Vacancy,
    VacancyClosed,
    VacancyOpened,
    VacancyReopened,
    VacancyState,
    VacancyUpdated,
)
from shared.contract.topics import APPLICATIONS

MOST_ITEMS = 1000

Model = TypeVar("Model", bound=BaseModel)


class RejectionPosted(ApplicantRejected):
    id: Id | None = None
    """Your id of this event: posted again it has no second effect. Made from the content if left
    out, so that the same rejection is the same event."""


class VacancyPosted(Vacancy):
    event: Literal["opened", "updated", "reopened", "closed"] = "opened"
    """What has happened to the vacancy; the other fields are its whole state by now."""


class EventPosted(Part):
    """A CloudEvent in structured mode; its data is what its type says."""

    specversion: Literal["1.0"]
    id: Id
    source: Annotated[Line, Field(min_length=1)]
    type: Line
    time: Moment | None = None
    """When it happened at the source: of two events about one thing the later one holds."""
    data: JsonValue


_VACANCY_EVENTS: dict[str, type[VacancyState]] = {
    "opened": VacancyOpened,
    "updated": VacancyUpdated,
    "reopened": VacancyReopened,
    "closed": VacancyClosed,
}


class Refused(Exception):
    """One thing that was posted is at fault; `malformed` if it is not even JSON."""

    def __init__(self, found: Sequence[Fault], *, malformed: bool = False) -> None:
        super().__init__("refused")
        self.faults = found
        self.malformed = malformed


@dataclass(frozen=True, slots=True)
class ApiClient:
    """Whose API key it was."""

    source: str
    country: str
    """Where a telephone number without a country is dialled."""
    policy: SourcePolicy = field(default_factory=SourcePolicy)


def rejection(body: bytes, sender: ApiClient, now: datetime) -> Event:  # noqa: ARG001 - as the others
    """Reads one rejection; it happened when it was decided."""
    posted = _valid(body, RejectionPosted)
    _check(posted, sender)
    event_id = posted.id or _id_of(posted, sender)
    return _event(event_id, sender.source, posted, posted.decided_at)


def faults_in(posted: object, sender: ApiClient, now: datetime) -> list[Fault]:
    """Lists what is wrong with a rejection that somebody means to post."""
    try:
        rejection(json.dumps(posted).encode(), sender, now)
    except Refused as refused:
        return list(refused.faults)
    return []


def event(body: bytes, sender: ApiClient, now: datetime) -> Event:
    """Reads one CloudEvent about an applicant."""
    envelope = _valid(body, EventPosted, strictly=False)
    if envelope.source != sender.source:
        raise Refused([Fault("source", f"this API key speaks for the source {sender.source}")])
    model = APPLICATIONS.event_types.get(envelope.type)
    if model is None:
        raise Refused([Fault("type", f"send one of {', '.join(APPLICATIONS.event_types)}")])
    try:
        data = _valid(json.dumps(envelope.data).encode(), model)
        _check(data, sender)
    except Refused as refused:
        found = [
            Fault(f"data.{fault.field}".removesuffix(".body"), fault.problem)
            for fault in refused.faults
        ]
        raise Refused(found) from None
    return _event(envelope.id, sender.source, data, envelope.time or now)


def vacancy(body: bytes, sender: ApiClient, now: datetime) -> Event:
    """Reads one vacancy."""
    posted = _valid(body, VacancyPosted)
    _check(posted, sender)
    fields = {name: getattr(posted, name) for name in Vacancy.model_fields}
    return _event(str(uuid4()), sender.source, _VACANCY_EVENTS[posted.event](**fields), now)


def lines(body: bytes) -> list[bytes]:
    """Takes a batch of one JSON object a line apart."""
    return [line for line in body.split(b"\n") if line.strip()]


def elements(body: bytes) -> list[bytes]:
    """Takes a batch that is a JSON array apart; each element may still be anything."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused([Fault("body", "send a JSON array")], malformed=True) from None
    if not isinstance(found, list):
        raise Refused([Fault("body", "send a JSON array")])
    return [json.dumps(element).encode() for element in found]


def _valid(body: bytes, model: type[Model], *, strictly: bool = True) -> Model:
    try:
        refuse_nul(body)
        return model.model_validate_json(
            body, extra="forbid" if strictly else "ignore", context=KNOWN_MEMBERS_ONLY
        )
    except Unreadable as nul:
        raise Refused([Fault("body", nul.detail)]) from None
    except ValidationError as error:
        malformed = any(fault["type"] == "json_invalid" for fault in error.errors())
        raise Refused(faults_of(error), malformed=malformed) from None


def _check(data: BaseModel, sender: ApiClient) -> None:
    if found := faults(data, sender.country, sender.policy):
        raise Refused(found)


def _event(id: str, source: str, data: Payload, time: datetime) -> Event:
    return Event(id=id, source=source, type=data.type, key=data.entity_id, time=time, data=data)


def _id_of(posted: RejectionPosted, sender: ApiClient) -> str:
    content = posted.model_dump_json(by_alias=True).encode()
    return stable_id(sender.source, hashlib.sha256(content).hexdigest())
