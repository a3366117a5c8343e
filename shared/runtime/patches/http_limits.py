"""Bounds what a stranger can make the HTTP server hold: uvicorn itself has no such limits.

It reads a request's head of any size for any time, and a body for as long as its sender likes, on
as many connections as there are descriptors. Here each has an end, and whoever reaches it is told
so in a problem document (RFC 9457) before the connection closes. A request that names two hosts,
or none, is refused as RFC 9112 demands.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.runtime.subscribers import subscriber_of

_AROUND_A_FIELD = 4
"""The bytes of a field that are neither its name nor its value."""
_AROUND_A_CHUNK = 16
"""The bytes of a chunk that are neither its extensions nor of the body, at the most."""
_CROWDED_SECONDS = 5
"""After how long whoever found too many connections may try again."""


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """How much of everything one connection, one address and all together may take."""

    head_bytes: int = 32 * 1024
    head_seconds: float = 10.0
    body_seconds: float = 20.0
    body_bytes_per_second: int = 16 * 1024
    """A body may take so many seconds longer as it has brought this many bytes."""
    framing_bytes: int = 64 * 1024
    """What may come around a body beside the size of each chunk: extensions, and trailers."""
    request_bytes: int = 16 * 1024 * 1024
    """Whatever the application accepts of it, a request that goes on is broken off here."""
    connections: int = 1000
    connections_per_address: int = 100
    proxies: Sequence[str] = ()
    """Networks whose connections are many people's, and are not counted by address."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection within its limits; `open_connections` counts those of each address."""

    def __init__(self, limits: HttpLimits, open_connections: Counter[str], **given: Any) -> None:
        super().__init__(**given)
        self._limits = limits
        self._open = open_connections
        self._address = ""
        self._timer: asyncio.TimerHandle | None = None
        self._awaited: Literal["head", "body"] | None = None
        """What the timer is for."""
        self._began = False
        """Whether a request began in what was received last."""
        self._in_head = False
        self._in_request = False
        self._head_bytes = 0
        self._request_bytes = self._content_bytes = 0
        self._body_since = 0.0
        self._refusal = (HTTPStatus.BAD_REQUEST, "send a request that HTTP/1.1 allows")

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        host = self.client[0] if self.client else ""
        self._address = "" if _is_in(host, self._limits.proxies) else subscriber_of(host)
        self._open[self._address] += 1
        crowded = self._address and self._open[self._address] > self._limits.connections_per_address
        if crowded or len(self.connections) > self._limits.connections:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "use fewer connections at a time")
        else:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        self._open[self._address] -= 1
        if not self._open[self._address]:
            del self._open[self._address]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        was_in_head, self._began = self._in_head, False
        self._request_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and was_in_head:
            self._head_bytes += len(data)
        if self._head_bytes > self._limits.head_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "send a shorter head")
        elif self._in_request and self._request_bytes > self._limits.request_bytes:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "send a smaller request")
        elif self._request_bytes - self._content_bytes > self._limits.framing_bytes:
            self._refuse(HTTPStatus.BAD_REQUEST, "send less around the body")
        else:
            self._watch()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._began = self._in_head = self._in_request = True
        self._head_bytes = self._request_bytes = self._content_bytes = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keeps a field of the head; those after the body are read by nobody."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        fields = sum(len(name) + len(value) + _AROUND_A_FIELD for name, value in self.headers)
        if len(self.url) + fields > self._limits.head_bytes:
            self._refusal = (HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "send a shorter head")
            raise _Refused
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() == "1.1"):
            self._refusal = (HTTPStatus.BAD_REQUEST, "send the header Host once")
            raise _Refused
        self._in_head = False
        self._head_bytes = 0
        self._rest()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._content_bytes += len(body)
        super().on_body(body)

    def on_chunk_header(self) -> None:
        """Allows each chunk its size and the ends of its lines."""
        self._content_bytes += _AROUND_A_CHUNK

    def on_message_complete(self) -> None:
        self._in_request = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answers what the parser, or one of our rules, has refused."""
        self._refuse(*self._refusal)

    def timeout_keep_alive_handler(self) -> None:
        """Closes an idle connection, also one whose other side does not read its answer."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        super().timeout_keep_alive_handler()

    def _watch(self) -> None:
        """Sets the timer for what has to come next; a request that came whole needs none."""
        if self._in_head or not (self._in_request or self._began):
            awaited: Literal["head", "body"] | None = "head"
        else:
            awaited = "body" if self._in_request else None
        if awaited == self._awaited:
            return
        self._rest()
        if awaited == "head":
            self._timer = self.loop.call_later(self._limits.head_seconds, self._head_is_late)
        elif awaited == "body":
            self._body_since = self.loop.time()
            self._timer = self.loop.call_later(self._limits.body_seconds, self._body_is_late)
        self._awaited = awaited

    def _head_is_late(self) -> None:
        self._rest()
        cycle: Any = self.cycle
        if cycle and not cycle.response_complete:
            return
        if self._in_request:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "send the head of a request at once")
        else:
            self.transport.close()

    def _body_is_late(self) -> None:
        allowed = self._request_bytes / self._limits.body_bytes_per_second
        left = self._body_since + self._limits.body_seconds + allowed - self.loop.time()
        if left > 0:
            self._timer = self.loop.call_later(left, self._body_is_late)
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "send the body of a request faster")

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        """Answers with a problem, unless the request has an answer already, and closes."""
        self._rest()
        cycle: Any = None if self._in_head else self.cycle
        if cycle is None or not cycle.response_started:
            self.transport.write(_problem(status, detail))
        self.transport.close()

    def _rest(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self._awaited = None


class _Refused(Exception):
    """Makes the parser stop; httptools reports it as an error of the request."""


def _problem(status: HTTPStatus, detail: str) -> bytes:
    body = json.dumps(
        {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    )
    head = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "content-type: application/problem+json",
        f"content-length: {len(body)}",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
        "connection: close",
    ]
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        head.append(f"retry-after: {_CROWDED_SECONDS}")
    return "\r\n".join([*head, "", body]).encode()


def _is_in(host: str, networks: Sequence[str]) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in ip_network(network, strict=False) for network in networks)
