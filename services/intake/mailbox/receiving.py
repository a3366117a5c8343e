"""What is done with a mail that came back, each once and in one transaction.

A human's answer stops everything that would be written to them, until a human has looked, and their
recruiters are told; the wish to hear no more is granted at once, and confirmed by one last mail.
What a machine wrote of its own accord changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import asyncpg

from services.intake.access.asking import ask_for
from services.intake.applicants import publishing
from services.intake.applicants.store import timeline
from services.intake.applicants.store.people import Addressee
from services.intake.consent import addressee, leaving, mailboxes
from services.intake.consent import store as consent
from services.intake.consent.domain import LinkedMessage
from services.intake.interests import store as interests
from services.intake.mail import reports
from services.intake.mail.domain import MailReport
from services.intake.mailbox import store
from services.intake.mailbox.domain.received import Automatic, Leaving, What
from services.intake.mailbox.domain.reports import Complaint, Returned
from services.intake.mailbox.domain.writing import Written
from services.intake.replies import store as replies
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import DeliveryOutcome, ReplyReceived
from shared.contract.mail_marks import Mark
from shared.contract.topics import RESPONSES
from shared.runtime import outbox

MOST_A_DAY = 20
"""So many answers of one applicant are taken within a day; the rest waits at the mail server.
Whoever wants to hear no more is heard all the same."""
_DAY = timedelta(days=1)


class Nobody(Exception):
    """Whoever a mail was sent to is not in the record any more."""


class TooMany(Exception):
    """Somebody has answered too often for now."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that came back."""

    message: LinkedMessage
    """Ours, to whose address it came."""
    what: What
    mail_id: str | None


async def take(conn: asyncpg.Connection, mail: Mail, now: datetime) -> str:
    """Does what a mail asks for; returns what it was."""
    match mail.what:
        case Returned(outcome, is_dead):
            await _report(conn, mail.message, outcome, now, is_dead=is_dead)
            return str(outcome)
        case Complaint():
            await _report(conn, mail.message, DeliveryOutcome.COMPLAINED, now)
            return "complained"
        case Leaving():
            await leaving.unsubscribe(conn, mail.message, now, leaving.BY_MAIL)
            return "unsubscribed"
        case Automatic():
            return "automatic"
        case Written() as written:
            return await _hear(conn, mail, written, now)


async def _report(
    conn: asyncpg.Connection,
    message: LinkedMessage,
    outcome: DeliveryOutcome,
    now: datetime,
    *,
    is_dead: bool = False,
) -> None:
    mark = Mark(message.message_id, message.candidate_id)
    report = MailReport(mark, outcome, address_is_dead=is_dead, message=message)
    await reports.take(conn, [report], now)


async def _hear(conn: asyncpg.Connection, mail: Mail, written: Written, now: datetime) -> str:
    """Keeps what somebody wrote, and has a human read it or grants what it asks for."""
    to = await addressee.hold(conn, mail.message)
    if to is None:
        raise Nobody
    if await store.count_since(conn, to.applicant_key, now - _DAY) >= MOST_A_DAY:
        if not written.leaves:
            raise TooMany
        await _let_go(conn, to, mail.message, now)
        return "stopped"
    reply_id = str(uuid4())
    await store.keep(conn, reply_id, to, mail.message, now, waits=not written.leaves)
    await _note(conn, to, mail, written, reply_id, now)
    if written.leaves:
        await _let_go(conn, to, mail.message, now)
        return "stopped"
    await replies.keep(conn, [to.candidate_id], leaving.BY_MAIL, now)
    await publishing.publish_candidates(conn, [to.candidate_id], now)
    await mailboxes.pass_on(conn, [to.candidate_id], now)
    await _tell_recruiters(conn, to, mail.message, reply_id, now)
    return "replied"


async def _note(
    conn: asyncpg.Connection,
    to: Addressee,
    mail: Mail,
    written: Written,
    reply_id: str,
    now: datetime,
) -> None:
    facts = {
        **leaving.origin(mail.message, leaving.BY_MAIL),
        "replyId": reply_id,
        "purpose": mail.message.purpose,
        "subject": written.subject,
        "text": written.text,
        "attachments": written.attachments,
        "isCut": written.is_cut,
        "mailId": mail.mail_id,
    }
    told = {name: fact for name, fact in facts.items() if fact}
    await timeline.note_applicant(conn, to.applicant_key, "mail_replied", told, now)


async def _let_go(
    conn: asyncpg.Connection, to: Addressee, message: LinkedMessage, now: datetime
) -> None:
    """Ends everything that is written to somebody, and has that confirmed where it is news."""
    if await leaving.stop(conn, message, now, leaving.BY_MAIL):
        about = (to.candidate_id, to.applicant_key, message.application_id)
        await ask_for(conn, Purpose.STOPPED, *about, now, channel=Channel.EMAIL)


async def _tell_recruiters(
    conn: asyncpg.Connection, to: Addressee, message: LinkedMessage, reply_id: str, now: datetime
) -> None:
    hearing = await interests.recruiters(conn, {message.vacancy_id})
    vacancy = await consent.vacancy(conn, message.vacancy_id)
    received = ReplyReceived(
        reply_id=reply_id,
        candidate_id=to.candidate_id,
        message_id=message.message_id,
        contact_id=message.contact_id,
        purpose=message.purpose,
        application_id=message.about_application_id,
        vacancy_id=message.vacancy_id,
        vacancy_title=vacancy.title,
        recruiters=hearing[message.vacancy_id],
        at=now,
    )
    await outbox.put(conn, RESPONSES, [Event.about(received, source="intake", at=now)])
