"""CloudEvents 1.0: an event in its envelope, and how it is written to Kafka in binary mode.

Sources: the CloudEvents specification 1.0.2 and its Kafka protocol binding.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, Self
from uuid import uuid4

from shared.contract.events.details import Fault
from shared.contract.events.payload import Payload
from shared.contract.topics import ServiceName

Headers = Iterable[tuple[str, bytes | None]]


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


class RecordPosition(NamedTuple):
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
    replayed_from: RecordPosition | None = None
    """Where its record lies, if it was set aside; since then later ones may have been read."""
    left_out: tuple[Fault, ...] = ()
    """What of it could not be read or used, and was left out, so that the rest counts."""
    content: bytes | None = None
    """A digest of what another system said under this id."""
    received_at: datetime | None = None
    """When another system's came."""
    as_of: datetime | None = None
    """When what it tells of a person was so, where that is not its time: that of a decision."""
    receipt: int | None = None
    """Its number in the order of receipt, where it had one before it is recorded."""
    place: int = 0
    """Its place among several that were received as one."""

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
