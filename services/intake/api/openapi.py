"""What `/v1/openapi.json` says of each route: its bodies, with examples, and its answers."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from services.intake.api.parsing import MOST_ITEMS, EventPosted, RejectionPosted, VacancyPosted
from services.intake.applicants.domain.outcomes import Outcome

_A_REJECTION: dict[str, Any] = {
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
_A_VACANCY: dict[str, Any] = {
    "vacancyId": "req-2107",
    "title": "Warehouse shift lead, nights",
    "description": "You lead a shift of twelve in our harbour warehouse.",
    "skills": ["warehouse management", "SAP EWM"],
    "jobLocation": {"locality": "Hamburg", "country": "DE"},
    "experienceRequirements": 36,
    "recruiters": [{"name": "Ines Albers", "email": "ines.albers@hafenwerk.example"}],
    "event": "opened",
}
_AN_EVENT: dict[str, Any] = {
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
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do about it."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
}
_FAULT: dict[str, Any] = {
    "type": "object",
    "required": ["field", "problem"],
    "properties": {
        "field": {"type": "string", "examples": ["applicant.emails.0"]},
        "problem": {"type": "string"},
    },
}
_OUTCOME: dict[str, Any] = {
    "type": "string",
    "enum": list(Outcome),
    "description": "What an event about an application did: `recorded` the application is new;"
    " `changed` something about it or the person is another now; `known` nothing is, because the"
    " event came before, or something decided later holds; `erased` what was known of the applicant"
    " is deleted (`known` where nothing was).",
}
_LEFT_OUT: dict[str, Any] = {
    "type": "array",
    "description": "Details that could not be read or used. They are left out, the rest counts.",
    "items": {
        "type": "object",
        "required": ["field", "why"],
        "properties": {
            "field": {"type": "string", "examples": ["profile.work.0.endDate"]},
            "why": {"type": "string"},
        },
    },
}
_RECORDED: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "description": "The id of the event."},
        "outcome": _OUTCOME,
        "leftOut": _LEFT_OUT,
    },
}
_BATCH_RESULT: dict[str, Any] = {
    "type": "object",
    "required": ["recorded", "refused", "items"],
    "properties": {
        "recorded": {"type": "integer"},
        "refused": {"type": "integer"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["index"],
                "properties": {
                    "index": {"type": "integer"},
                    "id": {"type": "string"},
                    "outcome": _OUTCOME,
                    "leftOut": _LEFT_OUT,
                    "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
                },
            },
        },
    },
}
_REFUSALS = {
    400: "The body is not JSON",
    401: "The API key is missing or not valid",
    403: "The API key lacks the scope",
    409: "The Idempotency-Key came with another request before; or the applicant was erased, and it"
    " was decided before that: nothing was recorded",
    413: "The body is too large",
    415: "The Content-Type is not one of those described, or the body has a Content-Encoding",
    422: "Some fields are wrong; nothing was recorded",
    429: "Too many wrong API keys came from this address; Retry-After says when to come again",
    500: "It failed here, for nothing that is wrong with it; nothing was recorded",
    503: "Nothing can be recorded at the moment; Retry-After says when to come again",
}
_IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request gets the same answer, and counts once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def _refusal(meaning: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": meaning, "content": {"application/problem+json": {"schema": schema}}}


def _route(summary: str, answer: str, content: dict[str, Any]) -> dict[str, Any]:
    """Returns the description of one route for FastAPI; `content` is its body by media type."""
    accepted = {"schema": {"$ref": f"#/components/schemas/{answer}"}}
    return {
        "summary": summary,
        "status_code": 202,
        "response_description": "Committed: it will not be lost",
        "responses": {
            202: {"content": {"application/json": accepted}},
            **{status: _refusal(meaning) for status, meaning in _REFUSALS.items()},
        },
        "openapi_extra": {
            "requestBody": {"required": True, "content": content},
            "parameters": [_IDEMPOTENCY_KEY],
            "security": [{"apiKey": []}],
        },
    }


def _body(name: str, example: dict[str, Any]) -> dict[str, Any]:
    return {"schema": {"$ref": f"#/components/schemas/{name}"}, "example": example}


def _batch(name: str, example: dict[str, Any]) -> dict[str, Any]:
    items = {"$ref": f"#/components/schemas/{name}"}
    array = {"type": "array", "minItems": 1, "maxItems": MOST_ITEMS, "items": items}
    return {
        "application/json": {"schema": array, "example": [example]},
        "application/x-ndjson": {"schema": items, "example": example},
    }


REJECTION = _route(
    "Record a rejection",
    "Recorded",
    {"application/json": _body("RejectionPosted", _A_REJECTION)},
)
REJECTIONS = _route(
    "Record up to 1,000 rejections; the good ones are recorded, the bad ones named by index",
    "BatchResult",
    _batch("RejectionPosted", _A_REJECTION),
)
EVENT = _route(
    "Record any event about an applicant: taken back, hired, withdrawn, updated, merged, erased",
    "Recorded",
    {"application/cloudevents+json": _body("EventPosted", _AN_EVENT)},
)
VACANCY = _route(
    "Say that a vacancy has opened, changed, reopened or closed",
    "Recorded",
    {"application/json": _body("VacancyPosted", _A_VACANCY)},
)
VACANCIES = _route(
    "Say the same of up to 1,000 vacancies",
    "BatchResult",
    _batch("VacancyPosted", _A_VACANCY),
)


def describe(app: FastAPI) -> None:
    """Adds the schemas that the routes refer to to the application's OpenAPI document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, routes=app.routes)
            made["components"] = _components()
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _components() -> dict[str, Any]:
    _, found = models_json_schema(
        [(model, "validation") for model in (RejectionPosted, EventPosted, VacancyPosted)],
        ref_template="#/components/schemas/{model}",
    )
    schemas = {
        **found["$defs"],
        "Problem": _PROBLEM,
        "Fault": _FAULT,
        "Recorded": _RECORDED,
        "BatchResult": _BATCH_RESULT,
    }
    return {"schemas": schemas, "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer"}}}
