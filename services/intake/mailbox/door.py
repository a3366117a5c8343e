"""The door for mail: LMTP (RFC 2033), by which the employer's own mail server hands it over.

It speaks to that server alone: whoever else reaches the port still needs the token of a mail. A
mail is answered once it is kept, and one recipient at a time, so that each answer is one mail's.
"""

import asyncio
import logging
from asyncio import Server

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session, syntax

from services.intake.mailbox.mailbox import Mailbox, SmtpReply
from shared.runtime.doors import listening

_log = structlog.get_logger()

LARGEST = 10 * 1024 * 1024
"""In bytes, as Postfix has it by default; what is larger is refused, and its sender is told."""
MOST_CONNECTIONS = 10
IDLE_SECONDS = 60.0
"""So long nothing comes, or is answered."""
LONGEST_SECONDS = 900.0
"""So long a mail may come evenly: the largest, at 12 kB in a second."""
ONE_AT_A_TIME = "452 4.5.3 one recipient at a time"
_LONGEST_LINE = 64 * 1024
_END = b"\r\n.\r\n"
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

    line_length_limit = _LONGEST_LINE

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
        self._comes_until = 0.0

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

    def data_received(self, data: bytes) -> None:
        """Takes what comes; while a mail does, it is waited for the rest of it anew."""
        if asyncio.get_running_loop().time() < self._comes_until:
            self._reset_timeout()
        super().data_received(data)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - the library names it so
        """Takes a mail in the place of the library, which keeps an object for each of its lines."""
        if await self.check_helo_needed():
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        self._comes_until = asyncio.get_running_loop().time() + LONGEST_SECONDS
        content = await self._content()
        self._comes_until = 0.0
        self._reset_timeout()
        if content is None:
            answer = "552 Error: Too much mail data"
        elif _has_too_long_a_line(content):
            answer = "500 Line too long (see RFC5321 4.5.3.1.6)"
        else:
            self.envelope.original_content = content
            answer = await self._call_handler_hook("DATA")
        self.envelope = Envelope()
        await self.push(answer)

    async def _content(self) -> bytes | None:
        """Returns what comes; nothing where it is too large, though all of it is waited for."""
        # The first line may be the end as well, so one ends before it.
        self._reader.feed_data(b"\r\n")
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        kept, size, is_over = bytearray(), -len(_END), False
        while not is_over:
            try:
                came, is_over = await self._reader.readuntil(_END), True
            except asyncio.LimitOverrunError as more:
                came = await self._reader.readexactly(more.consumed)
            size += len(came)
            if size <= LARGEST:
                kept += came
            else:
                kept.clear()
        # A dot that begins a line has another before it (RFC 5321, section 4.5.2).
        said = kept.removesuffix(b".\r\n").replace(b"\r\n.", b"\r\n").removeprefix(b"\r\n")
        return bytes(said) if size <= LARGEST else None


def _has_too_long_a_line(content: bytes) -> bool:
    at = 0
    while len(content) - at > _LONGEST_LINE:
        end = content.rfind(b"\r\n", at, at + _LONGEST_LINE)
        if end < 0:
            return True
        at = end + 2
    return False


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
