"""What an invented SmartRecruiters account sends and answers, with values of our own."""

import json
from typing import Any

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.signatures import hmac_sha256
from tests.services.intake.upstream import NOW

SECRET = "the-key-of-its-subscription"
SENT = round(NOW.timestamp())
NAMES = {"candidate_id": "can-1", "job_id": "job-1"}
STATUS = "application.status.updated"


def delivered(
    event: str = STATUS, body: Any = NAMES, *, sent_at: int = SENT, **headers: str
) -> Delivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {
        "smartrecruiters-timestamp": str(sent_at),
        "event-id": "ev-1",
        "event-name": event,
        "event-version": "v201910",
        "link": "<https://api.smartrecruiters.example>; rel=self",
    }
    signed = b".".join(
        (
            sent["smartrecruiters-timestamp"].encode(),
            raw,
            *(sent[name].encode() for name in ("event-id", "event-name", "event-version", "link")),
        )
    )
    sent["smartrecruiters-signature"] = f"v1={hmac_sha256(SECRET.encode(), signed).hex()}"
    return Delivery(raw, sent | {k.replace("_", "-"): v for k, v in headers.items()}, NOW)


def pages(**changed: Any) -> dict[str, Any]:
    """Returns what its API answers about somebody who was rejected, with some of it changed."""
    application = {
        "status": "REJECTED",
        "reasonOfRejection": {"id": "r-1", "label": "Too junior"},
    } | changed.pop("application", {})
    history = {
        "content": [
            {"status": "REJECTED", "changedOn": "2026-03-02T08:30:00.000Z"},
            {"status": "INTERVIEW", "changedOn": "2026-02-20T08:30:00.000Z"},
            {"status": "NEW", "changedOn": "2026-02-01T08:00:00.000Z"},
        ]
    }
    if "history" in changed:
        told = changed.pop("history")
        lines = [{"status": status, "changedOn": f"{day}T00:00:00Z"} for status, day in told]
        history = {"content": lines}
    candidate = {
        "id": "can-1",
        "firstName": "Mira",
        "lastName": "Okafor",
        "email": "mira@mail.example",
        "phoneNumber": "+49 1512 3456789",
        "experience": [{"title": "Order picker", "company": "Hafenwerk", "startDate": "2022-02"}],
        "education": [
            {"institution": "Harbour College", "degree": "Diploma", "major": "Logistics"}
        ],
    } | changed.pop("candidate", {})
    job = {
        "id": "job-1",
        "title": "Shift lead",
        "status": "SOURCING",
        "postingStatus": "PUBLIC",
        "location": {"city": "Hamburg", "country": "de"},
    } | changed.pop("job", {})
    answers = {
        "/candidates/can-1/jobs/job-1": application,
        "/candidates/can-1/jobs/job-1/status/history": history,
        "/candidates/can-1": candidate,
        "/jobs/job-1": job,
    }
    for path in changed.pop("without", ()):
        del answers[path]
    assert not changed
    return answers
