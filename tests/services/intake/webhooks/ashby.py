"""What an invented Ashby account sends: the documented shapes, with values of our own."""

from typing import Any

from services.intake.webhooks.signatures import hmac_sha256
from tests.services.intake.webhooks.greenhouse import SECRET

JOB = "5b1e0d6e-3a52-4f3a-9d0f-0f2f3f6f0001"
BY_ORG = {"id": "r-1", "text": "Too junior", "reasonType": "RejectedByOrg", "isArchived": False}


def application(**fields: Any) -> dict[str, Any]:
    return {
        "id": "app-1",
        "createdAt": "2026-02-01T08:00:00.000Z",
        "updatedAt": "2026-03-02T08:31:00.000Z",
        "status": "Archived",
        "customFields": [],
        "candidate": {
            "id": "cand-1",
            "name": "Mira Okafor",
            "primaryEmailAddress": {
                "value": "mira@mail.example",
                "type": "Personal",
                "isPrimary": True,
            },
            "primaryPhoneNumber": {
                "value": "+49 1512 3456789",
                "type": "Personal",
                "isPrimary": True,
            },
        },
        "currentInterviewStage": {"id": "s-1", "title": "Onsite", "type": "Active"},
        "archiveReason": BY_ORG,
        "archivedAt": "2026-03-02T08:30:00.000Z",
        "job": {"id": JOB, "title": "Shift lead", "locationId": "l-1", "departmentId": "d-1"},
        "hiringTeam": [],
        "submitterClientIp": "203.0.113.9",
        "submitterUserAgent": "Browser/1.0",
    } | fields


def hook(action: str = "applicationUpdate", **fields: Any) -> dict[str, Any]:
    return {
        "webhookActionId": "a-1",
        "action": action,
        "data": {"application": application(**fields)},
    }


def job(action: str = "jobUpdate", **fields: Any) -> dict[str, Any]:
    said = {
        "id": JOB,
        "title": "Shift lead",
        "confidential": False,
        "status": "Open",
        "updatedAt": "2026-03-01T08:00:00Z",
        "openedAt": "2026-02-01T08:00:00Z",
    }
    return {"action": action, "data": {"job": said | fields}}


def posting(action: str = "jobPostingPublish", **fields: Any) -> dict[str, Any]:
    said = {
        "id": "post-1",
        "title": "Shift lead, nights",
        "jobId": JOB,
        "locationName": "Hamburg",
        "workplaceType": "OnSite",
        "isListed": True,
        "externalLink": "https://jobs.example/1",
        "updatedAt": "2026-03-01T08:00:00Z",
    }
    return {"action": action, "data": {"jobPosting": said | fields}}


def signed(body: bytes, secret: str = SECRET) -> str:
    return f"sha256={hmac_sha256(secret.encode(), body).hex()}"
