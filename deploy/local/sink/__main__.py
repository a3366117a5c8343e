"""Runs the sink: `python -m deploy.local.sink --smtp-port … --http-port … --file …`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import httpx
import typer
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.local.ports import HOST
from deploy.local.sink.mailbox import Mailbox
from deploy.local.sink.pages import Pages
from deploy.local.sink.smtp import serve_smtp
from deploy.local.sink.twilio import send_sms
from shared.runtime.clock import clock_at
from shared.runtime.http_server import IDLE_SECONDS


def build(mailbox: Mailbox, smtp_port: int, http: httpx.AsyncClient) -> Starlette:
    """Puts the mail server, the SMS endpoint and the pages together on one mailbox.

    The client carries all reports about SMS: to make one takes longer than to take in a message.
    """
    pages = Pages(mailbox)

    async def sms(request: Request) -> Response:
        return await send_sms(request, mailbox, http)

    @asynccontextmanager
    async def with_smtp(_: Starlette) -> AsyncIterator[None]:
        server = await serve_smtp(mailbox, smtp_port)
        async with http:
            yield
        server.close()

    return Starlette(
        routes=[
            Route("/", pages.index),
            Route("/messages/{id:int}", pages.index),
            Route("/messages/{id:int}/html", pages.html),
            Route("/api/messages", pages.messages),
            Route("/livez", pages.livez),
            Route("/2010-04-01/Accounts/{account}/Messages.json", sms, methods=["POST"]),
        ],
        lifespan=with_smtp,
    )


def main(
    smtp_port: Annotated[int, typer.Option()],
    http_port: Annotated[int, typer.Option()],
    file: Annotated[Path, typer.Option()],
    clock_file: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """Take in mail and SMS, and show them."""
    app = build(Mailbox(file, clock_at(clock_file)), smtp_port, httpx.AsyncClient(timeout=10))
    uvicorn.run(
        app,
        host=HOST,
        port=http_port,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=IDLE_SECONDS,
    )


if __name__ == "__main__":
    typer.run(main)
