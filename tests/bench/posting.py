"""Posting over many connections at once, from a client that costs less than any server."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from deploy.local.ports import HOST

Schedule = Iterator[tuple[float, bytes]]
"""From when on each request may leave, by the event loop's clock, in that order."""


def request(path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Returns a whole request as it goes over the wire, with JSON in it."""
    given = {"Host": "bench", "Content-Type": "application/json", **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def posted(port: int, requests: Sequence[bytes], connections: int) -> float:
    """Sends all requests, one at a time on each connection; returns the rate of their answers."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    await _conversed(port, ((began, each) for each in requests), connections)
    return len(requests) / (loop.time() - began)


async def paced(port: int, requests: Sequence[bytes], connections: int, rate: float) -> list[float]:
    """Sends at a steady rate; returns the milliseconds from when each was due to its answer."""
    began = asyncio.get_running_loop().time()
    schedule = ((began + number / rate, each) for number, each in enumerate(requests))
    return await _conversed(port, schedule, connections)


async def _conversed(port: int, schedule: Schedule, connections: int) -> list[float]:
    milliseconds: list[float] = []
    talks = (_converse(port, schedule, milliseconds) for _ in range(connections))
    await asyncio.gather(*talks)
    return milliseconds


async def _converse(port: int, schedule: Schedule, milliseconds: list[float]) -> None:
    loop = asyncio.get_running_loop()
    made = _Connection(schedule, milliseconds)
    transport, _ = await loop.create_connection(lambda: made, HOST, port)
    try:
        await made.done
    finally:
        transport.close()


class _Connection(asyncio.Protocol):
    def __init__(self, schedule: Schedule, milliseconds: list[float]) -> None:
        self._loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = self._loop.create_future()
        self._schedule = schedule
        self._milliseconds = milliseconds
        self._due = 0.0
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        _, _, length = head.lower().partition(b"content-length: ")
        if len(body) < int(length.split(b"\r\n")[0]):
            return
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 202")):
            self.done.set_exception(RuntimeError(self._buffer.decode()))
            return
        self._milliseconds.append((self._loop.time() - self._due) * 1000)
        self._buffer = b""
        self._next()

    def _next(self) -> None:
        following = next(self._schedule, None)
        if following is None:
            self.done.set_result(None)
        elif self._transport:
            self._due, written = following
            self._loop.call_at(self._due, self._transport.write, written)
