import asyncio
import signal
import socket
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from deploy.local.ports import HOST, free_port
from shared.runtime.http_server import HttpServer


async def _slowly(_: Any) -> PlainTextResponse:
    await asyncio.sleep(0.3)
    return PlainTextResponse("answered")


app = Starlette(routes=[Route("/", _slowly)])


async def test_requests_under_way_are_answered_before_it_ends_and_none_are_taken_after() -> None:
    port = free_port()
    server = HttpServer(app, HOST, port)
    await server.start_up()
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}") as client:
        asked = asyncio.create_task(client.get("/"))
        await asyncio.sleep(0.1)
        await server.shut_down()
        assert (await asked).text == "answered"
        with pytest.raises(httpx.ConnectError):
            await client.get("/")


async def test_signals_are_left_to_whoever_handles_them() -> None:
    before = signal.getsignal(signal.SIGTERM)
    server = HttpServer(app, HOST, free_port())
    await server.start_up()
    assert signal.getsignal(signal.SIGTERM) is before
    await server.shut_down()


async def test_an_address_that_is_taken_is_an_error_of_the_caller() -> None:
    with socket.create_server((HOST, 0)) as other, pytest.raises(OSError, match="in use"):
        await HttpServer(app, HOST, other.getsockname()[1]).start_up()
