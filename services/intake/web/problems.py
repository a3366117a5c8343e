"""Refusals as RFC 9457 problem documents: what is wrong, where, and what to do.

People are refused in a page instead, whose words are not ours.
"""

import json
from collections.abc import Callable, Mapping, Sequence

from fastapi import FastAPI, HTTPException, Request, Response
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import ClientDisconnect

from shared.contract.events.details import Fault
from shared.runtime.batcher import Unavailable
from shared.runtime.postgres import UNAVAILABLE

PageOf = Callable[[Request, int], Response | None]
"""Makes the page of a refusal by its status, where a person reads it."""

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5

_TITLES = {
    400: "The request cannot be read",
    401: "A valid API key, or signature, is needed",
    403: "This is not allowed",
    404: "There is nothing here",
    405: "This method is not offered here",
    409: "This conflicts with what was recorded before",
    413: "The body is too large",
    415: "The body is of another kind",
    422: "Some fields are wrong",
    429: "Too many requests came",
    500: "Something went wrong here",
    503: "Nothing can be recorded at the moment",
}
_REMEDIES = {
    404: "see /docs, or /v1/openapi.json, for what there is",
    405: "see /docs, or /v1/openapi.json, for the methods of each path",
    500: "send the same request again; if it fails again, tell the operators when it was",
}


class Problem(Exception):
    """A refusal; nothing was recorded."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] = {},
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.faults = faults
        self.headers = headers


def document(status: int, detail: str, faults: Sequence[Fault] = ()) -> dict[str, object]:
    """Returns the members of a problem document; `errors` names each field at fault."""
    members: dict[str, object] = {
        "type": "about:blank",
        "title": _TITLES.get(status, "The request was refused"),
        "status": status,
        "detail": detail,
    }
    if faults:
        members["errors"] = [fault._asdict() for fault in faults]
    return members


def too_many(seconds: int, detail: str) -> Problem:
    """Returns the refusal of what came too early; it says when to come again."""
    return Problem(429, detail, headers={"retry-after": str(seconds)})


def install(app: FastAPI, page_of: PageOf) -> None:
    """Answers every refusal of the application with a problem document, or with a page."""

    def answer(
        request: Request,
        status: int,
        detail: str,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] = {},
    ) -> Response:
        response = page_of(request, status) or _problem(status, detail, faults)
        response.headers.update(headers)
        return response

    @app.exception_handler(Problem)
    async def refuse(request: Request, problem: Problem) -> Response:
        return answer(request, problem.status, problem.detail, problem.faults, problem.headers)

    @app.exception_handler(StarletteHTTPException)
    async def refuse_http(request: Request, error: HTTPException) -> Response:
        detail = _REMEDIES.get(error.status_code, error.detail)
        return answer(request, error.status_code, detail, headers=error.headers or {})

    async def be_away(request: Request, _: Exception) -> Response:
        return answer(
            request,
            503,
            f"send the same request again in {RETRY_SECONDS} seconds; it counts only once",
            headers={"retry-after": str(RETRY_SECONDS)},
        )

    @app.exception_handler(ClientDisconnect)
    async def go_on_without(request: Request, _: Exception) -> Response:
        return answer(request, 400, "send the whole body")

    for error in (*UNAVAILABLE, Unavailable):
        app.add_exception_handler(error, be_away)

    @app.exception_handler(Exception)
    async def fail(request: Request, _: Exception) -> Response:
        return answer(request, 500, _REMEDIES[500])


def _problem(status: int, detail: str, faults: Sequence[Fault]) -> Response:
    body = json.dumps(document(status, detail, faults)).encode()
    return Response(body, status, media_type=MEDIA_TYPE)
