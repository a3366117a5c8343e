"""A mail server that can lose a connection at each phase of a delivery, and notes all it saw."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import time
from typing import Any

from deploy.local.ports import HOST
from deploy.local.sink.mailbox import Received
from shared.runtime.clock import Clock
from tests.faults.history import History

PHASES = ("connect", "ehlo", "mail", "rcpt", "data", "body", "answer")
"""Where it can hang up; at `body` in the middle of one, at `answer` behind a whole one."""
REFUSALS = {"451 rcpt": "rcpt", "451 body": "answer", "550 body": "answer"}
"""What it can say instead of yes, and when."""

_MESSAGE_ID = re.compile(rb"^Message-ID: <([^@>]+)@", re.IGNORECASE)

Mood = Callable[[], str | None]
"""Says what goes wrong in the next transaction, if anything does."""


class _HungUp(Exception):
    """The server ended the conversation on purpose."""


class MailServer:
    """Takes one message at a time on each connection, unless it is in a bad mood."""

    def __init__(self, history: History, clock: Clock) -> None:
        self.mood: Mood = lambda: None
        self.accepted: list[Received] = []
        self._history = history
        self._clock = clock
        self._server: asyncio.Server | None = None

    async def start(self, port: int) -> None:
        self._server = await asyncio.start_server(self._serve, HOST, port, limit=2**22)

    async def stop(self) -> None:
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, _HungUp):
            await _Conversation(self, reader, writer).run()
        writer.close()

    def ended(self, how: str, facts: dict[str, Any], body: bytes) -> None:
        """Notes the end of a transaction, and keeps what was accepted."""
        self._history.note("mail", end=how, size=len(body), **facts)
        if how == "accepted":
            raw = body.replace(b"\r\n..", b"\r\n.").decode(errors="surrogateescape")
            now = self._clock.now().isoformat()
            number = len(self.accepted) + 1
            wall = datetime.now(UTC).isoformat()
            received = Received(number, "email", "", facts["to"], raw, now, wall)
            self.accepted.append(received)

    def now(self) -> list[float]:
        return [time(), self._clock.now().timestamp()]


class _Conversation:
    """One connection: greets, and takes messages until the other side leaves."""

    def __init__(
        self, server: MailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._fault: str | None = server.mood()
        self._facts: dict[str, Any] = {}

    async def run(self) -> None:
        self._hang_up_at("connect")
        await self._say("220 sink.localhost ESMTP")
        while line := await self._reader.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                await self._say("221 2.0.0 Bye")
                return
            await self._answer(verb, line)
        if "rcpt_at" in self._facts and "data_at" not in self._facts:
            self._server.ended("left before the body", self._facts, b"")

    async def _answer(self, verb: bytes, line: bytes) -> None:
        if verb in (b"EHLO", b"HELO"):
            self._hang_up_at("ehlo")
            await self._say("250 sink.localhost")
        elif verb == b"MAIL":
            self._facts = {}
            self._fault = self._fault or self._server.mood()
            self._hang_up_at("mail")
            await self._say("250 2.1.0 Ok")
        elif verb == b"RCPT":
            await self._recipient(line)
        elif verb == b"DATA":
            await self._take_body()
        else:
            await self._say("250 2.0.0 Ok")

    async def _recipient(self, line: bytes) -> None:
        address = line.decode().partition("<")[2].partition(">")[0]
        self._facts = {"to": address, "rcpt_at": self._server.now()}
        self._hang_up_at("rcpt")
        if not await self._refuse_at("rcpt"):
            await self._say("250 2.1.5 Ok")

    async def _take_body(self) -> None:
        self._facts["data_at"] = self._server.now()
        self._hang_up_at("data")
        await self._say("354 Go ahead")
        body = b""
        try:
            while (line := await self._reader.readline()) != b".\r\n":
                if not line:
                    raise asyncio.IncompleteReadError(b"", None)
                body += line
                if found := _MESSAGE_ID.match(line):
                    self._facts["message"] = found[1].decode()
                    self._hang_up_at("body")
        except (OSError, asyncio.IncompleteReadError):
            where = "in" if "message" in self._facts else "before"
            self._server.ended(f"left {where} the body", self._facts, body)
            raise
        self._hang_up_at("answer")
        if await self._refuse_at("answer"):
            return
        # First noted, then answered: whoever is killed in between has lost an accepted message.
        self._server.ended("accepted", self._facts, body)
        await self._say("250 2.0.0 Kept")

    async def _refuse_at(self, phase: str) -> bool:
        refusal, self._fault = self._fault, None
        if refusal is None or REFUSALS.get(refusal) != phase:
            self._fault = refusal
            return False
        self._server.ended(refusal, self._facts, b"")
        await self._say(f"{refusal[:3]} {refusal[0]}.3.0 Not now")
        return True

    def _hang_up_at(self, phase: str) -> None:
        if self._fault == phase:
            if self._facts:
                self._server.ended(f"hung up at {phase}", self._facts, b"")
            self._writer.transport.abort()
            raise _HungUp

    async def _say(self, text: str) -> None:
        self._writer.write(f"{text}\r\n".encode())
        await self._writer.drain()
