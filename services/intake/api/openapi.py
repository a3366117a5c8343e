"""`/v1/openapi.json`: what is said of the API as a whole, and the schemas its routes refer to."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.intake.api.operations import REFERENCE, SIGNATURE
from services.intake.api.parsing import EventPosted, RejectionPosted, VacancyPosted
from services.intake.applicants.domain.outcomes import EventOutcome
from shared.contract.topics import APPLICATIONS

_INTRODUCTION = (
    "A hiring system tells whom it turned down, and what happened to them and to its vacancies "
    "since; and it reads back what became of it. Each system has an API key, which speaks for one "
    "source, and sends it as `Authorization: Bearer KEY`. 2xx means committed. Whenever you do not "
    "know what became of a request, send the same again: it counts once."
)

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
        "recorded": {"type": "integer", "description": "Of a batch of which nothing was good: 0."},
        "refused": {"type": "integer", "description": "Of the same."},
        "items": {
            "type": "array",
            "description": "Of the same: what is wrong with each.",
            "items": {"$ref": "#/components/schemas/BatchItem"},
        },
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
    "enum": list(EventOutcome),
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
        "items": {"type": "array", "items": {"$ref": "#/components/schemas/BatchItem"}},
    },
}
_BATCH_ITEM: dict[str, Any] = {
    "type": "object",
    "required": ["index"],
    "properties": {
        "index": {"type": "integer", "description": "Which of the batch it is; the first is 0."},
        "id": {"type": "string", "description": "The id of the event, if it was taken."},
        "outcome": _OUTCOME,
        "leftOut": _LEFT_OUT,
        "errors": {
            "type": "array",
            "description": "What is wrong with it, if it was not.",
            "items": {"$ref": "#/components/schemas/Fault"},
        },
    },
}


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
            made["components"]["securitySchemes"] = _SECURITY
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


_SECURITY = {"apiKey": {"type": "http", "scheme": "bearer"}, "signature": SIGNATURE}


def _schemas() -> dict[str, Any]:
    of_type = APPLICATIONS.event_types
    posted: tuple[type[BaseModel], ...] = (RejectionPosted, EventPosted, VacancyPosted)
    models = (*posted, *of_type.values())
    _, found = models_json_schema([(it, "validation") for it in models], ref_template=REFERENCE)
    schemas: dict[str, Any] = found["$defs"]
    schemas["EventPosted"]["oneOf"] = [
        {"properties": {"type": {"const": type}, "data": _of(model.__name__)}}
        for type, model in of_type.items()
    ]
    return {
        **schemas,
        "Problem": _PROBLEM,
        "Fault": _FAULT,
        "Recorded": _RECORDED,
        "BatchResult": _BATCH_RESULT,
        "BatchItem": _BATCH_ITEM,
    }


def _of(schema: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=schema)}
