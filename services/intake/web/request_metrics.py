"""Measures how long requests take, by route and never by path: paths hold tokens."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.intake.metrics import IntakeMetrics


class RequestMetrics:
    """Wraps an application."""

    def __init__(self, app: ASGIApp, metrics: IntakeMetrics) -> None:
        self._app = app
        self._seconds = metrics.request_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), "none"

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            self._seconds.labels(route, status).observe(time.perf_counter() - began)
