"""Answers that no browser misreads and no cache keeps, and that bind a browser to TLS."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
BY_TLS = {"strict-transport-security": "max-age=31536000"}
"""A year; where TLS ends at a proxy, it tells us by which scheme a request came."""


class SecurityHeaders:
    """Wraps an application; headers that it sets itself stay as they are."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._public_by_tls = public_url.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        by_tls = self._public_by_tls or scope.get("scheme") == "https"
        added = ALWAYS | BY_TLS if by_tls else ALWAYS

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, secured)
