"""CloudEvents 1.0 over Kafka: written in binary mode, read in binary and structured mode.

Sources: the CloudEvents specification 1.0.2 and its Kafka protocol binding. Reading raises nothing
but `UnknownType` and `Unreadable`; their texts name fields and remedies and repeat nothing of
the body.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, Protocol, Self, TypeVar
from uuid import uuid4

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from shared.contract.events.details import Fault, faults_of, read_without_details
from shared.contract.events.instants import Moment
from shared.contract.events.open_enum import KNOWN_MEMBERS_ONLY
from shared.contract.events.payload import Id, Payload
from shared.contract.topics import ServiceName, Topic

Headers = Iterable[tuple[str, bytes | None]]
Model = TypeVar("Model", bound=BaseModel)

STRUCTURED_MODE = "application/cloudevents+json"
_BATCH_MODE = "application/cloudevents-batch"

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_KEPT = ("specversion", "id", "source", "type", "time", "correlationid", "causationid")
_HEADERS = frozenset({"content-type", *(f"ce_{name}" for name in _KEPT)})
_LONGEST = 300
"""In characters: a source and an id together must fit one entry of a PostgreSQL index."""

_envelope = TypeAdapter(dict[str, JsonValue])
_id: TypeAdapter[str] = TypeAdapter(Id)
_moment: TypeAdapter[datetime] = TypeAdapter(Moment)


class Unreadable(Exception):
    """A record or request that is at fault itself: reading it again will not help."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        """A short code, fit for a metric's label."""
        self.detail = detail
        """Which field, and what to do. Never a value from the body: it may be personal."""


class NotWanted(Unreadable):
    """An event that is right, and whose effect is forbidden; it says nothing against its reader."""


class UnknownType(Exception):
    """A record of a type that its topic does not declare; a newer producer may know more."""

    def __init__(self, type: str, key: str | None) -> None:
        super().__init__("the topic declares no such type")
        self.type = type
        """As the producer named it: somebody else's text."""
        self.key = key
        """The record's key, where it is a valid one."""


class Place(NamedTuple):
    """Where a record lies on its topic."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Event:
    """One event in its envelope."""

    id: str
    """Made once, the same in every repetition; unique within its source."""
    source: str
    type: str
    key: str
    """The entity's id: CloudEvents `subject` and Kafka key."""
    time: datetime
    data: Payload | None
    """None is a tombstone: the entity was erased."""
    correlation_id: str | None = None
    """The id of the event that began the whole story; the same along every hop."""
    causation_id: str | None = None
    """The id of the event that this one answers."""
    replayed_from: Place | None = None
    """Where its record lies, if it was set aside; since then later ones may have been read."""
    left_out: tuple[Fault, ...] = ()
    """What of it could not be read or used, and was left out, so that the rest counts."""

    @classmethod
    def about(
        cls,
        data: Payload,
        *,
        source: ServiceName,
        at: datetime,
        id: str | None = None,
        cause: "Event | None" = None,
    ) -> Self:
        """Makes an event of ours; give an id where the same fact must have the same id again."""
        return cls(
            id=id or str(uuid4()),
            source=f"/notyet/{source}",
            type=data.type,
            key=data.entity_id,
            time=at,
            data=data,
            correlation_id=(cause.correlation_id or cause.id) if cause else None,
            causation_id=cause.id if cause else None,
        )

    @classmethod
    def tombstone(cls, key: str, type: str, *, source: ServiceName, at: datetime) -> Self:
        """Makes the event that erases an entity from a state stream."""
        return cls(
            id=str(uuid4()), source=f"/notyet/{source}", type=type, key=key, time=at, data=None
        )


class Record(Protocol):
    """The part of a Kafka record that reading needs; aiokafka's `ConsumerRecord` has it."""

    @property
    def key(self) -> Any: ...
    @property
    def value(self) -> Any: ...
    @property
    def headers(self) -> Any: ...
    @property
    def timestamp(self) -> int: ...


def encode(event: Event) -> tuple[list[tuple[str, bytes]], bytes | None]:
    """Returns the record headers and value of an event, in binary mode."""
    headers = binary_headers(
        id=event.id,
        source=event.source,
        type=event.type,
        key=event.key,
        time=event.time,
        correlation_id=event.correlation_id,
        causation_id=event.causation_id,
    )
    return headers, body_of(event)


