"""E-mail over SMTP, step by step, so that it is always known whether a message has left.

One recipient a transaction: MAIL, RCPT, then the attempt is committed, then DATA, the body, and
the server's answer. What a loss means depends on its step alone:

- before the attempt is committed, or before the first byte of the body: nothing has left, and the
  message can be tried again;
- after that, until the answer: nobody can know, so the message is `uncertain`.

An answer decides for itself: 4xx is for now, 5xx for good, and a 5xx to RCPT that says that there
is no such mailbox makes the address dead: by its enhanced code (RFC 3463) or, from servers that
give none, by its words. Where no connection comes
about at all, or the server wants a login that we lack, that is no message's fault: it is AWAY.

aiosmtplib does the protocol: connecting, STARTTLS, AUTH, reading replies. Its own `sendmail` is
not used, because it raises the same error for a connection lost before and after the body.
"""

import asyncio
import ssl
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, NamedTuple

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponse,
    SMTPResponseException,
)

from services.notifier.channels import Commit, Parcel
from services.notifier.channels.mime import BadAddress, Composer, wire_address
from services.notifier.domain import Refusal, SendResult, SendStatus
from shared.contract.mail_answers import says_no_mailbox
from shared.runtime.crash_points import reach

LOST = (SMTPException, OSError, TimeoutError)
"""What aiosmtplib raises when there is no answer, or none that can be understood."""

CLOSING = 421
WANTS_LOGIN = frozenset({530, 534, 535, 538})
GO_AHEAD = 354

SENT = SendResult(SendStatus.SENT)


@dataclass(frozen=True, slots=True)
class Server:
    """The next hop, and how to speak with it."""

    host: str
    port: int
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    greets_as: str | None = None
    """What EHLO says; by default this machine's full name."""
    username: str | None = None
    password: str | None = None
    trust: ssl.SSLContext | None = None
    """Whose certificates are believed; by default the system's authorities."""
    connections: int = 10
    envelope_seconds: float = 20.0
    """For everything before the body: connecting, EHLO, TLS, MAIL and RCPT together."""
    answer_seconds: float = 60.0
    """For DATA and for the answer to the body, each."""
    idle_seconds: float = 30.0
    """After which an unused connection is not trusted any more."""


