"""What is done with reports about our mails.

Whoever complained, or unsubscribed at their provider, gets no email any more, and what they agreed
to for it is over. A mail that came back says something of its address alone, and not of the person.
"""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.domain.identity import normal_email
from services.intake.applicants.store import applications, people, timeline
from services.intake.applicants.store.people import Addressee
from services.intake.consent import addressee, mailboxes
from services.intake.consent import store as consent
from services.intake.mail.domain import MailReport
from services.intake.messages import delivery_reports
from services.intake.outgoing import telling
from shared.contract.events.people import Channel
from shared.contract.events.responses import DeliveryOutcome

BY_PROVIDER = "provider"
"""How email is stopped to whom a provider says that."""

STOPS = (DeliveryOutcome.COMPLAINED, DeliveryOutcome.OPTED_OUT)


async def take(conn: asyncpg.Connection, reports: Sequence[MailReport], now: datetime) -> None:
    """Passes on how mails ended, each end once; those of nobody in the record change nothing."""
    found = {report: await _reader(conn, report) for report in dict.fromkeys(reports)}
    held = await mailboxes.lock(conn, {to.candidate_id for to in found.values() if to})
    stopped: dict[str, None] = {}
    for report, to in found.items():
        if to is None or to.candidate_id not in held:
            continue
        is_news = await delivery_reports.pass_on(
            conn,
            to,
            report.mark.message_id,
            Channel.EMAIL,
            report.outcome,
            now,
            address_is_dead=report.address_is_dead,
        )
        if is_news and report.outcome in STOPS:
            stopped[to.candidate_id] = None
    if stopped:
        await _stop(conn, list(stopped), now)


async def _reader(conn: asyncpg.Connection, report: MailReport) -> Addressee | None:
    """Returns who a mail was sent to: whoever is written to there, if the report says where."""
    if report.message:
        return await addressee.find(conn, report.message) or await _told_beside(conn, report)
    whose, address = report.mark.recipient_id, normal_email(report.address or "")
    to = address and await addressee.reader(conn, whose, address.__eq__)
    if to:
        return to
    return next(iter((await people.addressees(conn, [(whose, None)])).values()), None)


async def _told_beside(conn: asyncpg.Connection, report: MailReport) -> Addressee | None:
    """Returns one whom a letter told whose own applicant has left: they hear if it came back."""
    message = report.message
    if message is None or not message.application_id or report.outcome in STOPS:
        return None
    letter = (message.candidate_id, message.application_id)
    told = await applications.told_by(conn, [(*letter, None)])
    return next(iter(told.get(letter, [])), None)


async def _stop(conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime) -> None:
    new = await consent.stop(conn, candidate_ids, [Channel.EMAIL], BY_PROVIDER, now)
    await telling.tell_stopped(conn, new, [Channel.EMAIL], now)
    await timeline.note(conn, new, "email_stopped", {"how": BY_PROVIDER}, now)
    await publishing.publish_candidates(conn, new, now)
    await mailboxes.pass_on(conn, new, now)
