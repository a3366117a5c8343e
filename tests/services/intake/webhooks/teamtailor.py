"""What an invented Teamtailor account sends and answers, with values of our own."""

import base64
import json
from typing import Any

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.signatures import hmac_sha256
from tests.services.intake.upstream import NOW

SECRET = "the key of its web hooks"
SENT = round(NOW.timestamp())


def older(id: str, secret: str = SECRET) -> str:
    """Signs an id alone."""
    return base64.b64encode(hmac_sha256(secret.encode(), id.encode()).hex().encode()).decode()


def newer(body: bytes, secret: str = SECRET, sent: object = SENT) -> str:
    """Signs a body and when it was sent."""
    digest = hmac_sha256(secret.encode(), f"{sent}.".encode() + body).hex()
    return base64.b64encode(f"t={sent},v2={digest}".encode()).decode()


def hook(
    event: str = "job_application.update", id: str = "11", **attributes: Any
) -> dict[str, Any]:
    """Returns the documented shape."""
    data = {"id": id, "type": "any", "attributes": kebab(attributes)}
    return {"payload": {"event_name": event, "data": data}, "signature": older(id)}


def thin(event: str = "job_application.update", id: int = 11) -> dict[str, Any]:
    """Returns the other shape that was seen."""
    return {"event_name": event, "resource_id": id}


def delivered(body: Any, **headers: str) -> Delivery:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Delivery(raw, {k.replace("_", "-"): v for k, v in headers.items()}, NOW)


def resource(id: str, **attributes: Any) -> dict[str, Any]:
    return {"data": {"id": id, "attributes": kebab(attributes)}}


def kebab(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("_", "-"): value for name, value in attributes.items()}


def pages(**changed: Any) -> dict[str, Any]:
    """Returns what its API answers about somebody who was rejected, with some of it changed."""
    application = {
        "created_at": "2026-02-01T08:00:00.000+01:00",
        "rejected_at": "2026-03-02T09:30:00.000+01:00",
        "sourced": False,
    } | changed.pop("application", {})
    candidate = {
        "first_name": "Mira",
        "last_name": "Okafor",
        "email": "mira@mail.example",
        "phone": "+49 1512 3456789",
    } | changed.pop("candidate", {})
    job = {"title": "Shift lead", "human_status": "published", "internal": False}
    job |= changed.pop("job", {})
    stage = {"name": "Phone call", "stage_type": "screening"} | changed.pop("stage", {})
    reason = {"reason": "Too junior", "rejected_by_company": True} | changed.pop("reason", {})
    answers = {
        "/job-applications/11": resource("11", **application),
        "/job-applications/11/relationships/candidate": {"data": {"type": "any", "id": "7"}},
        "/job-applications/11/candidate": resource("7", **candidate),
        "/job-applications/11/job": resource("4", **job),
        "/job-applications/11/stage": resource("5", **stage),
        "/job-applications/11/reject-reason": resource("3", **reason),
        "/candidates/7": resource("7", **candidate),
        "/jobs/4": resource("4", **job),
    }
    for path in changed.pop("without", ()):
        del answers[path]
    answers |= changed.pop("instead", {})
    assert not changed
    return answers
