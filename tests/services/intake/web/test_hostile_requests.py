"""Nothing that a caller can send is answered by an error of ours."""

import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.clock import ManualClock
from tests.databases import Databases
from tests.searching import tries
from tests.services.intake.front import Front, a_rejection, a_vacancy, opened
from tests.services.intake.house import House

JSON = "application/json"
NDJSON = "application/x-ndjson"
EVENTS = "application/cloudevents+json"
FORM = "application/x-www-form-urlencoded"

ODD_VALUES = [
    r'"\ud800"',
    r'"\u0000"',
    "1" * 5000,
    "1e999",
    "NaN",
    "-0",
    "[" * 5000 + "]" * 5000,
    '{"a":' * 3000 + "1" + "}" * 3000,
    "null",
    '"' + "x" * 100_000 + '"',
]


def with_value(body: object, field: str, value: str) -> bytes:
    marked = json.dumps(body | {field: "@"}) if isinstance(body, dict) else "{}"
    return marked.replace('"@"', value).encode()


EVENT = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "our-applicant-tracking",
    "type": "dev.notyet.applicant.hired.v1",
    "data": {"applicantId": "p", "applicationId": "a", "decidedAt": "2026-02-25T09:07:31Z"},
}
BODIES = [
    (path, media_type, with_value(body, field, value))
    for path, media_type, body, fields in (
        ("/v1/rejections", JSON, a_rejection(), ("id", "applicant", "profile", "finishingPlace")),
        ("/v1/events", EVENTS, EVENT, ("id", "type", "data", "time")),
        ("/v1/vacancies", JSON, a_vacancy(), ("title", "recruiters", "datePosted")),
    )
    for field in fields
    for value in ODD_VALUES
]


@pytest.fixture
async def front(databases: Databases, clock: ManualClock) -> AsyncIterator[Front]:
    async with opened(databases, clock) as door:
        yield door


async def test_odd_values_in_bodies_are_refused_or_taken(front: Front) -> None:
    for path, media_type, body in BODIES:
        answer = await front.post(path, body, content_type=media_type)
        assert answer.status_code < 500, (path, body[:80])
        if path != "/v1/events":
            for kind, batch in ((JSON, b"[" + body + b"]"), (NDJSON, body + b"\n" + body)):
                answer = await front.post(f"{path}/batch", batch, content_type=kind)
                assert answer.status_code < 500, (path, kind, body[:80])


@tries(60)
@given(
    path=st.sampled_from(
        [
            *("/v1/rejections", "/v1/rejections/batch", "/v1/vacancies", "/v1/events"),
            *("/v1/twilio/inbound", "/v1/twilio/status?message=%00", "/c/x", "/s/%00", "/u/%ff"),
        ]
    ),
    media_type=st.sampled_from([JSON, NDJSON, EVENTS, FORM, "multipart/form-data; boundary=x", ""]),
    body=st.binary(max_size=300)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=9,
    ).map(lambda value: json.dumps(value).encode()),
    key=st.none() | st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=300),
)
async def test_any_bytes_to_any_path_are_refused_or_taken(
    front: Front, path: str, media_type: str, body: bytes, key: str | None
) -> None:
    headers = {"idempotency_key": key} if key is not None else {}
    answer = await front.post(path, body, content_type=media_type, **headers)
    assert answer.status_code < 500


PART = b'--x\r\nContent-Disposition: form-data; name="do"\r\n\r\n'


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (FORM, b"do=no\0&do=%00&a%00b=c"),
        (FORM, b"do=%ED%A0%80"),
        (FORM, b"do=%ff"),
        (FORM, b"&".join([b"a=b"] * 1000)),
        ("multipart/form-data", PART + b"no\r\n--x--\r\n"),
        ("multipart/form-data; boundary=", PART),
        ("multipart/form-data; boundary=x", PART + b"no\0\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x; charset=utf-7", PART + b"+2AA-\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x; charset=a\0b", PART + b"no\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x; charset=zlib", PART + b"no\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x; charset=unicode_escape", PART + b"\\ud800\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x; charset=undefined", PART + b"no\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nX: y\r\n\r\nno\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: \xff\r\n\r\n--x--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 9000, PART),
        ("text/plain", b"\xff"),
        ("", b""),
    ],
)
async def test_odd_forms_are_refused_or_taken(house: House, media_type: str, body: bytes) -> None:
    await house.add_candidate()
    await house.add_rejection()
    answer = await house.client.post(
        house.letter(), content=body, headers={"content-type": media_type}
    )
    assert answer.status_code < 500
