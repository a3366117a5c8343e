"""What an invented Greenhouse account sends: the documented shapes, with values of our own."""

import json
from typing import Any

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.signatures import hmac_sha256
from tests.services.intake.upstream import NOW

SECRET = "what the account and we alone know"
CANDIDATE = 7001
APPLICATION = 9001
JOB = 4001
WE_DID = {"id": 1, "name": "We rejected them"}
THEY_DID = {"id": 2, "name": "They rejected us"}
"""The types of rejection reasons that an account begins with."""


def a_candidate(**fields: Any) -> dict[str, Any]:
    return {
        "id": CANDIDATE,
        "first_name": "Mira",
        "last_name": "Okafor",
        "is_private": False,
        "can_email": True,
        "phone_numbers": [
            {"value": "mira.skypes", "type": "skype"},
            {"value": "+49 1512 3456789", "type": "mobile"},
        ],
        "email_addresses": [
            {"value": "mira@work.example", "type": "work"},
            {"value": "mira@mail.example", "type": "personal"},
        ],
        "educations": [
            {
                "school_name": "Harbour College",
                "degree": "Diploma",
                "discipline": "Logistics",
                "start_date": "09/01/2016",
                "end_date": "06/30/2019",
            }
        ],
        "employments": [
            {
                "company_name": "Hafenwerk",
                "title": "Order picker",
                "start_date": "02/01/2022",
                "end_date": None,
            }
        ],
        "attachments": [],
        "tags": ["imported"],
        "custom_fields": {},
    } | fields


def a_job(**fields: Any) -> dict[str, Any]:
    return {
        "id": JOB,
        "name": "Shift lead",
        "requisition_id": None,
        "notes": "between us",
        "confidential": False,
        "status": "open",
        "opened_at": "2026-01-05T08:00:00Z",
        "closed_at": None,
        "offices": [{"id": 3, "name": "Hamburg", "location": "Hamburg, Germany"}],
    } | fields


def an_application(**fields: Any) -> dict[str, Any]:
    return {
        "id": APPLICATION,
        "rejected_at": "2026-03-02T08:30:00.000Z",
        "prospect": False,
        "status": "rejected",
        "applied_at": "2026-02-01T08:00:00.000Z",
        "last_activity_at": "2026-03-02T08:30:00.000Z",
        "url": "https://app.greenhouse.example/people/7001?application_id=9001",
        "rejection_reason": {
            "id": 14,
            "name": "Too junior",
            "type": WE_DID,
        },
        "current_stage": {"id": 5, "name": "Face to Face", "interviews": []},
        "candidate": a_candidate(),
        "jobs": [a_job()],
    } | fields


def a_rejection(**fields: Any) -> dict[str, Any]:
    return hook("reject_candidate", application=an_application(**fields))


def unrejected(**fields: Any) -> dict[str, Any]:
    taken_back = {"status": "active", "rejected_at": None, "rejection_reason": None}
    return hook("unreject_candidate", application=an_application(**(taken_back | fields)))


def hook(action: str, **payload: Any) -> dict[str, Any]:
    return {"action": action, "payload": payload}


def written(body: Any) -> bytes:
    """Writes a body as Greenhouse does, with what HTML would read escaped."""
    text = json.dumps(body)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").encode()


def signed(body: bytes, secret: str = SECRET, event_id: str = "gh-1") -> dict[str, str]:
    digest = hmac_sha256(secret.encode(), body).hex()
    return {"signature": f"sha256 {digest}", "greenhouse-event-id": event_id}


def delivered(body: Any, **headers: str) -> Delivery:
    raw = written(body)
    return Delivery(raw, signed(raw) | headers, NOW)
