"""Whatever is wrong with a record is said by its field, and nothing of it is repeated."""

import json
import traceback
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.bodies import read_body
from shared.contract.events.cloudevents import Event, UnknownType, Unreadable
from shared.contract.events.decoding import decode
from shared.contract.topics import ALL, APPLICATIONS, CANDIDATES, Topic
from tests.shared.contract.events.records import REJECTION, Body, Record, binary, structured

CANARY = "canary-Zoe-Quill-7f3a"
"""Stands for a name or an address; it must never come out again."""


def rejection(**changes: Any) -> Body:
    return {**REJECTION, "decidedBy": CANARY, **changes}


def shortfall(**fields: Any) -> Body:
    gap = {"requirementId": "r", "kind": "experience", "name": CANARY, **fields}
    return rejection(shortfalls=[gap])


def text(body: Body) -> bytes:
    return json.dumps(body).encode()


def fault_of(record: Record, topic: Topic = APPLICATIONS) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        decode(record, topic)
    return caught.value


LONG_TITLE = {"vacancyId": "v", "title": CANARY * 100}

WRONG_BODIES = [
    ("not JSON", CANARY.encode(), "invalid_body", "body"),
    ("cut off", text(rejection())[:-20], "invalid_body", "body"),
    ("empty", b"", "invalid_body", "body"),
    ("null", b"null", "invalid_body", "body"),
    ("a list", text([CANARY]), "invalid_body", "body"),  # type: ignore[arg-type]
    ("not UTF-8", text(rejection())[:-1] + b', "x": "\xff\xfe"}', "invalid_body", "body"),
    ("deep", b'{"decidedBy": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "invalid_body", "body"),
    ("huge number", b'{"version": ' + b"9" * 100_000 + b"}", "invalid_body", "Id"),
    ("half an id", rejection(applicationId=f"{CANARY}\ud800"), "invalid_body", "applicationId"),
    ("NUL in an id", rejection(applicationId=f"{CANARY}\0"), "invalid_body", "applicationId"),
    ("raw NUL", text(rejection()).replace(b"canary", b"can\0ary"), "invalid_body", "body"),
    ("missing field", text({"decidedBy": CANARY}), "invalid_body", "applicationId: add this field"),
    ("wrong type", rejection(applicationId=[CANARY]), "invalid_body", "applicationId"),
    ("null field", rejection(vacancy=None), "invalid_body", "vacancy"),
    ("deep field", rejection(applicant={"applicantId": ""}), "invalid_body", "applicant.name"),
    ("blank id", rejection(applicationId="  "), "invalid_body", "applicationId"),
    ("long id", rejection(applicationId=CANARY * 50), "invalid_body", "applicationId"),
    (
        "long title",
        rejection(vacancy={"vacancyId": "v", "title": CANARY * 100}),
        "invalid_body",
        "title",
    ),
    ("long for a member", rejection(tier=CANARY * 50), "invalid_body", "tier"),
    ("out of range", rejection(finishingPlace=0), "invalid_body", "finishingPlace"),
    ("not a number", rejection(finishingPlace=CANARY), "invalid_body", "finishingPlace"),
    ("no such day", rejection(decidedAt="2026-02-30T00:00:00Z"), "invalid_body", "decidedAt"),
    ("no offset", rejection(decidedAt="2026-02-24T15:42:10"), "invalid_body", "decidedAt"),
    ("end of time", rejection(decidedAt="9999-12-31T23:59:59-14:00"), "invalid_body", "decidedAt"),
    (
        "begin of time",
        rejection(decidedAt="0001-01-01T00:00:00+14:00"),
        "invalid_body",
        "decidedAt",
    ),
    ("words for time", rejection(decidedAt=CANARY), "invalid_body", "decidedAt"),
    ("half a gap", shortfall(observedMonths=3), "invalid_body", "shortfalls.0"),
    ("endless gap", shortfall(requiredMonths=10**9), "invalid_body", "requiredMonths"),
    ("NaN", b'{"score": NaN}', "invalid_body", "applicationId"),
]


@pytest.mark.parametrize(
    ("body", "reason", "named"),
    [wrong[1:] for wrong in WRONG_BODIES],
    ids=[w[0] for w in WRONG_BODIES],
)
def test_wrong_body_is_named_and_not_repeated(body: Body | bytes, reason: str, named: str) -> None:
    fault = fault_of(binary(body))
    assert fault.reason == reason
    assert named in fault.detail
    assert CANARY not in "".join(traceback.format_exception(fault))


WRONG_RECORDS = [
    ("no headers", Record(text(rejection()), None), "missing_attribute", "specversion"),
    ("null headers", binary(id=b""), "missing_attribute", "id"),
    ("no id", binary(id=None), "missing_attribute", "id"),
    ("no source", binary(source=None), "missing_attribute", "source"),
    ("id that nobody sees", binary(id="\u200b\u2060"), "missing_attribute", "id"),
    ("source that nobody sees", binary(source="\u200b"), "missing_attribute", "source"),
    ("no type", binary(type=None), "missing_attribute", "type"),
    ("future version", binary(specversion="1.1"), "unknown_specversion", "1.0"),
    ("old version", binary(specversion="0.3"), "unknown_specversion", "1.0"),
    ("bad UTF-8", binary(id=b"\xff" + CANARY.encode()), "bad_header", "ce_id"),
    ("NUL in header", binary(id=f"{CANARY}\0"), "nul_character", "id"),
    ("long id", binary(id=CANARY * 100), "attribute_too_long", "id"),
    ("time of no zone", binary(time="2026-03-02T12:00:00"), "invalid_time", "RFC 3339"),
    ("time that is none", binary(time=CANARY), "invalid_time", "RFC 3339"),
    ("impossible day", binary(time="2026-02-29T12:00:00Z"), "invalid_time", "RFC 3339"),
    ("time out of mind", binary(time="0001-01-01T00:00:00+14:00"), "invalid_time", "RFC 3339"),
    ("no value", Record(None, [], CANARY.encode()), "empty_body", "tombstones"),
    ("no envelope", Record(b"", structured().headers), "invalid_envelope", "body"),
    (
        "a list for envelope",
        Record(b"[]", structured().headers),
        "batch_of_events",
        "record of its own",
    ),
    ("no data", structured(data=None), "empty_body", "data"),
    ("bad Base64", structured(data=None, data_base64=f"{CANARY}é"), "invalid_envelope", "Base64"),
    ("number for a version", structured(specversion=1.0), "bad_attribute", "specversion as text"),
    ("NUL in envelope", structured(source="a\0"), "missing_attribute", "source"),
    ("NUL in its data", structured(rejection(applicationId="a\0")), "invalid_body", "Id"),
    ("string for data", structured(CANARY), "invalid_body", "body"),
    (
        "Avro",
        Record(b"\0", [("content-type", b"application/cloudevents+avro")]),
        "unknown_format",
        "+json",
    ),
]


@pytest.mark.parametrize("type_", [CANARY, "dev.notyet.applicant.rejected.v2"])
def test_unknown_type_is_no_fault_of_the_record(type_: str) -> None:
    with pytest.raises(UnknownType) as caught:
        decode(binary(type=type_), APPLICATIONS)
    assert (caught.value.type, caught.value.key) == (type_, "applicant-1")
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("record", "reason", "named"),
    [wrong[1:] for wrong in WRONG_RECORDS],
    ids=[w[0] for w in WRONG_RECORDS],
)
def test_wrong_record_is_named_and_not_repeated(record: Record, reason: str, named: str) -> None:
    fault = fault_of(record)
    assert fault.reason == reason
    assert named in fault.detail
    assert CANARY not in "".join(traceback.format_exception(fault))


