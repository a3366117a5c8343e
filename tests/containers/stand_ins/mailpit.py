"""Takes in mail at 1025, and tells at 8025 to whom it was, in the words of Mailpit's API."""

import asyncio
import json
import re

_RECIPIENT = re.compile(rb"RCPT TO:<([^>]+)>", re.IGNORECASE)

taken: list[dict[str, object]] = []


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Has one conversation over SMTP."""
    writer.write(b"220 mailpit\r\n")
    recipients: list[str] = []
    while line := await reader.readline():
        if found := _RECIPIENT.match(line):
            recipients.append(found[1].decode())
        if line.upper().startswith(b"DATA"):
            writer.write(b"354 Go ahead\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            taken.append({"To": [{"Address": each} for each in recipients]})
            recipients = []
        writer.write(b"250 OK\r\n")
    writer.close()


async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers one request over HTTP, whatever it is."""
    await reader.readuntil(b"\r\n\r\n")
    body = json.dumps({"total": len(taken), "messages": taken}).encode()
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n")
    writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
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
