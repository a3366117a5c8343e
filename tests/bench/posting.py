"""Posting over many connections at once, from a client that costs less than any server."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import cast

from deploy.local.ports import HOST

_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n{fixed}{length}\r\n\r\n"
)
_FIXED = "Content-Type: application/json\r\nContent-Length: "


def request(path: str, key: str, body: bytes) -> bytes:
    """Returns a whole request as it goes over the wire."""
    return _HEAD.format(path=path, key=key, fixed=_FIXED, length=len(body)).encode() + body


async def posted(port: int, requests: Sequence[bytes], connections: int) -> float:
    """Sends all requests, one at a time on each connection; returns the rate of their 202s."""
    waiting = iter(requests)
    began = time.perf_counter()
    await asyncio.gather(*(_converse(port, waiting) for _ in range(connections)))
    return len(requests) / (time.perf_counter() - began)


async def _converse(port: int, waiting: Iterator[bytes]) -> None:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    transport, _ = await loop.create_connection(lambda: _Connection(waiting, done), HOST, port)
    try:
        await done
    finally:
        transport.close()


class _Connection(asyncio.Protocol):
    def __init__(self, waiting: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self._waiting = waiting
        self._done = done
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        _, _, length = head.lower().partition(b"content-length: ")
        if len(body) < int(length.split(b"\r\n")[0]):
            return
        if not head.startswith(b"HTTP/1.1 202"):
            self._done.set_exception(RuntimeError(self._buffer.decode()))
            return
        self._buffer = b""
        self._next()

    def _next(self) -> None:
        following = next(self._waiting, None)
        if following is None:
            self._done.set_result(None)
        elif self._transport:
            self._transport.write(following)
