"""What every answer of the public door says to browsers, caches and strangers."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from deploy.local.ports import HOST, free_port
from services.intake.web.security_headers import SecurityHeaders
from shared.runtime.clock import ManualClock
from shared.runtime.http_server import HttpServer
from tests.databases import Databases
from tests.services.intake.front import Front, opened


@pytest.fixture
async def front(databases: Databases, clock: ManualClock) -> AsyncIterator[Front]:
    async with opened(databases, clock) as door:
        yield door


async def test_every_answer_of_the_running_door_is_closed_to_caches_and_guessing(
    front: Front,
) -> None:
    assert front.service._public
    app, _, _, limits = front.service._public
    port = free_port()
    server = HttpServer(app, HOST, port, limits)
    await server.start_up()
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}") as client:
        for path in ("/docs", "/v1/openapi.json", "/c/nothing", "/nowhere", "/v1/rejections"):
            answer = await client.get(path)
            assert answer.headers.get_list("cache-control") == ["no-store"], path
            assert answer.headers.get_list("x-content-type-options") == ["nosniff"], path
            assert "server" not in answer.headers
            assert "strict-transport-security" not in answer.headers
    await server.shut_down()


@pytest.mark.parametrize(
    ("public_url", "scheme", "bound"),
    [
        ("https://jobs.example", "http", True),
        ("http://jobs.example", "https", True),
        ("http://jobs.example", "http", False),
    ],
)
async def test_browsers_are_bound_to_tls_where_it_is_told_of(
    public_url: str, scheme: str, bound: bool
) -> None:
    transport = httpx.ASGITransport(SecurityHeaders(Starlette(), public_url))
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://x") as client:
        answer = await client.get("/")
    assert ("strict-transport-security" in answer.headers) == bound


async def test_a_body_that_breaks_off_is_no_error_of_ours(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    assert front.service._public
    app, _, _, limits = front.service._public
    port = free_port()
    server = HttpServer(app, HOST, port, limits)
    await server.start_up()
    _, writer = await asyncio.open_connection(HOST, port)
    key = front.client.headers["authorization"]
    writer.write(
        f"POST /v1/rejections HTTP/1.1\r\nHost: a\r\nAuthorization: {key}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode()
    )
    await writer.drain()
    await asyncio.sleep(0.5)
    writer.close()
    await asyncio.sleep(0.5)
    await server.shut_down()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
