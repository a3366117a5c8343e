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
from shared.contract.events.cloudevents import Event, Unreadable, encode
from shared.contract.events.decoding import decode
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


@pytest.mark.parametrize("media_type", [None, "application/json", "application/json; charset=utf8"])
def test_a_structured_event_is_read_where_only_its_body_says_that_it_is_one(
    media_type: str | None,
) -> None:
    headers = [] if media_type is None else [("content-type", media_type.encode())]
    assert decode(Record(structured().value, headers), APPLICATIONS) == EXPECTED


def test_attributes_that_are_numbers_are_read_as_their_digits() -> None:
    assert decode(structured(id=53883394), APPLICATIONS).id == "53883394"


def test_a_batch_is_set_aside_with_what_to_do() -> None:
    batch = json.dumps([ATTRIBUTES | {"data": REJECTION}] * 2).encode()
    for media_type in ("application/cloudevents-batch+json", "application/cloudevents+json", ""):
        with pytest.raises(Unreadable, match="each event of the batch as a record of its own"):
            decode(Record(batch, [("content-type", media_type.encode())]), APPLICATIONS)


@pytest.mark.parametrize("record", [binary(), structured()], ids=["binary", "structured"])
def test_a_byte_order_mark_is_skipped(record: Record) -> None:
    marked = Record(b"\xef\xbb\xbf" + (record.value or b""), record.headers)
    assert decode(marked, APPLICATIONS) == EXPECTED


@pytest.mark.parametrize(
    "time",
    [
        *("2026-02-24T14:42:10.000000000Z", "2026-02-24t14:42:10z", "2026-02-24 14:42:10Z"),
        *("2026-02-24T14:42:10+0000", "2026-02-24T15:42:10+01:00"),
    ],
)
def test_times_are_read_as_other_libraries_write_them(time: str) -> None:
    assert decode(binary(time=time), APPLICATIONS) == EXPECTED


@pytest.mark.parametrize(
    "time", ["2026-02-24T14:42:10GMT", "2026-02-24T14:42:60Z", "1771944130000", "2026-02-24"]
)
def test_a_time_that_could_be_another_is_set_aside(time: str) -> None:
    with pytest.raises(Unreadable, match="RFC 3339"):
        decode(binary(time=time), APPLICATIONS)


@pytest.mark.parametrize("given", [88213, "88213", " 88213 "])
def test_an_id_that_is_a_number_is_the_text_of_it(given: Any) -> None:
    person = {"applicantId": given, "name": {}}
    data = decode(binary(REJECTION | {"applicant": person}), APPLICATIONS)
    assert data.key == "88213"


@pytest.mark.parametrize("given", [1.5, True, None, [1], {}, ""])
def test_an_id_that_is_none_is_set_aside_with_its_field(given: Any) -> None:
    with pytest.raises(Unreadable, match="applicationId"):
        decode(binary(REJECTION | {"applicationId": given}), APPLICATIONS)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (
            "Research &amp; Development Baker &#8211; Nights",
            "Research & Development Baker – Nights",
        ),
        ("Caf&eacute;&nbsp;Manager", "Café Manager"),
        ("B&auml;cker&#x2F;Baker", "Bäcker/Baker"),
        ("Search&region, Profit&Loss, R&D", "Search&region, Profit&Loss, R&D"),
        ("&amp;lt;", "&lt;"),
        ("Baker&#10;Bcc: all&#8238;", "Baker Bcc: all"),
        ("&nosuch; &notit;", "&nosuch; &notit;"),
        ("&#8238;", "&#8238;"),
    ],
)
def test_entities_in_a_title_are_read_once_and_bring_no_hidden_character(
    written: str, title: str
) -> None:
    vacancy = {"vacancyId": "v", "title": written}
    data = decode(binary(REJECTION | {"vacancy": vacancy}), APPLICATIONS).data
    assert isinstance(data, ApplicantRejected)
    assert data.vacancy.title == title
