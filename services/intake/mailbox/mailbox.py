"""Our addresses: which there are, and what is answered to a mail that comes to one of them."""

import hashlib
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import asyncpg

from services.intake.consent.domain import LinkedMessage
from services.intake.mail.store import first
from services.intake.mailbox import receiving
from services.intake.mailbox.domain.received import Automatic, Envelope, What, read
from services.intake.mailbox.domain.reports import token_within
from services.intake.messages import short_links
from services.intake.metrics import IntakeMetrics
from shared.contract.mail_addresses import MailRole, read_mail_address
from shared.runtime.clock import Clock
from shared.runtime.links import Links, MailToken
from shared.runtime.postgres import UNAVAILABLE, Database
from shared.runtime.threads import beside

NEWS_TAKES = timedelta(hours=1)
"""For so long it may not be known yet here what a mail was that has left."""


class SmtpReply(StrEnum):
    """What a mail server is told (RFC 5321, RFC 3463)."""

    TAKEN = "250 2.0.0 kept"
    NO_ADDRESS = "550 5.1.1 there is no such address, or it is read no more"
    NOT_YET = "451 4.2.1 this address may be known in a minute"
    TOO_MANY = "452 4.2.2 too many answers to this mail for today"
    AWAY = "451 4.3.0 nothing can be kept at the moment"
    BROKEN = "451 4.3.0 the mail cannot be read at the moment"


class Mailbox:
    """Takes mail to the addresses of our mails."""

    def __init__(
        self, database: Database, clock: Clock, links: Links, domain: str, metrics: IntakeMetrics
    ) -> None:
        self._database = database
        self._clock = clock
        self._links = links
        self.domain = domain
        self._metrics = metrics

    async def knows(self, address: str) -> SmtpReply:
        """Tells whether an address is one of ours."""
        found = read_mail_address(address, self.domain)
        if found is None:
            return SmtpReply.NO_ADDRESS
        if found.role is MailRole.COMPLAINTS:
            return SmtpReply.TAKEN
        token = self._links.mail(found.token)
        if token is None:
            return SmtpReply.NO_ADDRESS
        try:
            async with self._database.connection() as conn:
                message = await self._message(conn, token)
        except UNAVAILABLE:
            return SmtpReply.AWAY
        return SmtpReply.TAKEN if message else self._unknown(token)

    async def take(self, sender: str, address: str, content: bytes) -> SmtpReply:
        """Keeps a mail, and does what it asks for, before anybody is told that it was taken."""
        found = read_mail_address(address, self.domain)
        if found is None:
            return SmtpReply.NO_ADDRESS
        [(mail_id, what)] = await beside(read, [Envelope(sender, found.role, content)])
        token = self._links.mail(found.token or token_within(content))
        if token is None and found.token:
            return SmtpReply.NO_ADDRESS
        if token is None or isinstance(what, Automatic):
            # Of a complaint without one nobody can tell which mail it is about.
            self._count("automatic" if token else "unknown")
            return SmtpReply.TAKEN
        try:
            return await self._keep(token, what, mail_id)
        except receiving.TooMany:
            return SmtpReply.TOO_MANY
        except receiving.Nobody:
            return SmtpReply.NO_ADDRESS
        except UNAVAILABLE:
            return SmtpReply.AWAY

    async def _keep(self, token: MailToken, what: What, mail_id: str | None) -> SmtpReply:
        async with self._database.transaction() as conn:
            message = await self._message(conn, token)
            if message is None:
                return self._unknown(token)
            mail, done = receiving.Mail(message, what, mail_id), "repeated"
            once = f"{message.message_id} {_known_by(mail_id, what)}"
            if await first(conn, once, datetime.now(UTC)):  # machine clock
                done = await receiving.take(conn, mail, self._clock.now())
        self._count(done)
        return SmtpReply.TAKEN

    async def _message(self, conn: asyncpg.Connection, token: MailToken) -> LinkedMessage | None:
        found = await short_links.find(conn, token.hashes, self._clock.now())
        return LinkedMessage.of(found.claims, self._is_mark_of) if found else None

    def _is_mark_of(self, mark: str | None, address: str) -> bool:
        return mark is not None and mark in self._links.marks(address)

    def _unknown(self, token: MailToken) -> SmtpReply:
        age = self._clock.now().timestamp() - token.written_at
        return SmtpReply.NOT_YET if age < NEWS_TAKES.total_seconds() else SmtpReply.NO_ADDRESS

    def _count(self, what: str) -> None:
        self._metrics.mails.labels(what).inc()


def _known_by(mail_id: str | None, what: What) -> str:
    """Tells one mail that comes again from two that say different things under one id."""
    return hashlib.sha256(f"{mail_id} {what}".encode()).hexdigest()
