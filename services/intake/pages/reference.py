"""The reference of the API at `/docs`: its document as a page, which like all has no scripts.

It is in English, as the document is and all that a program reads.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from services.intake.pages.context import PageContext
from services.intake.pages.wording import texts

_REFUSED = 400


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked of one path."""

    method: str
    path: str
    about: Mapping[str, Any]
    """As the document has it."""

    @property
    def answers(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """What it answers if nothing is wrong."""
        return ((code, it) for code, it in self._answers() if int(code) < _REFUSED)

    @property
    def refusals(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return ((code, it) for code, it in self._answers() if int(code) >= _REFUSED)

    def _answers(self) -> list[tuple[str, Mapping[str, Any]]]:
        return sorted(self.about["responses"].items())


def routes(context: PageContext) -> APIRouter:
    """Makes `/docs`."""
    router = APIRouter()
    made: list[Response] = []

    # In a thread, and once: it is long, and always the same.
    @router.api_route("/docs", methods=["GET", "HEAD"])
    def show(request: Request) -> Response:
        if not made:
            made.append(_page(context, request.app.openapi()))
        return HTMLResponse(made[0].body, headers=dict(made[0].headers))

    return router


def _page(context: PageContext, document: Mapping[str, Any]) -> Response:
    return context.page(
        "reference.html",
        texts(),
        about=document["info"],
        groups=grouped(document),
        schemas=document["components"]["schemas"],
        pretty=_pretty,
    )


def grouped(document: Mapping[str, Any]) -> Mapping[str, Sequence[Operation]]:
    """Returns the operations of an API by their first tag, both in the order of the document."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, about in methods.items():
            operation = Operation(method.upper(), path, about)
            groups.setdefault(about["tags"][0], []).append(operation)
    return groups


def _pretty(example: Any) -> str:
    return json.dumps(example, indent=2, ensure_ascii=False)
