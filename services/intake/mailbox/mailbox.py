"""Our addresses: which there are, and what is answered to a mail that comes to one of them."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import asyncpg

from services.intake.consent.domain import LinkedMessage
from services.intake.mail.store import first
from services.intake.mailbox import receiving
from services.intake.mailbox.domain.parsing import READ
from services.intake.mailbox.domain.received import Automatic, Envelope, read
from services.intake.mailbox.domain.reports import Complaint
from services.intake.messages import short_links
from services.intake.metrics import IntakeMetrics
from shared.contract.mail_addresses import MailRole, read_mail_address
from shared.runtime.clock import Clock
from shared.runtime.links import Links, MailToken
from shared.runtime.postgres import UNAVAILABLE, Database
from shared.runtime.threads import beside

NEWS_TAKES = timedelta(hours=1)
"""For so long it may not be known yet here what a mail was that has left."""
_TOKEN = re.compile(r"\b(?:bounce|reply|unsubscribe)\+([a-z2-7]{48})@")


class Answer(StrEnum):
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

    async def knows(self, address: str) -> Answer:
        """Tells whether an address is one of ours."""
        found = read_mail_address(address, self.domain)
        if found is None:
            return Answer.NO_ADDRESS
        if found.role is MailRole.COMPLAINTS:
            return Answer.TAKEN
        token = self._links.mail(found.token)
        if token is None:
            return Answer.NO_ADDRESS
        try:
            async with self._database.connection() as conn:
                message = await self._message(conn, token)
        except UNAVAILABLE:
            return Answer.AWAY
        return Answer.TAKEN if message else self._unknown(token)

    async def take(self, sender: str, address: str, content: bytes) -> Answer:
        """Keeps a mail, and does what it asks for, before anybody is told that it was taken."""
        found = read_mail_address(address, self.domain)
        if found is None:
            return Answer.NO_ADDRESS
        mail = Envelope(sender, found.role, content)
        [(mail_id, what)] = await beside(read, [mail])
        token = self._links.mail(found.token or _token_within(mail))
        if isinstance(what, Automatic) or token is None:
            # A complaint may be about a mail whose addresses its provider has taken out.
            self._count("automatic" if isinstance(what, Automatic) else "unknown")
            return Answer.TAKEN if token or found.role is MailRole.COMPLAINTS else Answer.NO_ADDRESS
        if found.role is MailRole.COMPLAINTS and not isinstance(what, Complaint):
            return Answer.NO_ADDRESS
        known_by = mail_id or hashlib.sha256(content).hexdigest()
        try:
            async with self._database.transaction() as conn:
                message = await self._message(conn, token)
                if message is None:
                    return self._unknown(token)
                came, done = receiving.Mail(message, what, mail_id), "repeated"
                once = f"{message.message_id} {known_by}"
                if await first(conn, once, datetime.now(UTC)):  # machine clock
                    done = await receiving.take(conn, came, self._clock.now())
        except receiving.Nobody:
            return Answer.NO_ADDRESS
        except receiving.TooMany:
            self._count("too_many")
            return Answer.TOO_MANY
        except UNAVAILABLE:
            return Answer.AWAY
        self._count(done)
        return Answer.TAKEN

    async def _message(self, conn: asyncpg.Connection, token: MailToken) -> LinkedMessage | None:
        found = await short_links.find(conn, token.hashes, self._clock.now())
        return LinkedMessage.of(found.claims, self._is_mark_of) if found else None

    def _is_mark_of(self, mark: str | None, address: str) -> bool:
        return mark is not None and mark in self._links.marks(address)

    def _unknown(self, token: MailToken) -> Answer:
        age = self._clock.now().timestamp() - token.written_at
        return Answer.NOT_YET if age < NEWS_TAKES.total_seconds() else Answer.NO_ADDRESS

    def _count(self, what: str) -> None:
        self._metrics.mails.labels(what).inc()


def _token_within(mail: Envelope) -> str:
    """Returns the token of ours that a mail speaks of, as complaints do with the mail itself."""
    found = _TOKEN.search(mail.content[:READ].decode("latin-1").lower())
    return found[1] if found else ""
