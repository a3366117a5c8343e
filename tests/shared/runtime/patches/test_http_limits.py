"""What a stranger can make the HTTP server hold has an end, tried with raw sockets."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from deploy.local.ports import HOST, free_port
from shared.runtime.http_server import HttpServer
from shared.runtime.patches.http_limits import HttpLimits

LIMITS = HttpLimits(
    head_bytes=2000,
    head_seconds=0.4,
    body_seconds=0.4,
    body_bytes_per_second=1_000_000,
    request_bytes=100_000,
    connections_per_address=5,
)
HEAD = b"POST / HTTP/1.1\r\nHost: a.example\r\n"


async def _length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@dataclass
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return int(head[0].split()[1]), headers, body

    async def status(self) -> int:
        return (await self.answer())[0]

    async def closes(self) -> bool:
        try:
            return await asyncio.wait_for(self.reader.read(), 5) == b""
        except ConnectionError:
            return True


@dataclass
class Server:
    port: int
    connections: list[Connection] = field(default_factory=list)

    async def connect(self) -> Connection:
        connection = Connection(*await asyncio.open_connection(HOST, self.port))
        self.connections.append(connection)
        return connection


@asynccontextmanager
async def serving(
    limits: HttpLimits = LIMITS, protocol: type[HttpToolsProtocol] | None = None
) -> AsyncIterator[Server]:
    app = Starlette(routes=[Route("/", _length, methods=["GET", "POST"])])
    running = HttpServer(app, HOST, free_port(), limits)
    running.config.http = protocol or running.config.http
    await running.start_up()
    server = Server(running._address[1])
    try:
        yield server
    finally:
        for connection in server.connections:
            connection.writer.close()
        await running.shut_down()


async def test_uvicorn_alone_still_takes_any_head_from_whoever_dawdles() -> None:
    async with serving(protocol=HttpToolsProtocol) as server:
        connection = await server.connect()
        await connection.say(HEAD)
        await asyncio.sleep(2 * LIMITS.head_seconds)
        await connection.say(b"Host: b.example\r\nX-Long: " + b"x" * 200_000 + b"\r\n")
        await connection.say(b"Content-Length: 3\r\n\r\n")
        await asyncio.sleep(2 * LIMITS.body_seconds)
        await connection.say(b"abc")
        assert await connection.status() == 200


async def test_requests_are_answered_on_one_connection_for_longer_than_any_may_take() -> None:
    parts = [HEAD, b"Content-Length: 3\r\n\r\n", b"abc"]
    async with serving(replace(LIMITS, head_seconds=1, body_seconds=1)) as server:
        connection = await server.connect()
        for said in ([b"".join(parts)], parts) * 6:
            await asyncio.sleep(0.1)
            await dripping(connection, said)
            status, headers, body = await connection.answer()
            assert (status, body) == (200, b"3")
            assert "server" not in headers


@pytest.mark.parametrize(
    "head",
    [
        b"X-Long: " + b"x" * 2000 + b"\r\n\r\n",
        b"".join(b"X-%d: y\r\n" % number for number in range(300)) + b"\r\n",
    ],
    ids=["one long field", "many fields"],
)
async def test_a_long_head_is_refused(head: bytes) -> None:
    async with serving() as server:
        connection = await server.connect()
        await connection.say(HEAD + head)
        assert await connection.status() == 431
        assert await connection.closes()


async def test_a_head_that_never_ends_is_refused_before_it_does() -> None:
    async with serving(replace(LIMITS, head_seconds=60)) as server:
        connection = await server.connect()
        await connection.say(HEAD + b"X-Endless: ")
        drip = asyncio.create_task(dripping(connection, [b"x" * 100] * 100))
        assert await connection.status() == 431
        await asyncio.gather(drip, return_exceptions=True)


async def test_a_head_that_comes_byte_by_byte_is_timed_out() -> None:
    async with serving() as server:
        connection = await server.connect()
        drip = asyncio.create_task(dripping(connection, [bytes([byte]) for byte in HEAD * 10]))
        status, headers, body = await connection.answer()
        assert (status, headers["content-type"]) == (408, "application/problem+json")
        assert json.loads(body)["status"] == 408
        assert await connection.closes()
        await asyncio.gather(drip, return_exceptions=True)


async def dripping(connection: Connection, parts: Sequence[bytes]) -> None:
    for part in parts:
        await connection.say(part)
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("after", [b"", b"\r\n"], ids=["silence", "empty lines"])
async def test_a_connection_on_which_nothing_is_asked_is_closed(after: bytes) -> None:
    async with serving() as server:
        connection = await server.connect()
        drip = asyncio.create_task(dripping(connection, [after] * 50))
        assert await asyncio.wait_for(connection.closes(), 2)
        await asyncio.gather(drip, return_exceptions=True)


@pytest.mark.parametrize(
    "head", [b"Content-Length: 1000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"]
)
async def test_a_body_that_stops_coming_is_timed_out(head: bytes) -> None:
    async with serving() as server:
        connection = await server.connect()
        await connection.say(HEAD + head)
        assert await connection.status() == 408
        assert await connection.closes()


async def test_a_body_that_goes_on_after_its_answer_is_cut_off_without_another() -> None:
    async with serving() as server:
        connection = await server.connect()
        await connection.say(b"PUT / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1000\r\n\r\n")
        assert await connection.status() == 405
        assert await connection.closes()


async def test_a_large_body_may_take_as_long_as_its_bytes_allow() -> None:
    async with serving(replace(LIMITS, body_bytes_per_second=5_000)) as server:
        connection = await server.connect()
        await connection.say(HEAD + b"Content-Length: 9000\r\n\r\n")
        for _ in range(9):
            await connection.say(b"x" * 1000)
            await asyncio.sleep(0.08)
        assert await connection.status() == 200


@pytest.mark.parametrize(
    "around",
    [
        b"1;x=" + b"x" * 200_000 + b"\r\na\r\n",
        b"0\r\n" + (b"X: " + b"x" * 5000 + b"\r\n") * 160,
    ],
    ids=["chunk extensions", "trailers"],
)
async def test_much_more_around_a_body_than_in_it_is_refused(around: bytes) -> None:
    limits = replace(LIMITS, body_seconds=60, request_bytes=16 * 1024 * 1024)
    async with serving(limits) as server:
        connection = await server.connect()
        await connection.say(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        parts = [around[at : at + 5000] for at in range(0, len(around), 5000)]
        sent = asyncio.create_task(dripping(connection, parts))
        with pytest.raises(ConnectionError):
            await sent


async def test_a_body_in_very_small_chunks_is_taken() -> None:
    limits = replace(LIMITS, body_seconds=60, request_bytes=16 * 1024 * 1024)
    async with serving(limits) as server:
        connection = await server.connect()
        await connection.say(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        await connection.say(b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n")
        assert await connection.status() == 200


async def test_trailers_without_end_are_broken_off() -> None:
    async with serving(replace(LIMITS, body_seconds=60)) as server:
        connection = await server.connect()
        await connection.say(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n")
        sent = asyncio.create_task(dripping(connection, [b"X: " + b"x" * 5000 + b"\r\n"] * 500))
        with pytest.raises(ConnectionError):
            await sent


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.0\r\n\r\n", 200),
        (b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", 200),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
        (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01", 400),
    ],
)
async def test_what_http_does_not_allow_is_refused_as_a_problem(head: bytes, status: int) -> None:
    async with serving() as server:
        connection = await server.connect()
        await connection.say(head)
        answered, headers, _ = await connection.answer()
        assert answered == status
        if status == 400:
            assert headers["content-type"] == "application/problem+json"
            assert headers["cache-control"] == "no-store"
            assert await connection.closes()


async def test_one_address_has_so_many_connections_and_gets_room_again() -> None:
    async with serving(replace(LIMITS, head_seconds=5)) as server:
        held = [await server.connect() for _ in range(5)]
        crowded = await server.connect()
        status, headers, _ = await crowded.answer()
        assert (status, headers["retry-after"]) == (503, "5")
        assert await crowded.closes()
        held[0].writer.close()
        await held[0].writer.wait_closed()
        await eventually(lambda: answered(server))


async def answered(server: Server) -> bool:
    connection = await server.connect()
    await connection.say(HEAD + b"Content-Length: 0\r\n\r\n")
    return await connection.status() == 200


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while not await holds():
            await asyncio.sleep(0.05)


async def test_all_addresses_together_have_an_end_and_a_proxys_share_none_by_address() -> None:
    limits = replace(LIMITS, head_seconds=5, proxies=["127.0.0.0/8"], connections=8)
    async with serving(limits) as server:
        for _ in range(8):
            await server.connect()
        assert await (await server.connect()).status() == 503