@pytest.mark.parametrize("value", [b"\xff\xfe", b"a\0", b"a" * 5_000])
@pytest.mark.parametrize("name", ["correlationid", "causationid"])
def test_nobody_loses_an_answer_by_what_an_event_is_only_followed_by(
    name: str, value: bytes
) -> None:
    event = decode(binary(**{name: value}), APPLICATIONS)
    assert event.correlation_id is event.causation_id is None
    assert [fault.field for fault in event.left_out] == [name]


def test_an_envelope_is_read_though_what_follows_it_is_no_text() -> None:
    event = decode(structured(correlationid=["a"]), APPLICATIONS)
    assert [fault.field for fault in event.left_out] == ["correlationid"]


@pytest.mark.parametrize("timestamp", [-1, -(10**18), 2**63 - 1])
def test_kafkas_own_time_may_be_nonsense(timestamp: int) -> None:
    record = binary(time=None)
    record.timestamp = timestamp
    assert fault_of(record).reason == "invalid_time"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (None, "missing_key"),
        (b"", "missing_key"),
        (b"\xff", "missing_key"),
        (CANARY.encode() * 100, "missing_key"),
        (b"a\0b", "nul_character"),
    ],
)
def test_tombstone_must_say_whose_it_is(key: bytes | None, reason: str) -> None:
    fault = fault_of(Record(None, [], key), CANDIDATES)
    assert fault.reason == reason
    assert CANARY not in str(fault)


