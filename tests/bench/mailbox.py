"""A mail server that takes everything, tells to whom it was, and costs next to nothing."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

from deploy.local.ports import HOST

_RECIPIENT = re.compile(rb"RCPT TO:<([^>]+)>", re.IGNORECASE)
_END = b"\r\n.\r\n"


class _Conversation(asyncio.Protocol):
    def __init__(self, taken: Callable[[str], None]) -> None:
        self._taken = taken
        self._buffer = b""
        self._recipient = ""
        self._in_body = False
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._transport.write(b"220 bench\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            head, end, rest = self._buffer.partition(_END if self._in_body else b"\r\n")
            if not end:
                return
            self._buffer = rest
            self._answer(head)

    def _answer(self, line: bytes) -> None:
        assert self._transport
        if self._in_body:
            self._in_body = False
            self._transport.write(b"250 2.0.0 Taken\r\n")
            self._taken(self._recipient)
        elif line.upper().startswith(b"DATA"):
            self._in_body = True
            self._transport.write(b"354 Go ahead\r\n")
        else:
            if found := _RECIPIENT.match(line):
                self._recipient = found[1].decode()
            self._transport.write(b"250 2.0.0 OK\r\n")


@asynccontextmanager
async def mailbox(taken: Callable[[str], None], port: int = 0) -> AsyncIterator[int]:
    """Lends the port of a server; `taken` hears the address of each mail that got its 250."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Conversation(taken), HOST, port)
    port = server.sockets[0].getsockname()[1]
    try:
        yield port
    finally:
        server.close()
