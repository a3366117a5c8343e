"""The door for mail: LMTP (RFC 2033), by which the employer's own mail server hands it over.

It speaks to that server alone: whoever else reaches the port still needs the token of a mail. A
mail is answered once it is kept, and one recipient at a time, so that each answer is one mail's.
"""

import asyncio
import logging
from asyncio import Server

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from services.intake.mailbox.mailbox import Mailbox, SmtpReply
from shared.runtime.doors import listening

_log = structlog.get_logger()

LARGEST = 10 * 1024 * 1024
"""In bytes, as Postfix has it by default; what is larger is refused, and its sender is told."""
MOST_CONNECTIONS = 10
IDLE_SECONDS = 60.0
ONE_AT_A_TIME = "452 4.5.3 one recipient at a time"
BUSY = b"421 4.3.2 too many connections\r\n"


class Door:
    """Takes connections from its start to its end."""

    def __init__(self, mailbox: Mailbox, host: str, port: int) -> None:
        self._mailbox = mailbox
        self._host, self._port = host, port
        self._server: Server | None = None
        self._open: set[asyncio.BaseTransport] = set()

    async def open(self) -> None:
        """Begins to listen; what the libraries log of each mail is heard by nobody.

        Raises CannotListen where the address cannot be had.
        """
        for name in ("mail.log", "flufl.bounce"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        loop = asyncio.get_running_loop()
        with listening("LMTP", self._host, self._port):
            self._server = await loop.create_server(self._connection, self._host, self._port)
        _log.info("mail.door_open", port=self.port)

    @property
    def port(self) -> int:
        """The port that is listened at, also where any free one was asked for."""
        sockets = self._server.sockets if self._server else ()
        return next((int(each.getsockname()[1]) for each in sockets), self._port)

    async def close(self) -> None:
        """Ends; whatever was not answered by now, the mail server hands over again."""
        if self._server:
            self._server.close()
        for transport in tuple(self._open):
            transport.close()

    def _connection(self) -> "_Connection":
        return _Connection(_Hooks(self._mailbox), self._open, self._mailbox.domain)


class _Connection(LMTP):
    """One connection, within the bounds of all."""

    line_length_limit = 64 * 1024

    def __init__(self, hooks: "_Hooks", others: set[asyncio.BaseTransport], domain: str) -> None:
        super().__init__(
            hooks,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname=domain,
            ident="Not Yet",
            timeout=IDLE_SECONDS,
            loop=asyncio.get_running_loop(),
        )
        self._others = others

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if len(self._others) >= MOST_CONNECTIONS and isinstance(transport, asyncio.Transport):
            transport.write(BUSY)
            transport.close()
            return
        self._others.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self._others.discard(self.transport)
            super().connection_lost(error)


class _Hooks:
    """What aiosmtpd asks for at each step."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it so
        self, server: LMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if envelope.rcpt_tos:
            return ONE_AT_A_TIME
        answer = await self._mailbox.knows(address)
        if answer is SmtpReply.TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: LMTP, session: Session, envelope: Envelope
    ) -> str:
        sender, content = envelope.mail_from or "", envelope.original_content or b""
        try:
            return await self._mailbox.take(sender.strip("<>"), envelope.rcpt_tos[0], content)
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail comes again
            _log.error("mail.not_taken", error=type(error).__name__)
            return SmtpReply.BROKEN

    async def handle_exception(self, error: Exception) -> str:
        """Answers in the place of the library, which would say for good what may pass."""
        _log.error("mail.conversation_broke", error=type(error).__name__)
        return SmtpReply.BROKEN
