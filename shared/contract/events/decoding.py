"""CloudEvents 1.0 as Kafka's records carry them, read in binary and in structured mode.

Reading raises nothing but `UnknownType` and `Unreadable`; their texts name fields and remedies and
repeat nothing of the body.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from pydantic import JsonValue, TypeAdapter, ValidationError

from shared.contract.events.blank_text import is_blank
from shared.contract.events.bodies import BYTE_ORDER_MARK, explain, take_body
from shared.contract.events.cloudevents import Event, Headers, UnknownType, Unreadable
from shared.contract.events.details import Fault, faults_of
from shared.contract.events.instants import Moment
from shared.contract.events.legible import of_data, read_legibly
from shared.contract.events.payload import Id
from shared.contract.topics import Topic

STRUCTURED_MODE = "application/cloudevents+json"
_BATCH_MODE = "application/cloudevents-batch"

_NEEDED = ("specversion", "id", "source", "type", "time")
_TRACED = ("correlationid", "causationid")
"""What an event is followed by: one at fault is left out, so that nobody loses an answer by it."""
_KEPT = (*_NEEDED, *_TRACED)
_HEADERS = frozenset({"content-type", *(f"ce_{name}" for name in _KEPT)})
_LONGEST = 300
"""In characters: a source and an id together must fit one entry of a PostgreSQL index."""

_envelope = TypeAdapter(dict[str, JsonValue])
_id: TypeAdapter[str] = TypeAdapter(Id)
_moment: TypeAdapter[datetime] = TypeAdapter(Moment)


class _Opened(NamedTuple):
    attributes: dict[str, str]
    left_out: tuple[Fault, ...]
    body: bytes


class Envelope(Protocol):
    """The part of a Kafka record that tells which event it is."""

    @property
    def value(self) -> Any: ...
    @property
    def headers(self) -> Any: ...


class Record(Envelope, Protocol):
    """The part of a Kafka record that reading needs; aiokafka's `ConsumerRecord` has it."""

    @property
    def key(self) -> Any: ...
    @property
    def timestamp(self) -> int: ...


def decode(record: Record, topic: Topic) -> Event:
    """Reads one record of a topic, in whichever mode it was written.

    Raises UnknownType for a type that the topic does not declare, and Unreadable, and nothing else,
    for whatever is wrong with the record itself.
    """
    if record.value is None:
        return _tombstone(record, topic)
    attributes, unusable, body = _open(record)
    for required in ("specversion", "id", "source", "type"):
        if is_blank(attributes.get(required, "")):
            raise Unreadable("missing_attribute", f"add the CloudEvents attribute {required}")
    if attributes["specversion"] != "1.0":
        raise Unreadable("unknown_specversion", "send CloudEvents specversion 1.0")
    model = topic.event_types.get(attributes["type"])
    if model is None:
        raise UnknownType(attributes["type"], valid_key(record.key))
    data, left_out = take_body(body, model)
    return Event(
        id=attributes["id"].strip(),
        source=attributes["source"],
        type=attributes["type"],
        key=data.entity_id,
        time=_time(attributes.get("time"), record),
        data=data,
        correlation_id=attributes.get("correlationid"),
        causation_id=attributes.get("causationid"),
        left_out=(*unusable, *left_out),
    )


def identifying(record: Envelope) -> dict[str, str]:
    """Returns source, id and type of a record, as far as they can be read."""
    try:
        if record.value is None:
            attributes, _ = _attributes(_headers(record.headers), "ce_")
        else:
            attributes = _open(record).attributes
    except Unreadable:
        return {}
    return {name: attributes[name] for name in ("source", "id", "type") if name in attributes}


def _open(record: Envelope) -> _Opened:
    """Opens a record that has a body.

    A producer that leaves out the content type, or says JSON, has sent a structured event where the
    headers say nothing and the body says which specification it follows.
    """
    headers = _headers(record.headers)
    media_type = headers.get("content-type", b"").decode(errors="replace").lower()
    if media_type.startswith(_BATCH_MODE):
        raise _is_batch()
    if media_type.startswith(STRUCTURED_MODE):
        return _opened(*_envelope_of(record.value))
    if media_type.startswith("application/cloudevents"):
        raise Unreadable("unknown_format", f"send structured events as {STRUCTURED_MODE}")
    attributes, left_out = _attributes(headers, "ce_")
    if not attributes and b'"specversion"' in record.value:
        return _opened(*_envelope_of(record.value))
    return _Opened(attributes, left_out, record.value)


def _envelope_of(value: bytes) -> tuple[dict[str, JsonValue], tuple[Fault, ...]]:
    value = value.removeprefix(BYTE_ORDER_MARK)
    try:
        return read_legibly(value, _envelope.validate_json)
    except ValidationError as error:
        if value.lstrip().startswith(b"["):
            raise _is_batch() from None
        raise Unreadable("invalid_envelope", explain(faults_of(error))) from None


def _is_batch() -> Unreadable:
    return Unreadable("batch_of_events", "send each event of the batch as a record of its own")


def _opened(envelope: dict[str, JsonValue], illegible: Sequence[Fault]) -> _Opened:
    attributes, left_out = _attributes(envelope)
    return _Opened(attributes, (*left_out, *of_data(illegible)), _body(envelope))


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


def _headers(headers: Headers | None) -> dict[str, bytes]:
    return {
        known: value or b"" for name, value in headers or () if (known := name.lower()) in _HEADERS
    }


def _attributes(
    given: Mapping[str, Any], prefix: str = ""
) -> tuple[dict[str, str], tuple[Fault, ...]]:
    """Returns those attributes that we keep, and which of them were at fault and are left out."""
    attributes: dict[str, str] = {}
    left_out: list[Fault] = []
    for name in _KEPT:
        value = given.get(prefix + name)
        if value is None:
            continue
        try:
            attributes[name] = _text(name, value)
        except Unreadable as fault:
            if name in _NEEDED:
                raise
            left_out.append(Fault(name, fault.detail))
    return attributes, tuple(left_out)


def _text(name: str, value: bytes | JsonValue) -> str:
    """Returns an attribute as PostgreSQL can keep it; a number is read as its digits."""
    if isinstance(value, bool | float | list | dict):
        raise Unreadable("bad_attribute", f"write the CloudEvents attribute {name} as text")
    try:
        text = value.decode() if isinstance(value, bytes) else str(value)
    except UnicodeDecodeError:
        raise Unreadable("bad_header", f"encode the header ce_{name} as UTF-8") from None
    if "\0" in text:
        raise Unreadable("nul_character", f"remove the NUL character from {name}")
    if len(text) > _LONGEST:
        raise Unreadable("attribute_too_long", f"shorten {name} to {_LONGEST} characters")
    return text


def _tombstone(record: Record, topic: Topic) -> Event:
    if not topic.compacted:
        raise Unreadable("empty_body", "send a JSON body; this topic has no tombstones")
    attributes, _ = _attributes(_headers(record.headers), "ce_")
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