def body_of(event: Event) -> bytes | None:
    """Returns the JSON body of an event; a tombstone has none."""
    if event.data is None:
        return None
    return event.data.model_dump_json(by_alias=True, exclude_none=True).encode()


def binary_headers(
    *,
    id: str,
    source: str,
    type: str,
    key: str,
    time: datetime,
    correlation_id: str | None,
    causation_id: str | None,
) -> list[tuple[str, bytes]]:
    """Returns the headers of one record in binary mode."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", id.encode()),
        ("ce_source", source.encode()),
        ("ce_type", type.encode()),
        ("ce_subject", key.encode()),
        ("ce_time", time.astimezone(UTC).isoformat().encode()),
        ("content-type", b"application/json"),
    ]
    if correlation_id:
        headers.append(("ce_correlationid", correlation_id.encode()))
    if causation_id:
        headers.append(("ce_causationid", causation_id.encode()))
    return headers


def decode(record: Record, topic: Topic) -> Event:
    """Reads one record of a topic, in whichever mode it was written.

    Raises UnknownType for a type that the topic does not declare, and Unreadable, and nothing else,
    for whatever is wrong with the record itself.
    """
    if record.value is None:
        return _tombstone(record, topic)
    attributes, body = _open(record)
    for required in ("specversion", "id", "source", "type"):
        if not attributes.get(required):
            raise Unreadable("missing_attribute", f"add the CloudEvents attribute {required}")
    if attributes["specversion"] != "1.0":
        raise Unreadable("unknown_specversion", "send CloudEvents specversion 1.0")
    model = topic.event_types.get(attributes["type"])
    if model is None:
        raise UnknownType(attributes["type"], valid_key(record.key))
    data, left_out = take_body(body, model)
    return Event(
        id=attributes["id"],
        source=attributes["source"],
        type=attributes["type"],
        key=data.entity_id,
        time=_time(attributes.get("time"), record),
        data=data,
        correlation_id=attributes.get("correlationid"),
        causation_id=attributes.get("causationid"),
        left_out=left_out,
    )


def read_body(
    body: bytes, model: type[Model], *, extra: Literal["ignore", "forbid"] = "ignore"
) -> Model:
    """Validates a JSON body of which nothing may be left out.

    Raises Unreadable naming up to ten fields at fault.
    """
    read, left_out = take_body(body, model, extra=extra)
    if left_out:
        raise Unreadable("invalid_body", explain(left_out))
    return read


def take_body(
    body: bytes, model: type[Model], *, extra: Literal["ignore", "forbid"] = "ignore"
) -> tuple[Model, tuple[Fault, ...]]:
    """Validates a JSON body, and returns the details at fault that were left out of it.

    A public door forbids fields and members that nobody would read. Raises Unreadable naming up to
    ten fields at fault where the rest would not say what it has to.
    """
    body = body.removeprefix(BYTE_ORDER_MARK)
    refuse_nul(body)
    context = KNOWN_MEMBERS_ONLY if extra == "forbid" else None
    try:
        return read_without_details(body, model, extra=extra, context=context)
    except ValidationError as error:
        raise Unreadable("invalid_body", explain(faults_of(error))) from None


def refuse_nul(body: bytes) -> None:
    """Refuses JSON with an escaped NUL in a string: PostgreSQL's text cannot keep one."""
    if b"\\u0000" in body.replace(b"\\\\", b""):
        raise Unreadable("nul_character", "remove the NUL character (\\u0000) from the body")


def explain(faults: Sequence[Fault]) -> str:
    """Says in one line which fields are wrong and why, up to ten of them."""
    lines = [f"{fault.field}: {fault.problem}" for fault in faults[:10]]
    if len(faults) > len(lines):
        lines.append(f"and {len(faults) - len(lines)} more")
    return "; ".join(lines)


def _open(record: Record) -> tuple[dict[str, str], bytes]:
    """Returns the attributes and the body of a record that has one.

    A producer that leaves out the content type, or says JSON, has sent a structured event where the
    headers say nothing and the body says which specification it follows.
    """
    headers = _text_headers(record.headers)
    media_type = headers.get("content-type", "").lower()
    if media_type.startswith(_BATCH_MODE):
        raise _is_batch()
    if media_type.startswith(STRUCTURED_MODE):
        return _opened(_envelope_of(record.value))
    if media_type.startswith("application/cloudevents"):
        raise Unreadable("unknown_format", f"send structured events as {STRUCTURED_MODE}")
    attributes = _attributes(headers, "ce_")
    if not attributes and b'"specversion"' in record.value:
        return _opened(_envelope_of(record.value))
    return attributes, record.value


