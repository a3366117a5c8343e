"""Events are read alike from whichever publisher wrote them."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cloudevents.core.bindings import kafka as sdk
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event, decode, encode
from shared.contract.topics import APPLICATIONS, CANDIDATES
from tests.shared.contract.events.records import (
    ATTRIBUTES,
    NOON,
    REJECTION,
    Record,
    binary,
    structured,
)

EXPECTED = Event(
    id="event-1",
    source="/ats/greenfield",
    type=ApplicantRejected.type,
    key="applicant-1",
    time=datetime(2026, 2, 24, 14, 42, 10, tzinfo=UTC),
    data=ApplicantRejected.model_validate(REJECTION),
)


def sdk_event() -> CloudEvent:
    attributes = ATTRIBUTES | {"time": EXPECTED.time, "datacontenttype": "application/json"}
    return CloudEvent({**attributes, "partitionkey": "applicant-1"}, REJECTION)


def from_sdk(message: sdk.KafkaMessage) -> Record:
    assert isinstance(message.key, str)
    return Record(message.value, list(message.headers.items()), message.key.encode())


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(binary(), id="binary"),
        pytest.param(structured(), id="structured"),
        pytest.param(
            structured(
                data=None, data_base64=base64.b64encode(json.dumps(REJECTION).encode()).decode()
            ),
            id="structured with Base64",
        ),
        pytest.param(from_sdk(sdk.to_binary(sdk_event(), JSONFormat())), id="SDK, binary"),
        pytest.param(from_sdk(sdk.to_structured(sdk_event(), JSONFormat())), id="SDK, structured"),
    ],
)
def test_event_is_the_same_in_every_mode(record: Record) -> None:
    assert decode(record, APPLICATIONS) == EXPECTED


@pytest.mark.parametrize(
    "media_type",
    [
        "application/cloudevents+json",
        "application/cloudevents+json; charset=UTF-8",
        "Application/CloudEvents+JSON",
    ],
)
def test_structured_mode_is_told_by_the_media_type(media_type: str) -> None:
    record = structured()
    record.headers = [("Content-Type", media_type.encode())]
    assert decode(record, APPLICATIONS) == EXPECTED


def test_headers_may_be_of_any_case_and_among_strangers() -> None:
    record = binary()
    strangers: list[Any] = [("x-tenant", b"\xff\xfe"), ("empty", None), ("traceparent", b"00-1")]
    record.headers = strangers + [(name.upper(), value) for name, value in record.headers]
    assert decode(record, APPLICATIONS) == EXPECTED


def test_body_is_json_though_nobody_says_so() -> None:
    record = binary()
    record.headers = [header for header in record.headers if header[0] != "content-type"]
    assert decode(record, APPLICATIONS) == EXPECTED


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-02-24T14:42:10Z", datetime(2026, 2, 24, 14, 42, 10, tzinfo=UTC)),
        ("2026-02-24t14:42:10z", datetime(2026, 2, 24, 14, 42, 10, tzinfo=UTC)),
        ("2026-02-24T14:42:10.123456789Z", datetime(2026, 2, 24, 14, 42, 10, 123456, tzinfo=UTC)),
        (
            "2026-02-24T20:12:10+05:30",
            datetime(2026, 2, 24, 20, 12, 10, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        ),
    ],
)
def test_time_is_read_in_every_spelling_of_rfc_3339(written: str, meant: datetime) -> None:
    assert decode(binary(time=written), APPLICATIONS).time == meant


def test_time_is_kafkas_where_the_source_gives_none() -> None:
    assert decode(binary(time=None), APPLICATIONS).time == NOON


def test_key_is_the_entity_of_the_body_whatever_the_record_says() -> None:
    record = binary()
    record.key = None
    assert decode(record, APPLICATIONS).key == "applicant-1"


def test_story_is_followed_along_the_hops() -> None:
    first = decode(binary(), APPLICATIONS)
    state = CandidateChanged(candidate_id="candidate-1", version=1)
    second = Event.about(state, source="intake", at=NOON, cause=first)
    third = Event.about(state, source="intake", at=NOON, cause=second)
    assert (second.correlation_id, second.causation_id) == ("event-1", "event-1")
    assert (third.correlation_id, third.causation_id) == ("event-1", second.id)


def test_what_we_write_we_read_again() -> None:
    cause = decode(binary(), APPLICATIONS)
    state = CandidateChanged(candidate_id="candidate-1", version=7)
    event = Event.about(state, source="intake", at=NOON, cause=cause)
    headers, value = encode(event)
    assert decode(Record(value, headers, event.key.encode()), CANDIDATES) == event


def test_what_we_write_the_sdk_reads() -> None:
    state = CandidateChanged(candidate_id="candidate-1", version=7)
    event = Event.about(state, source="intake", at=NOON)
    headers, value = encode(event)
    assert value
    read = sdk.from_kafka(sdk.KafkaMessage(dict(headers), event.key, value), JSONFormat())
    assert (read.get_id(), read.get_source(), read.get_type(), read.get_subject()) == (
        event.id,
        "/notyet/intake",
        CandidateChanged.type,
        "candidate-1",
    )
    assert read.get_time() == NOON
    assert CandidateChanged.model_validate(read.get_data()) == state


def test_tombstone_is_written_without_a_value_and_read_by_its_key() -> None:
    event = Event.tombstone("candidate-1", CandidateChanged.type, source="intake", at=NOON)
    headers, value = encode(event)
    assert value is None
    assert decode(Record(None, headers, b"candidate-1"), CANDIDATES) == event


@pytest.mark.parametrize("headers", [[], None, [("content-type", b"application/cloudevents+json")]])
def test_bare_tombstone_is_read_too(headers: Any) -> None:
    event = decode(Record(None, headers, b"candidate-1"), CANDIDATES)
    assert (event.key, event.data, event.time) == ("candidate-1", None, NOON)