def test_envelope_without_data_is_no_tombstone() -> None:
    record = structured(data=None, type="dev.notyet.candidate.changed.v1")
    assert fault_of(record, CANDIDATES).reason == "empty_body"


def test_at_most_ten_faults_are_named_and_the_others_counted() -> None:
    body = rejection(shortfalls=[{"name": CANARY}] * 20)
    fault = fault_of(binary(body))
    assert fault.detail.count("add this field") == 10
    assert fault.detail.endswith("and 30 more")


def test_public_door_names_a_field_that_nobody_would_read() -> None:
    with pytest.raises(Unreadable, match=r"reason\.notes: remove it, or correct its name"):
        read_body(
            text(rejection(reason={"code": "other", "notes": CANARY})),
            ApplicantRejected,
            extra="forbid",
        )


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=15,
)
bodies = (
    st.none()
    | st.binary()
    | values.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {},
        optional={name: values | st.just(value) for name, value in REJECTION.items()},
    ).map(lambda body: json.dumps(body).encode())
)
names = st.sampled_from(
    ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type", "CE_ID", "other"]
)
contents = (
    st.none()
    | st.binary()
    | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.sampled_from([b"1.0", ApplicantRejected.type.encode(), b"application/cloudevents+json"])
    | st.datetimes().map(lambda time: time.isoformat().encode())
)
envelopes = st.fixed_dictionaries(
    {"data": values},
    optional={
        "specversion": st.just("1.0") | values,
        "id": values,
        "source": values,
        "type": st.just(ApplicantRejected.type) | values,
        "time": st.datetimes().map(lambda time: f"{time.isoformat()}Z") | values,
        "data_base64": st.text() | values,
    },
).map(lambda envelope: Record(json.dumps(envelope).encode(), structured().headers))
records = st.builds(
    Record,
    value=bodies,
    headers=st.lists(st.tuples(names, contents)),
    key=st.none() | st.binary(),
    timestamp=st.integers(-(2**63), 2**63 - 1),
)


def outcome(record: Record, topic: Topic) -> Event | Unreadable | UnknownType:
    try:
        return decode(record, topic)
    except (Unreadable, UnknownType) as fault:
        return fault


@given(record=records | envelopes, topic=st.sampled_from(ALL))
@example(record=binary(), topic=APPLICATIONS)
def test_reading_raises_nothing_but_unreadable(record: Record, topic: Topic) -> None:
    match outcome(record, topic):
        case Unreadable() as fault:
            assert fault.reason.isidentifier()
            assert fault.detail
        case UnknownType() as unknown:
            assert unknown.type not in topic.event_types
        case event:
            assert event.time.tzinfo


@given(changes=st.dictionaries(st.sampled_from(list(REJECTION)), values, min_size=1))
def test_reading_a_damaged_rejection_raises_nothing_but_unreadable(changes: Body) -> None:
    body = json.dumps({**REJECTION, **changes}).encode()
    match outcome(binary(body), APPLICATIONS):
        case Unreadable() as fault:
            assert fault.reason in {"invalid_body", "nul_character"}
        case event:
            assert event.type == ApplicantRejected.type


@pytest.mark.parametrize(("key", "known"), [(b"a-1", "a-1"), (b"\xff", None), (None, None)])
def test_a_type_that_the_topic_does_not_declare_is_named_with_the_records_key(
    key: bytes | None, known: str | None
) -> None:
    record = binary(type="dev.notyet.applicant.rejected.v2")
    with pytest.raises(UnknownType) as caught:
        decode(Record(record.value, record.headers, key), APPLICATIONS)
    assert (caught.value.type, caught.value.key) == ("dev.notyet.applicant.rejected.v2", known)