def _envelope_of(value: bytes) -> dict[str, JsonValue]:
    value = value.removeprefix(BYTE_ORDER_MARK)
    try:
        return _envelope.validate_json(value)
    except ValidationError as error:
        if value.lstrip().startswith(b"["):
            raise _is_batch() from None
        raise Unreadable("invalid_envelope", explain(faults_of(error))) from None


def _is_batch() -> Unreadable:
    return Unreadable("batch_of_events", "send each event of the batch as a record of its own")


def _opened(envelope: dict[str, JsonValue]) -> tuple[dict[str, str], bytes]:
    """Returns the attributes and the body of a structured event; a number is read as its digits."""
    texts = {}
    for name in _KEPT:
        value = envelope.get(name)
        if isinstance(value, bool | float | list | dict):
            raise Unreadable("bad_attribute", f"write the CloudEvents attribute {name} as text")
        if value is not None:
            texts[name] = str(value)
    return _attributes(texts), _body(envelope)


def _body(envelope: dict[str, JsonValue]) -> bytes:
    packed, data = envelope.get("data_base64"), envelope.get("data")
    try:
        if isinstance(packed, str):
            return base64.b64decode(packed, validate=True)
        if data is not None:
            return json.dumps(data).encode()
    except ValueError:
        raise Unreadable("invalid_envelope", "data must be JSON, data_base64 Base64") from None
    raise Unreadable("empty_body", "send the event's data")


def _text_headers(headers: Headers | None) -> dict[str, str]:
    texts = {}
    for name, value in headers or ():
        if (known := name.lower()) not in _HEADERS:
            continue
        try:
            texts[known] = (value or b"").decode()
        except UnicodeDecodeError:
            raise Unreadable("bad_header", f"encode the header {known} as UTF-8") from None
    return texts


def _attributes(texts: dict[str, str], prefix: str = "") -> dict[str, str]:
    """Returns those attributes that we keep, as far as PostgreSQL can keep them."""
    attributes = {}
    for name in _KEPT:
        text = texts.get(prefix + name)
        if text is None:
            continue
        if "\0" in text:
            raise Unreadable("nul_character", f"remove the NUL character from {name}")
        if len(text) > _LONGEST:
            raise Unreadable("attribute_too_long", f"shorten {name} to {_LONGEST} characters")
        attributes[name] = text
    return attributes


def _tombstone(record: Record, topic: Topic) -> Event:
    if not topic.compacted:
        raise Unreadable("empty_body", "send a JSON body; this topic has no tombstones")
    attributes = _attributes(_text_headers(record.headers), "ce_")
    if topic.of_many_sources and not attributes.get("source"):
        raise Unreadable("missing_attribute", "add the CloudEvents attribute source")
    return Event(
        id=attributes.get("id", ""),
        source=attributes.get("source", ""),
        type=attributes.get("type", ""),
        key=_key(record.key),
        time=_time(attributes.get("time"), record),
        data=None,
    )


def valid_key(key: bytes | None) -> str | None:
    """Returns a record's key as text, or None where it is no id."""
    try:
        return _key(key)
    except Unreadable:
        return None


def _key(key: bytes | None) -> str:
    try:
        text = _id.validate_python((key or b"").decode())
    except ValueError:
        remedy = "give a tombstone the erased entity's id as its key"
        raise Unreadable("missing_key", remedy) from None
    if "\0" in text:
        raise Unreadable("nul_character", "remove the NUL character from the key")
    return text


def _time(text: str | None, record: Record) -> datetime:
    """Returns the source's time, or else Kafka's; both may be anything."""
    try:
        if text:
            return _moment.validate_python(text)
        if record.timestamp >= 0:
            return _moment.validate_python(datetime.fromtimestamp(record.timestamp / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        pass
    remedy = "write the time of the event as RFC 3339, with an offset such as Z"
    raise Unreadable("invalid_time", remedy)
