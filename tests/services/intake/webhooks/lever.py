"""What an invented Lever account sends and answers: documented shapes with values of our own."""

import json
from typing import Any

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.signatures import hmac_sha256
from tests.services.intake.upstream import NOW

SECRET = "the-signature-token-of-one-hook"
OPPORTUNITY, CONTACT, POSTING = "opp-1", "con-1", "post-1"
SENT = round(NOW.timestamp() * 1000)
ARCHIVED_AT = SENT - 30 * 60 * 1000
APPLIED_AT = SENT - 30 * 24 * 3600 * 1000


def hook(event: str = "candidateArchiveChange", **fields: Any) -> dict[str, Any]:
    token = fields.pop("token", "tok-1")
    sent = fields.pop("sent", SENT)
    secret = fields.pop("secret", SECRET)
    named = {"opportunityId": OPPORTUNITY, "contactId": CONTACT} | fields
    return {
        "event": event,
        "triggeredAt": sent,
        "token": token,
        "signature": hmac_sha256(secret.encode(), f"{token}{sent}".encode()).hex(),
        "data": {each: value for each, value in named.items() if value is not None},
    }


def delivered(body: Any) -> Delivery:
    return Delivery(body if isinstance(body, bytes) else json.dumps(body).encode(), {}, NOW)


def pages(**changed: Any) -> dict[str, Any]:
    """Returns what its API answers about somebody who was archived, with some of it changed."""
    opportunity = {
        "id": OPPORTUNITY,
        "name": "Mira Okafor",
        "contact": CONTACT,
        "emails": ["mira@mail.example"],
        "phones": [{"type": "mobile", "value": "+49 1512 3456789"}],
        "confidentiality": "non-confidential",
        "archived": {"reason": "reason-1", "archivedAt": ARCHIVED_AT},
        "stage": "stage-1",
        "origin": "applied",
        "isAnonymized": False,
        "urls": {"show": "https://hire.lever.example/candidates/opp-1"},
    } | changed.pop("opportunity", {})
    posting = {
        "id": POSTING,
        "text": "Shift lead",
        "state": "published",
        "confidentiality": "non-confidential",
        "categories": {"team": "Night", "location": "Hamburg"},
    } | changed.pop("posting", {})
    reason = {"id": "reason-1", "text": "Too junior", "type": "non-hired"}
    application = {"id": "app-1", "posting": POSTING, "createdAt": APPLIED_AT}
    contact = {
        "id": CONTACT,
        "name": "Mira Okafor-Lind",
        "emails": ["lind@mail.example"],
        "phones": [{"type": "mobile", "value": "+49 1512 7654321"}],
        "isAnonymized": False,
    }
    answers: dict[str, Any] = {
        f"/opportunities/{OPPORTUNITY}": {"data": opportunity},
        f"/opportunities/{OPPORTUNITY}/applications": {
            "data": changed.pop("applications", [application])
        },
        "/archive_reasons/reason-1": {"data": reason | changed.pop("reason", {})},
        "/stages/stage-1": {"data": {"id": "stage-1", "text": "On-site"}},
        f"/postings/{POSTING}": {"data": posting},
        f"/contacts/{CONTACT}": {"data": contact | changed.pop("contact", {})},
    }
    for path in changed.pop("without", ()):
        del answers[path]
    assert not changed
    return answers
