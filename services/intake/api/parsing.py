"""Reads what is posted into events; a public door refuses what nobody would read."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Annotated, Literal, TypeVar
from uuid import uuid4

from pydantic import BaseModel, Field, JsonValue, ValidationError

from services.intake.applicants.domain.left_out import unusable_recruiters
from services.intake.applicants.domain.receiving import AHEAD, TOLERANCE, Receiving
from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.bodies import valid_body
from shared.contract.events.cloudevents import Event, Unreadable
from shared.contract.events.details import Fault, faults_of
from shared.contract.events.instants import Moment
from shared.contract.events.legible import of_data
from shared.contract.events.payload import Id, Line, Part, Payload, stable_id
from shared.contract.events.vacancies import (
    Vacancy,
    VacancyClosed,
    VacancyOpened,
    VacancyReopened,
    VacancyState,
    VacancyUpdated,
)
from shared.contract.topics import APPLICATIONS, VACANCIES, Topic
from shared.runtime.processing import Receive, received

MOST_ITEMS = 1000

_NO_ARRAY = "send a JSON array"
_OPENED = re.compile(r"\s*\[")
_MARK = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{},]', re.DOTALL)
"""A string, which goes on to the end if it is not closed, or what stands around values."""
_OPENING, _CLOSING = "[{", "]}"
_MOST_MARKS = 1_000_000
"""More of them stand in no batch, and would hold up others."""

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
    """When it happened at the source: of two events about one thing the later one holds. Of two
    decisions the later `decidedAt` does, and of one moment the one received later."""
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
    receiving: Receiving
    """What of its events may count."""
    key_id: str | None = None


def rejection(body: bytes, sender: ApiClient, now: datetime) -> Event:
    """Reads one rejection; it happened when it was decided."""
    posted, left_out = _valid(body, RejectionPosted)
    event_id = posted.id or _id_of(posted, sender)
    return _received(_event(event_id, sender, posted, posted.decided_at, left_out), sender, now)


def tried(
    posted: object,
    sender: ApiClient,
    now: datetime,
    others: Callable[[Event], Sequence[Fault]] = lambda _: (),
) -> tuple[Sequence[Fault], Sequence[Fault]]:
    """Returns why a rejection that is yet to be posted is refused, and what is left out of it.

    `others` tells why one that is good in itself is refused for what was posted before it.
    """
    try:
        event = rejection(json.dumps(posted).encode(), sender, now)
    except Refused as refused:
        return refused.faults, ()
    return others(event), event.left_out


def event(body: bytes, sender: ApiClient, now: datetime) -> Event:
    """Reads one CloudEvent about an applicant."""
    envelope, illegible = _valid(body, EventPosted, strictly=False)
    if envelope.source != sender.source:
        raise Refused([Fault("source", f"this API key speaks for the source {sender.source}")])
    model = APPLICATIONS.event_types.get(envelope.type)
    if model is None:
        raise Refused([Fault("type", f"send one of {', '.join(APPLICATIONS.event_types)}")])
    said_at = envelope.time or now
    if said_at > now + TOLERANCE:
        raise Refused([Fault("time", AHEAD)])
    try:
        data, unused = _valid(json.dumps(envelope.data).encode(), model)
        left_out = (*of_data(illegible), *unused)
        return _received(_event(envelope.id, sender, data, said_at, left_out), sender, now)
    except Refused as refused:
        raise Refused([inside("data", fault) for fault in refused.faults]) from None


def inside(field: str, fault: Fault) -> Fault:
    """Names a field at fault as it is found inside another one."""
    return Fault(f"{field}.{fault.field}".removesuffix(".body"), fault.problem)


def vacancy(body: bytes, sender: ApiClient, now: datetime) -> Event:
    """Reads one vacancy."""
    posted, left_out = _valid(body, VacancyPosted)
    if found := list(unusable_recruiters(posted, sender.receiving.policy)):
        raise Refused(found)
    fields = {name: getattr(posted, name) for name in Vacancy.model_fields}
    data = _VACANCY_EVENTS[posted.event](**fields)
    return _admitted(_event(str(uuid4()), sender, data, now, left_out), VACANCIES, now)


def lines(body: bytes) -> list[bytes]:
    """Takes a batch of one JSON object a line apart."""
    return [line for line in body.split(b"\n") if line.strip()]


def elements(body: bytes) -> list[bytes]:
    """Takes a batch that is a JSON array apart; each element may still be anything.

    Of more than may come at once it returns one too many, and looks at no others.
    """
    try:
        text = body.decode(json.detect_encoding(body), "surrogatepass")
        found = json.loads(text)
        if not isinstance(found, list):
            raise Refused([Fault("body", _NO_ARRAY)])
        return [json.dumps(element).encode() for element in found[: MOST_ITEMS + 1]]
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise Refused([Fault("body", _NO_ARRAY)], malformed=True) from None
    except (ValueError, RecursionError):
        return _between_marks(text)


def _between_marks(text: str) -> list[bytes]:
    """Takes an array apart by its marks alone, as something in it is too deep or long to be read.

    What that is, is for the reader of the element to say.
    """
    found: list[bytes] = []
    if opened := _OPENED.match(text):
        depth, start = 1, opened.end()
        for mark in islice(_MARK.finditer(text, start), _MOST_MARKS):
            depth += (mark[0] in _OPENING) - (mark[0] in _CLOSING)
            if depth == 0 or (depth == 1 and mark[0] == ","):
                found.append(text[start : mark.start()].encode(errors="surrogatepass"))
                start = mark.end()
            if depth == 0:
                break
        if depth == 0 and not text[start:].strip():
            return found
    raise Refused([Fault("body", _NO_ARRAY)], malformed=True)


def _valid(
    body: bytes, model: type[Model], *, strictly: bool = True
) -> tuple[Model, tuple[Fault, ...]]:
    extra: Literal["forbid", "ignore"] = "forbid" if strictly else "ignore"
    try:
        return valid_body(body, model, extra=extra, known_members_only=True)
    except ValidationError as error:
        malformed = any(fault["type"] == "json_invalid" for fault in error.errors())
        raise Refused(faults_of(error), malformed=malformed) from None


def _received(event: Event, sender: ApiClient, now: datetime) -> Event:
    """Returns an event as it counts; raises Refused if nobody could be reached by it at all."""
    if found := list(sender.receiving.faults(event, now)):
        raise Refused(found)
    return _admitted(event, APPLICATIONS, now, sender.receiving.take)


def _admitted(event: Event, topic: Topic, now: datetime, receive: Receive | None = None) -> Event:
    try:
        return received(event, topic, now, receive)
    except Unreadable as fault:
        raise Refused([Fault("source", fault.detail)]) from None


def _event(
    id: str, sender: ApiClient, data: Payload, time: datetime, left_out: tuple[Fault, ...]
) -> Event:
    return Event(
        id=id,
        source=sender.source,
        type=data.type,
        key=data.entity_id,
        time=time,
        data=data,
        left_out=left_out,
    )


def _id_of(posted: RejectionPosted, sender: ApiClient) -> str:
    content = posted.model_dump_json(by_alias=True).encode()
    return stable_id(sender.source, hashlib.sha256(content).hexdigest())
