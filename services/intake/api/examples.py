"""What the API's document shows of each thing: invented, and as it really is sent and answered."""

from typing import Any

A_REJECTION: dict[str, Any] = {
    "applicationId": "app-55012",
    "applicant": {
        "applicantId": "p-88213",
        "name": {"givenName": "Mira", "familyName": "Okafor"},
        "emails": ["mira.okafor@mail.example"],
        "locale": "en-GB",
        "timeZone": "Europe/London",
        "country": "GB",
    },
    "vacancy": {"vacancyId": "req-2041", "title": "Warehouse shift lead"},
    "stage": "interviewed",
    "reason": {"code": "experience_too_short", "note": "Good with people, has led nobody yet"},
    "shortfalls": [
        {
            "requirementId": "req-2041-experience",
            "kind": "experience",
            "name": "Experience in warehouse logistics",
            "requiredMonths": 36,
            "observedMonths": 22,
        }
    ],
    "profile": {
        "work": [{"position": "Order picker", "startDate": "2024-02"}],
        "skills": [{"name": "SAP EWM"}],
    },
    "decidedAt": "2026-02-25T09:07:31Z",
}
A_VACANCY: dict[str, Any] = {
    "vacancyId": "req-2107",
    "title": "Warehouse shift lead, nights",
    "description": "You lead a shift of twelve in our harbour warehouse.",
    "skills": ["warehouse management", "SAP EWM"],
    "jobLocation": {"locality": "Hamburg", "country": "DE"},
    "experienceRequirements": 36,
    "recruiters": [{"name": "Ines Albers", "email": "ines.albers@hafenwerk.example"}],
    "event": "opened",
}
AN_EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "take-back-17",
    "source": "our-applicant-tracking",
    "type": "dev.notyet.applicant.unrejected.v1",
    "time": "2026-02-26T08:00:00Z",
    "data": {
        "applicantId": "p-88213",
        "applicationId": "app-55012",
        "decidedAt": "2026-02-26T08:00:00Z",
    },
}
RECORDED: dict[str, Any] = {
    "id": "8e2c1f0a-6a2b-5c5e-9a39-0c1f6d1d3a55",
    "outcome": "recorded",
    "leftOut": [
        {
            "field": "applicant.timeZone",
            "why": "write the IANA name of a time zone, such as Europe/Vienna",
        }
    ],
}
BATCH_RESULT: dict[str, Any] = {
    "recorded": 1,
    "refused": 1,
    "items": [
        {"index": 0, "id": RECORDED["id"], "outcome": "recorded"},
        {"index": 1, "errors": [{"field": "decidedAt", "problem": "add this field"}]},
    ],
}
A_CANDIDATE: dict[str, Any] = {
    "applicantId": "p-88213",
    "planned": [
        {"what": "when_qualified", "since": "2026-02-28T17:21:40Z", "expectedOn": "2027-04-25"}
    ],
    "applications": [
        {
            "applicationId": "app-55012",
            "vacancyId": "req-2041",
            "vacancyTitle": "Warehouse shift lead",
            "status": "rejected",
            "decidedAt": "2026-02-25T09:07:31Z",
            "tier": "not_yet",
            "toldAt": "2026-02-26T10:12:05Z",
        }
    ],
    "messages": [
        {
            "at": "2026-02-26T10:12:05Z",
            "what": "sent",
            "purpose": "letter",
            "channel": "email",
            "applicationId": "app-55012",
            "reported": "delivered",
            "reportedAt": "2026-02-26T10:12:09Z",
        }
    ],
    "answers": [{"at": "2026-02-28T17:21:40Z", "question": "hat", "answer": "yes"}],
    "agreements": [
        {
            "purpose": "when_qualified",
            "channel": "email",
            "by": "page",
            "from": "2026-02-28T17:21:40Z",
            "until": "2028-03-01T00:00:00Z",
            "wording": "letter.not_yet.en.3",
        }
    ],
    "stops": [],
}
A_PAGE_OF_DELIVERIES: dict[str, Any] = {
    "items": [
        {
            "id": 4711,
            "receivedAt": "2026-02-25T09:07:33Z",
            "state": "recorded",
            "summary": "applicant rejected; a letter of ours leaves",
            "notes": ["reason taken as other: notyet sources map careers reasons 'Too junior' …"],
            "eventTypes": ["dev.notyet.applicant.rejected.v1"],
            "repeats": 0,
        }
    ],
    "next": "4711",
}
