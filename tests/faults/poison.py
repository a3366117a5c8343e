"""Records that no reader can read, or may believe, one kind for each way of being at fault."""

import json
from typing import Any

from deploy.local.demo import personas
from shared.contract.events.applications import ApplicantErased, ApplicantRejected
from tests.faults.ask import family_name
from tests.faults.product_clock import MORNING

Headers = list[tuple[str, bytes]]
Poison = tuple[Headers, bytes | None]

LARGE = "QUJD" * 162_500
"""650 kB in Base64."""

_GOOD: Headers = [
    ("ce_specversion", b"1.0"),
    ("ce_id", b"poison"),
    ("ce_source", b"/upstream"),
    ("ce_type", ApplicantErased.type.encode()),
    ("content-type", b"application/json"),
]
_REJECTION: Headers = [*_GOOD[:3], ("ce_type", ApplicantRejected.type.encode()), _GOOD[4]]
_GOOD_BODY = b'{"applicantId": "nobody"}'


def _rejected(**fields: Any) -> Poison:
    nobody = personas.Person(0, "No", "Body", None, None)
    application = personas.Application(nobody, personas.NURSE, "no")
    return _REJECTION, json.dumps(personas.rejection(application, MORNING) | fields).encode()


MOMENTS: dict[str, Poison] = {
    "poison: decided in 2199": _rejected(decidedAt="2199-01-01T00:00:00Z"),
    "poison: decided in 1970": _rejected(decidedAt="1970-01-01T00:00:00Z"),
    "poison: decided at a number": _rejected(decidedAt=1_772_000_000),
    "poison: decided on a compact date": _rejected(decidedAt="20260302"),
    "poison: decided on a day": _rejected(decidedAt="2026-03-02"),
}
"""What either door refuses, with a text that says what to do."""

POISON: dict[str, Poison] = {
    "poison: no JSON": (_GOOD, b"{not json"),
    "poison: no headers": ([], _GOOD_BODY),
    "poison: unknown type": ([*_GOOD[:3], ("ce_type", b"dev.other.v1"), _GOOD[4]], _GOOD_BODY),
    "poison: fields missing": (_GOOD, b"{}"),
    "poison: NUL": (_GOOD, b'{"applicantId": "no\\u0000body"}'),
    "poison: no body": (_GOOD, None),
    "poison: headers no text": ([*_GOOD[:1], ("ce_id", b"\xff\xfe"), *_GOOD[2:]], _GOOD_BODY),
    "poison: a number as the time": ([*_GOOD, ("ce_time", b"1772000000")], _GOOD_BODY),
    "poison: 650 kB that never end": (_GOOD, f'{{"attachment": "{LARGE}'.encode()),
    "poison: a profile above the limit": _rejected(
        profile={"work": [{"summary": "Kafka " * 9_900} for _ in range(11)]}
    ),
    "poison: an id above the limit": _rejected(applicationId="x" * 201),
    **MOMENTS,
}

NAMED = 930_001
"""Somebody who is erased, and whom a broken record names."""
BROKEN = "a broken record that names somebody"
_named = personas.Person(NAMED, "Gina", family_name(NAMED), None, None)

RECORDS = POISON | {
    BROKEN: (_GOOD, f'{{"emails": ["{_named.email}"], "attachment": "{LARGE}'.encode())
}
