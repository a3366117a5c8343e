"""Takes in mail at 1025, and tells at 8025 what it was, in the words of Mailpit's API."""

import asyncio
import json
import re
from datetime import UTC, datetime

_RECIPIENT = re.compile(rb"RCPT TO:<([^>]+)>", re.IGNORECASE)

_SOURCE = re.compile(r"GET /api/v1/message/(\d+)/raw ")

taken: list[dict[str, object]] = []
sources: list[bytes] = []


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Has one conversation over SMTP."""
    writer.write(b"220 mailpit\r\n")
    recipients: list[str] = []
    while line := await reader.readline():
        if line.upper().startswith((b"MAIL", b"RSET")):
            recipients = []
        if found := _RECIPIENT.match(line):
            recipients.append(found[1].decode())
        if line.upper().startswith(b"DATA"):
            writer.write(b"354 Go ahead\r\n")
            sources.append((await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n."))
            to, now = [{"Address": each} for each in recipients], datetime.now(UTC).isoformat()
            taken.append({"ID": str(len(taken)), "To": to, "Created": now})
            recipients = []
        writer.write(b"250 OK\r\n")
    writer.close()


async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers one request over HTTP."""
    request = (await reader.readuntil(b"\r\n\r\n")).decode()
    body, known = b"", True
    if source := _SOURCE.match(request):
        body = sources[int(source[1])]
    elif request.startswith("GET /api/v1/messages"):
        body = json.dumps({"total": len(taken), "messages": taken}).encode()
    else:
        known = False
    writer.write(b"HTTP/1.1 200 OK\r\n" if known else b"HTTP/1.1 404 Not Found\r\n")
    writer.write(b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    await writer.drain()
    writer.close()


async def main() -> None:
    """Serves until it is ended."""
    servers = [
        await asyncio.start_server(take, "0.0.0.0", 1025, limit=2**24),
        await asyncio.start_server(tell, "0.0.0.0", 8025),
    ]
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(main())