class Smtp:
    """Delivers over a pool of connections to one server."""

    def __init__(self, server: Server, sender: str, composer: Composer) -> None:
        self._server = server
        self._sender = sender
        self._composer = composer
        self._places = asyncio.Semaphore(server.connections)
        self._idle: deque[tuple[SMTP, float]] = deque()

    async def deliver(self, parcel: Parcel, commit: Commit) -> SendResult | Refusal:
        """Tries once; a refusal that `commit` gives leaves the server without a message."""
        try:
            address = wire_address(parcel.address)
            body = self._composer.compose(parcel).replace(b"\r\n.", b"\r\n..") + b".\r\n"
        except BadAddress:
            return SendResult(SendStatus.FAILED, "bad_address")
        except ValueError:
            return SendResult(SendStatus.DEFERRED, "not_composed")
        async with self._places:
            back = parcel.words.return_path
            names = _Envelope(back.bounces if back else self._sender, address)
            used = self._take_idle()
            answer = used and await self._transact(used, names, body, commit)
            if answer:
                return answer
            try:
                fresh = await self._connected()
            except LOST as error:
                return SendResult(SendStatus.AWAY, _trouble(error))
            answer = await self._transact(fresh, names, body, commit)
            return answer or SendResult(SendStatus.DEFERRED, "lost_at_envelope")

    async def close(self) -> None:
        """Says goodbye on all idle connections."""
        while self._idle:
            connection, _ = self._idle.pop()
            with suppress(*LOST):
                await connection.quit(timeout=1)
            connection.close()

    async def _transact(
        self, connection: SMTP, names: "_Envelope", body: bytes, commit: Commit
    ) -> SendResult | Refusal | None:
        """Runs one mail transaction; None if the connection was lost before it came to anything."""
        answer = None
        try:
            answer = await self._offer(connection, names) or await commit()
            answer = answer or await self._hand_over(connection, body)
        except _LostEarly:
            return None
        finally:
            # A conversation that was broken off may be in the middle of a body: never go on in it.
            if answer is None:
                connection.close()
        await self._put_back(connection, reset=answer is not SENT)
        return answer

    async def _offer(self, connection: SMTP, names: "_Envelope") -> SendResult | None:
        """Names sender and recipient, and returns the server's refusal if there is one."""
        sender, address = names
        if not address.isascii() and not connection.supports_extension("smtputf8"):
            return SendResult(SendStatus.FAILED, "needs_smtputf8")
        extension = "" if address.isascii() else " SMTPUTF8"
        try:
            async with asyncio.timeout(self._server.envelope_seconds):
                for verb, path in (
                    (b"MAIL", f"FROM:<{sender}>{extension}"),
                    (b"RCPT", f"TO:<{address}>"),
                ):
                    answer = await connection.execute_command(verb, path.encode())
                    if answer.code == CLOSING:
                        raise _LostEarly
                    if answer.code in WANTS_LOGIN:
                        return SendResult(SendStatus.AWAY, "login_wanted")
                    if answer.code // 100 != 2:
                        return _refused(answer, verb.decode().lower())
        except LOST:
            raise _LostEarly from None
        return None

    async def _hand_over(self, connection: SMTP, body: bytes) -> SendResult:
        """Sends the body, whose attempt is committed by now, and returns what became of it."""
        timeout = self._server.answer_seconds
        try:
            answer = await connection.execute_command(b"DATA", timeout=timeout)
            if answer.code != GO_AHEAD:
                return _refused(answer, "data")
            reach("attempted before body")
            protocol = connection.protocol
            if protocol is None:
                return SendResult(SendStatus.DEFERRED, "lost_at_data")
            protocol.write(body)
        except LOST:
            return SendResult(SendStatus.DEFERRED, "lost_at_data")
        try:
            answer = await protocol.read_response(timeout=timeout)
        except LOST:
            connection.close()
            return SendResult(SendStatus.UNCERTAIN, "lost_after_body")
        reach("answered before settled")
        return SENT if answer.code // 100 == 2 else _refused(answer, "body")

    def _take_idle(self) -> SMTP | None:
        """Returns the connection used last, if the server can still be expected to keep it open."""
        while self._idle:
            connection, since = self._idle.pop()
            if connection.is_connected and time.monotonic() - since < self._server.idle_seconds:
                return connection
            connection.close()
        return None

    async def _connected(self) -> SMTP:
        server = self._server
        connection = SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=server.greets_as,
            use_tls=server.tls == "implicit",
            start_tls=server.tls == "starttls",
            tls_context=server.trust,
            username=server.username,
            password=server.password,
            timeout=server.envelope_seconds,
        )
        try:
            async with asyncio.timeout(server.envelope_seconds):
                await connection.connect()
                await connection.ehlo()
        except BaseException:
            connection.close()
            raise
        return connection

    async def _put_back(self, connection: SMTP, *, reset: bool) -> None:
        if reset and connection.is_connected:
            try:
                await connection.rset(timeout=2)
            except LOST:
                connection.close()
        if connection.is_connected:
            self._idle.append((connection, time.monotonic()))


class _Envelope(NamedTuple):
    sender: str
    """Whom the mail goes back to where it cannot be delivered."""
    recipient: str


class _LostEarly(Exception):
    """The connection was lost before the attempt was committed."""


def _refused(answer: SMTPResponse, step: str) -> SendResult:
    """Judges an answer that is not a yes; its text goes nowhere, for it may quote the address."""
    because = f"{step}_{answer.code}"
    if answer.code // 100 == 5:
        gone = step == "rcpt" and bool(says_no_mailbox(str(answer.code), answer.message))
        return SendResult(SendStatus.FAILED, because, "dead" if gone else None)
    if step == "body" and answer.code // 100 != 4:
        return SendResult(SendStatus.UNCERTAIN, because)
    return SendResult(SendStatus.DEFERRED, because)


def _trouble(error: BaseException) -> str:
    """Names what kept a connection from coming about, for the operator who has to mend it."""
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return "tls_failed"
    if isinstance(error, SMTPAuthenticationError):
        return "login_refused"
    if isinstance(error, SMTPResponseException):
        return f"connect_{error.code}"
    if isinstance(error, TimeoutError):
        return "connect_timeout"
    return "unreachable" if isinstance(error, OSError) else "tls_or_login_missing"
