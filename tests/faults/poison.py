"""Records that no reader can read, one kind for each way of being broken."""

from shared.contract.events.applications import ApplicantErased

Headers = list[tuple[str, bytes]]

_GOOD: Headers = [
    ("ce_specversion", b"1.0"),
    ("ce_id", b"poison"),
    ("ce_source", b"/upstream"),
    ("ce_type", ApplicantErased.type.encode()),
    ("content-type", b"application/json"),
]
_GOOD_BODY = b'{"applicantId": "nobody"}'

POISON: dict[str, tuple[Headers, bytes | None]] = {
    "poison: no JSON": (_GOOD, b"{not json"),
    "poison: no headers": ([], _GOOD_BODY),
    "poison: unknown type": ([*_GOOD[:3], ("ce_type", b"dev.other.v1"), _GOOD[4]], _GOOD_BODY),
    "poison: fields missing": (_GOOD, b"{}"),
    "poison: NUL": (_GOOD, b'{"applicantId": "no\\u0000body"}'),
    "poison: no body": (_GOOD, None),
    "poison: headers no text": ([*_GOOD[:1], ("ce_id", b"\xff\xfe"), *_GOOD[2:]], _GOOD_BODY),
}
