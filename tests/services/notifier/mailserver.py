"""A real SMTP server that fails on purpose, at whichever step a test asks for."""

# ruff: noqa: N802 - the names are aiosmtpd's

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

DROP = "drop"
HANG = "hang"


@dataclass
class MailServer:
    """What a server was told to do, and what it saw.

    A step is one of connect, EHLO, STARTTLS, MAIL, RCPT, DATA, body (received, not yet answered)
    and answered (the 250 is on its way). Its faults are used up one by one: DROP cuts the
    connection, HANG says nothing, and anything else is the answer.
    """

    port: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)
    accepted: list[Envelope] = field(default_factory=list)
    """Mails whose body was answered with 250, whether or not the sender heard it."""
    steps: list[str] = field(default_factory=list)
    connections: int = 0
    secured: int = 0
    pauses: dict[str, float] = field(default_factory=dict)
    """Seconds that pass before a step is answered: a tarpit."""

    def fail(self, step: str, *faults: str) -> None:
        self.faults.setdefault(step, []).extend(faults)

    @property
    def recipients(self) -> list[str]:
        return [address for envelope in self.accepted for address in envelope.rcpt_tos]

    async def next_fault(self, step: str) -> str | None:
        self.steps.append(step)
        await asyncio.sleep(self.pauses.get(step, 0))
        waiting = self.faults.get(step)
        return waiting.pop(0) if waiting else None


class _Connection(SMTP):
    """One connection, which looks for a fault before each step."""

    def __init__(self, server: MailServer, handler: "_Handler", **settings: Any) -> None:
        super().__init__(handler, hostname="mx.test", ident="test", **settings)
        self._server = server

    async def _handle_client(self) -> None:
        self._server.connections += 1
        if await self.stumbles("connect"):
            return
        await super()._handle_client()

    def cut(self) -> None:
        """Loses the connection at once, with whatever was still to be said."""
        if self.transport and not self.transport.is_closing():
            cast(asyncio.WriteTransport, self.transport).abort()

    def end(self) -> None:
        """Loses the connection and what waits on it, for a failed handshake is not told of that."""
        self.cut()
        if self._handler_coroutine:
            self._handler_coroutine.cancel()

    async def stumbles(self, step: str) -> bool:
        fault = await self._server.next_fault(step)
        if fault is None:
            return False
        if fault == HANG:
            await asyncio.sleep(3600)
        elif fault == DROP:
            self.cut()
        else:
            await self.push(fault)
        return True

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self.stumbles("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self.stumbles("STARTTLS"):
            self._server.secured += 1
            await super().smtp_STARTTLS(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self.stumbles("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self.stumbles("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_RSET(self, arg: str) -> None:
        self._server.steps.append("RSET")
        await super().smtp_RSET(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if not await self.stumbles("DATA"):
            await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_DATA(self, smtp: _Connection, _: Session, envelope: Envelope) -> str:
        fault = await self._server.next_fault("body")
        if fault == HANG:
            await asyncio.sleep(3600)
        if fault == DROP:
            smtp.cut()
        elif fault:
            return fault
        else:
            self._server.accepted.append(envelope)
            if await self._server.next_fault("answered") == DROP:
                smtp.cut()
        return "250 2.0.0 taken"


@asynccontextmanager
async def mail_server(
    *,
    certificate: ssl.SSLContext | None = None,
    implicit: bool = False,
    login: tuple[str, str] | None = None,
    international: bool = False,
) -> AsyncIterator[MailServer]:
    """Runs a server on a free port; a certificate makes it offer STARTTLS, or speak only TLS.

    An international one takes addresses outside ASCII (SMTPUTF8).
    """
    server = MailServer()
    loop = asyncio.get_running_loop()
    connections: list[_Connection] = []

    def authenticate(*given: Any) -> AuthResult:
        expected = login and LoginPassword(*(text.encode() for text in login))
        return AuthResult(success=given[-1] == expected, handled=False)

    def connection() -> _Connection:
        settings: dict[str, Any] = {"loop": loop, "enable_SMTPUTF8": international}
        if certificate and not implicit:
            settings["tls_context"] = certificate
        if login:
            settings |= {
                "auth_required": True,
                "auth_require_tls": certificate is not None and not implicit,
                "authenticator": authenticate,
            }
        made = _Connection(server, _Handler(server), **settings)
        connections.append(made)
        return made

    listener = await loop.create_server(
        connection, "127.0.0.1", 0, ssl=certificate if implicit else None
    )
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for made in connections:
            made.end()
