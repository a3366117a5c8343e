"""What `/v1/openapi.json` says of each route: its bodies, with examples, and its answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response
from pydantic import BaseModel

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
from services.intake.api.parsing import MOST_ITEMS
from services.intake.api.reading import DeliveryPage, PageAsked
from services.intake.api.refusals import UNSIGNED, described, responses
from services.intake.keys.domain import Scope

REFERENCE = "#/components/schemas/{model}"
_TAGS: Mapping[Scope, str] = {
    Scope.REJECTIONS: "Applicants",
    Scope.VACANCIES: "Vacancies",
    Scope.CANDIDATES: "Reading back",
    Scope.DELIVERIES: "Reading back",
}
"""Under which heading stands what a scope is needed for."""
SIGNATURE = {
    "type": "apiKey",
    "in": "header",
    "name": "webhook-signature",
    "description": "As Standard Webhooks has it: HMAC-SHA256 over id, time and body.",
}

_ANSWERS = {"Recorded": RECORDED, "BatchResult": BATCH_RESULT}
_IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request gets the same answer, and counts once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def _operation(
    name: str, scopes: Sequence[Scope], summary: str, statuses: Sequence[int], **more: Any
) -> dict[str, Any]:
    """Returns what FastAPI is told of a route; `more` is what stands in its operation besides."""
    needed = " or ".join(f"`{scope}`" for scope in scopes)
    return {
        "operation_id": name,
        "summary": summary,
        "description": f"Needs the scope {needed}.",
        "tags": [_TAGS[scopes[0]]],
        "openapi_extra": {"security": [{"apiKey": []}], **more},
        "responses": responses(*statuses),
    }


def _post(
    name: str, scopes: Sequence[Scope], summary: str, answer: str, content: dict[str, Any]
) -> dict[str, Any]:
    """Describes a route that takes something in; `content` is its body by media type."""
    statuses = (400, 401, 403, 409, 413, 415, 422, 429, 500, 503)
    body = {"required": True, "content": content}
    route = _operation(
        name, scopes, summary, statuses, requestBody=body, parameters=[_IDEMPOTENCY_KEY]
    )
    accepted = {"application/json": _shown(answer, _ANSWERS[answer])}
    route["responses"][202] = {"content": accepted}
    said = "Committed: it will not be lost"
    return {**route, "status_code": 202, "response_description": said}


def _get(
    name: str,
    scope: Scope,
    summary: str,
    model: type[BaseModel],
    example: dict[str, Any],
    statuses: Sequence[int] = (),
    **more: Any,
) -> dict[str, Any]:
    """Describes a route that reads."""
    route = _operation(name, [scope], summary, (401, 403, *statuses, 429, 500, 503), **more)
    shown = {"application/json": {"example": example}}
    route["responses"][200] = {"model": model, "description": "As it is now", "content": shown}
    return route


def _shown(schema: str, example: object) -> dict[str, Any]:
    return {"schema": {"$ref": REFERENCE.format(model=schema)}, "example": example}


def _batch(schema: str, example: dict[str, Any], *media_types: str) -> dict[str, Any]:
    items = {"$ref": REFERENCE.format(model=schema)}
    array = {"type": "array", "minItems": 1, "maxItems": MOST_ITEMS, "items": items}
    whole = {"schema": array, "example": [example]}
    lines = {"schema": items, "example": example}
    return dict.fromkeys(("application/json", *media_types), whole) | {
        "application/x-ndjson": lines
    }


def _query(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Returns the parameters of a query that is read into a model; nothing in it is ever null."""
    fields = model.model_json_schema(ref_template=REFERENCE)["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "description": field["description"],
            "schema": field["anyOf"][0] if "anyOf" in field else field,
        }
        for name, field in fields.items()
    ]


def _needed(where: str, name: str, description: str) -> dict[str, Any]:
    """Returns a parameter of a path or a header, which has to be there."""
    said = {"name": name, "in": where, "required": True, "description": description}
    return {**said, "schema": {"type": "string", "minLength": 1}}


REJECTION = _post(
    "recordRejection",
    [Scope.REJECTIONS],
    "Record a rejection",
    "Recorded",
    {"application/json": _shown("RejectionPosted", A_REJECTION)},
)
REJECTIONS = _post(
    "recordRejections",
    [Scope.REJECTIONS, Scope.IMPORTS],
    "Record up to 1,000 rejections; the good ones are recorded, the bad ones named by index",
    "BatchResult",
    _batch("RejectionPosted", A_REJECTION),
)
EVENT = _post(
    "recordEvent",
    [Scope.REJECTIONS],
    "Record any event about an applicant: taken back, hired, withdrawn, updated, merged, erased",
    "Recorded",
    {
        media_type: _shown("EventPosted", AN_EVENT)
        for media_type in ("application/cloudevents+json", "application/json")
    },
)
EVENTS = _post(
    "recordEvents",
    [Scope.REJECTIONS],
    "Record up to 1,000 events about applicants; the bad ones are named by index",
    "BatchResult",
    _batch("EventPosted", AN_EVENT, "application/cloudevents-batch+json"),
)
VACANCY = _post(
    "recordVacancy",
    [Scope.VACANCIES],
    "Say that a vacancy has opened, changed, reopened or closed",
    "Recorded",
    {"application/json": _shown("VacancyPosted", A_VACANCY)},
)
VACANCIES = _post(
    "recordVacancies",
    [Scope.VACANCIES],
    "Say the same of up to 1,000 vacancies",
    "BatchResult",
    _batch("VacancyPosted", A_VACANCY),
)
CANDIDATE = _get(
    "readCandidate",
    Scope.CANDIDATES,
    "Read what is planned for an applicant of yours, what was said to them, what they agreed to",
    KnownCandidate,
    A_CANDIDATE,
    (404,),
    parameters=[_needed("path", "applicantId", "The applicant's id in the system of the source.")],
)
DELIVERIES = _get(
    "readDeliveries",
    Scope.DELIVERIES,
    "Read what came by web hook for the key's source, and what was made of it; the newest first",
    DeliveryPage,
    A_PAGE_OF_DELIVERIES,
    (422,),
    parameters=_query(PageAsked),
)
WEBHOOK: dict[str, Any] = {
    "operation_id": "callWebhook",
    "summary": "Call with what happened, signed, and whatever it is",
    "description": "Each kind of source has a form and a signature of its own, as `notyet sources "
    "add` prints them; this is the form of a `generic` one, which may tell of vacancies too.",
    "tags": ["Web hooks"],
    "response_class": Response,
    "response_description": "Kept: it will not be lost, also if nobody could make anything of it",
    "responses": {401: described(401, UNSIGNED), **responses(413, 429, 500, 503)},
    "openapi_extra": {
        "security": [{"signature": []}],
        "parameters": [
            _needed("path", "source", "The name of the source, as `notyet sources list` shows it."),
            _needed("header", "webhook-id", "By which it is known again in each repetition."),
            _needed("header", "webhook-timestamp", "When it was sent, in seconds since 1970."),
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": _shown("EventPosted", AN_EVENT)},
        },
    },
}
