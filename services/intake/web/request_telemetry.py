"""Measures and traces requests, by route and never by path: paths hold tokens.

FastAPI's own tracing costs more: it was the largest part of what a web hook cost beside its row.
"""

import time
from collections.abc import Sequence
from http import HTTPMethod

from opentelemetry import context, propagate
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, set_span_in_context
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.intake.metrics import IntakeMetrics
from shared.runtime import tracing

Fields = Sequence[tuple[bytes, bytes]]

METHODS = frozenset(HTTPMethod)
LEAST_FAILURE = 500


class RequestTelemetry:
    """Wraps an application; each request is one span, of its caller's trace if there is one."""

    def __init__(
        self, app: ASGIApp, metrics: IntakeMetrics, tracer: Tracer = tracing.tracer
    ) -> None:
        self._app = app
        self._seconds = metrics.request_seconds
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), "none"
        caller = propagate.extract(scope["headers"], getter=_BY_NAME)
        span = self._tracer.start_span("HTTP", caller, SpanKind.SERVER)
        outside = context.attach(set_span_in_context(span, caller))

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        error: str | None = None
        try:
            await self._app(scope, receive, noting)
        except BaseException as raised:
            error = type(raised).__name__
            raise
        finally:
            context.detach(outside)
            route = getattr(scope.get("route"), "path", None)
            self._seconds.labels(route or "none", status).observe(time.perf_counter() - began)
            if span.is_recording():
                _end(span, scope, route, status, error)


def _end(span: Span, scope: Scope, route: str | None, status: str, error: str | None) -> None:
    """Ends the span of a request with what came of it."""
    method = scope["method"]
    span.set_attribute("http.request.method", method if method in METHODS else "_OTHER")
    span.set_attribute("url.scheme", scope["scheme"])
    if route:
        span.set_attribute("http.route", route)
    if status.isdecimal():
        span.set_attribute("http.response.status_code", int(status))
        if int(status) >= LEAST_FAILURE:
            error = error or status
    if error:
        span.set_attribute("error.type", error)
        span.set_status(StatusCode.ERROR)
    span.end()


class _ByName(Getter[Fields]):
    """Finds the fields of a request's head."""

    def get(self, carrier: Fields, key: str) -> list[str] | None:
        name = key.lower().encode()
        return [value.decode("latin-1") for field, value in carrier if field == name] or None

    def keys(self, carrier: Fields) -> list[str]:
        return [field.decode("latin-1") for field, _ in carrier]


_BY_NAME = _ByName()
