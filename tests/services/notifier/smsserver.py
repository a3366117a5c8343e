"""An HTTP server in Twilio's place that fails on purpose."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from tests.serving import serving

DROP = "drop"
DROP_UNREAD = "drop unread"
HANG = "hang"

Fault = str | tuple[int, int | None]
"""DROP cuts the connection after the request was taken, DROP_UNREAD before it was read, HANG says
nothing; a pair is an HTTP status and Twilio's code, or None for a body that is not Twilio's."""


@dataclass(frozen=True)
class Request:
    path: str
    authorization: str
    form: dict[str, str]


@dataclass
class SmsServer:
    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    """Those that were read to their end."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            fault = self.faults.pop(0) if self.faults else (201, 0)
            if fault != DROP_UNREAD:
                self.requests.append(await _read(reader))
            if fault == HANG:
                await asyncio.sleep(3600)
            if isinstance(fault, tuple):
                await _answer(writer, *fault)
        finally:
            writer.transport.abort() if fault == DROP_UNREAD else writer.close()


@asynccontextmanager
async def sms_server() -> AsyncIterator[SmsServer]:
    server = SmsServer()
    async with serving(server.serve) as server.url:
        yield server


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}
    body = await reader.readexactly(int(headers["content-length"]))
    path = head[0].split(" ")[1]
    return Request(path, headers["authorization"], dict(parse_qsl(body.decode())))


async def _answer(writer: asyncio.StreamWriter, status: int, code: int | None) -> None:
    body = "<html>gateway</html>" if code is None else json.dumps({"code": code, "message": "no"})
    writer.write(
        f"HTTP/1.1 {status} x\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        f"{body}".encode()
    )
    await writer.drain()
