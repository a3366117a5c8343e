"""Records as a consumer hands them over, for tests that need no broker."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from shared.contract.events.applications import ApplicantRejected

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

Body = dict[str, Any]

REJECTION: Body = {
    "applicationId": "application-1",
    "applicant": {
        "applicantId": "applicant-1",
        "name": {"givenName": "Mira", "familyName": "Okafor"},
        "emails": ["mira@mail.example"],
    },
    "vacancy": {"vacancyId": "vacancy-1", "title": "Warehouse shift lead"},
    "reason": {"code": "experience_too_short"},
    "decidedAt": "2026-02-24T15:42:10+01:00",
}

ATTRIBUTES = {
    "specversion": "1.0",
    "id": "event-1",
    "source": "/ats/greenfield",
    "type": ApplicantRejected.type,
    "time": "2026-02-24T14:42:10Z",
    "subject": "applicant-1",
}


@dataclass
class Record:
    value: bytes | None
    headers: Any = field(default_factory=list)
    key: bytes | None = b"applicant-1"
    timestamp: int = round(NOON.timestamp() * 1000)


def binary(body: Body | bytes | None = None, **attributes: str | bytes | None) -> Record:
    """A record in binary mode; an attribute that is None is left out."""
    headers = [("content-type", b"application/json")]
    for name, value in (ATTRIBUTES | attributes).items():
        if value is not None:
            headers.append((f"ce_{name}", value.encode() if isinstance(value, str) else value))
    return Record(as_bytes(REJECTION if body is None else body), headers)


def structured(body: Any = None, **members: Any) -> Record:
    """A record in structured mode; a member that is None is left out."""
    envelope = ATTRIBUTES | {"data": REJECTION if body is None else body} | members
    kept = {name: value for name, value in envelope.items() if value is not None}
    return Record(as_bytes(kept), [("content-type", b"application/cloudevents+json")])


def as_bytes(body: Body | bytes) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()
