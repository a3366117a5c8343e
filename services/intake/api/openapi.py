"""What `/v1/openapi.json` says of each route: its bodies, with examples, and its answers."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.intake.access.by_source import KnownCandidate
from services.intake.api.examples import (
    A_CANDIDATE,
    A_PAGE_OF_DELIVERIES,
    A_REJECTION,
    A_VACANCY,
    AN_EVENT,
    BATCH_RESULT,
    RECORDED,
)
from services.intake.api.parsing import MOST_ITEMS, EventPosted, RejectionPosted, VacancyPosted
from services.intake.api.reading import DeliveryPage, PageAsked
from services.intake.api.refusals import responses
from services.intake.applicants.domain.outcomes import Outcome

APPLICANTS = "Applicants"
VACANCIES_OF_SOURCE = "Vacancies"
READING = "Reading back"

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
    " event came before, or something decided later holds.",
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
_REF = "#/components/schemas/{model}"
_ANSWERS = {"Recorded": RECORDED, "BatchResult": BATCH_RESULT}
_IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request gets the same answer, and counts once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def _operation(
    name: str, summary: str, tag: str, statuses: Sequence[int], **more: Any
) -> dict[str, Any]:
    """Returns what FastAPI is told of any route; `more` is what stands in its operation besides."""
    return {
        "operation_id": name,
        "summary": summary,
        "tags": [tag],
        "openapi_extra": {"security": [{"apiKey": []}], **more},
        "responses": responses(*statuses),
    }


def _post(
    name: str, summary: str, tag: str, answer: str, content: dict[str, Any]
) -> dict[str, Any]:
    """Describes a route that takes something in; `content` is its body by media type."""
    statuses = (400, 401, 403, 409, 413, 415, 422, 429, 500, 503)
    body = {"required": True, "content": content}
    route = _operation(
        name, summary, tag, statuses, requestBody=body, parameters=[_IDEMPOTENCY_KEY]
    )
    accepted = {"application/json": _shown(answer, _ANSWERS[answer])}
    route["responses"][202] = {"content": accepted}
    said = "Committed: it will not be lost"
    return {**route, "status_code": 202, "response_description": said}


def _get(
    name: str,
    summary: str,
    model: type[BaseModel],
    example: dict[str, Any],
    *statuses: int,
    **more: Any,
) -> dict[str, Any]:
    """Describes a route that reads."""
    route = _operation(name, summary, READING, (401, 403, *statuses, 422, 429, 500, 503), **more)
    shown = {"application/json": {"example": example}}
    route["responses"][200] = {"model": model, "description": "As it is now", "content": shown}
    return route


def _shown(schema: str, example: object) -> dict[str, Any]:
    return {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}


def _batch(schema: str, example: dict[str, Any], *media_types: str) -> dict[str, Any]:
    items = {"$ref": f"#/components/schemas/{schema}"}
    array = {"type": "array", "minItems": 1, "maxItems": MOST_ITEMS, "items": items}
    whole = {"schema": array, "example": [example]}
    lines = {"schema": items, "example": example}
    return dict.fromkeys(("application/json", *media_types), whole) | {
        "application/x-ndjson": lines
    }


def _query(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Returns the parameters of a query that is read into a model; nothing in it is ever null."""
    fields = model.model_json_schema(ref_template=_REF)["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "description": field["description"],
            "schema": field["anyOf"][0] if "anyOf" in field else field,
        }
        for name, field in fields.items()
    ]


REJECTION = _post(
    "recordRejection",
    "Record a rejection",
    APPLICANTS,
    "Recorded",
    {"application/json": _shown("RejectionPosted", A_REJECTION)},
)
REJECTIONS = _post(
    "recordRejections",
    "Record up to 1,000 rejections; the good ones are recorded, the bad ones named by index",
    APPLICANTS,
    "BatchResult",
    _batch("RejectionPosted", A_REJECTION),
)
EVENT = _post(
    "recordEvent",
    "Record any event about an applicant: taken back, hired, withdrawn, updated, merged, erased",
    APPLICANTS,
    "Recorded",
    {
        media_type: _shown("EventPosted", AN_EVENT)
        for media_type in ("application/cloudevents+json", "application/json")
    },
)
EVENTS = _post(
    "recordEvents",
    "Record up to 1,000 events about applicants; the bad ones are named by index",
    APPLICANTS,
    "BatchResult",
    _batch("EventPosted", AN_EVENT, "application/cloudevents-batch+json"),
)
VACANCY = _post(
    "recordVacancy",
    "Say that a vacancy has opened, changed, reopened or closed",
    VACANCIES_OF_SOURCE,
    "Recorded",
    {"application/json": _shown("VacancyPosted", A_VACANCY)},
)
VACANCIES = _post(
    "recordVacancies",
    "Say the same of up to 1,000 vacancies",
    VACANCIES_OF_SOURCE,
    "BatchResult",
    _batch("VacancyPosted", A_VACANCY),
)
CANDIDATE = _get(
    "readCandidate",
    "Read what is planned for an applicant of yours, what was said to them, what they agreed to",
    KnownCandidate,
    A_CANDIDATE,
    404,
)
DELIVERIES = _get(
    "readDeliveries",
    "Read what came by web hook for the key's source, and what was made of it; the newest first",
    DeliveryPage,
    A_PAGE_OF_DELIVERIES,
    parameters=_query(PageAsked),
)


_INTRODUCTION = (
    "Tells Not Yet whom a hiring system turned down, and what happened to them and its vacancies "
    "since; and reads back what became of it. Each system has an API key, which speaks for one "
    "source, and sends it as `Authorization: Bearer KEY`. 2xx means committed; whenever you do not "
    "know what became of a request, send the same again: it counts once."
)


def describe(app: FastAPI) -> None:
    """Adds what is said of the API, and the schemas that its routes refer to, to its document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                description=_INTRODUCTION,
                routes=app.routes,
            )
            made["components"]["schemas"] |= _schemas()
            made["components"]["securitySchemes"] = {"apiKey": {"type": "http", "scheme": "bearer"}}
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _schemas() -> dict[str, Any]:
    _, found = models_json_schema(
        [(model, "validation") for model in (RejectionPosted, EventPosted, VacancyPosted)],
        ref_template=_REF,
    )
    return {
        **found["$defs"],
        "Problem": _PROBLEM,
        "Fault": _FAULT,
        "Recorded": _RECORDED,
        "BatchResult": _BATCH_RESULT,
    }
