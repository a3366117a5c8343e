"""What a platform asks a service: is it alive, is it ready, how is it doing."""

from collections.abc import Awaitable, Callable
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Check = Callable[[], Awaitable[str | None]]
"""Returns in a few words what is wrong, or None."""


def probes(
    *,
    alive: Callable[[], str | None],
    checks: dict[str, Check],
    notices: dict[str, Check],
    registry: CollectorRegistry,
    asyncapi: Callable[[], dict[str, Any]],
) -> Starlette:
    """Returns the probe server: `/livez`, `/readyz`, `/metrics` and `/asyncapi.json`.

    Checks decide whether the process is ready; notices are told beside them and decide nothing.
    """

    async def livez(_: Request) -> Response:
        trouble = alive()
        return PlainTextResponse(trouble or "ok", status_code=503 if trouble else 200)

    async def readyz(_: Request) -> Response:
        troubles = {name: await check() for name, check in (checks | notices).items()}
        ready = not any(troubles[name] for name in checks)
        body = {name: trouble or "ok" for name, trouble in troubles.items()}
        return JSONResponse(body, status_code=200 if ready else 503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")

    async def asyncapi_json(_: Request) -> Response:
        return JSONResponse(asyncapi())

    return Starlette(
        routes=[
            Route("/livez", livez),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
            Route("/asyncapi.json", asyncapi_json),
        ]
    )
