"""FastAPI as its tutorial has it: the body of a web hook is inserted as it is, and answered.

`python -m tests.bench.peers.bare_fastapi` takes hooks on the port where intake does, and says that
it is ready where a service says so. It believes everybody, seals nothing and makes nothing of it.
"""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from fastapi import FastAPI, Request, Response

from deploy.local.ports import HOST

TABLE = "create table if not exists bare_hooks (id bigserial primary key, body bytea not null)"
CONNECTIONS = 10
PORTS = ("NOTYET_HTTP_PORT", "NOTYET_PROBE_PORT")


def build(database_url: str) -> FastAPI:
    """Makes the application."""

    @asynccontextmanager
    async def pool(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(database_url, max_size=CONNECTIONS) as app.state.pool:
            await app.state.pool.execute(TABLE)
            yield

    app = FastAPI(lifespan=pool)

    @app.post("/v1/webhooks/{source}")
    async def receive(source: str, request: Request) -> Response:
        body = await request.body()
        await app.state.pool.execute("insert into bare_hooks (body) values ($1)", body)
        return Response(status_code=200)

    @app.get("/readyz")
    async def ready() -> Response:
        return Response(status_code=200)

    return app


if __name__ == "__main__":
    served = build(os.environ["NOTYET_DATABASE_URL"])
    sockets = [socket.create_server((HOST, int(os.environ[port]))) for port in PORTS]
    uvicorn.Server(uvicorn.Config(served, access_log=False, log_level="warning")).run(sockets)
