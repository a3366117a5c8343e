"""What is done with text messages people send us, and with reports about ours.

STOP ends text messages for everybody who has that number, had it or gets it later, because the
number is all we know of who sent it. START opens again what STOP closed for those who have the
number, and nothing else, but revives no consent: what somebody agreed to before they said STOP is
over until they say yes again on their page.

Words that are no command may be a question, an answer or another way to say STOP. No text message
leaves to whoever wrote them until a human has looked. A human also reads what a STOP says more.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.store import people, timeline
from services.intake.consent import addressee
from services.intake.consent import store as answers
from services.intake.consent.numbers import BY_TEXT, StoppedNumbers
from services.intake.messages import delivery_reports
from services.intake.outgoing import telling
from services.intake.replies import store as replies
from services.intake.sms import store
from services.intake.sms.domain import InboundMessage, StatusReport
from services.intake.sms.meaning import Meaning, says_more
from shared.contract.events.people import Channel
from shared.contract.events.responses import DeliveryOutcome

PROVIDER = "provider"
OPERATOR = "operator"


async def receive(
    conn: asyncpg.Connection, numbers: StoppedNumbers, message: InboundMessage, now: datetime
) -> None:
    """Takes a text message once, however often it is delivered."""
    if await store.first(conn, message.provider, message.message_id, now):
        await numbers.begin_hearing(conn)
        senders = await numbers.ever_of(conn, message.phone)
        await people.lock(conn, senders)
        await _act(conn, numbers, message, senders, now)


async def language_of(conn: asyncpg.Connection, phone: str) -> str | None:
    """Returns the language of everybody with that number, or None where they differ."""
    locales = await store.locales(conn, phone)
    languages = {locale.partition("-")[0] if locale else None for locale in locales}
    return languages.pop() if len(languages) == 1 else None


async def take_report(
    conn: asyncpg.Connection, numbers: StoppedNumbers, report: StatusReport, now: datetime
) -> None:
    """Passes on how a message ended, when it is first said; an opt-out also stops the number.

    It does so even where whom the message went to is no more.
    """
    opted_out = report.outcome is DeliveryOutcome.OPTED_OUT
    if opted_out:
        await numbers.begin_hearing(conn)
    with_number = await numbers.ever_of(conn, report.phone) if opted_out else []
    to = await addressee.reader(conn, report.candidate_id, lambda number: number == report.phone)
    await people.lock(conn, {*with_number, *([to.candidate_id] if to else [])})
    is_news = to is None or await delivery_reports.pass_on(
        conn,
        to,
        report.message_id,
        Channel.SMS,
        report.outcome,
        now,
        address_is_dead=report.address_is_dead,
    )
    if opted_out and is_news:
        await _stop_number(conn, numbers, report.phone, with_number, PROVIDER, now)


async def stop(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], how: str, now: datetime
) -> None:
    """Stops text messages to people; `how` tells who asked for it."""
    stopped = await answers.stop(conn, candidate_ids, [Channel.SMS], how, now)
    await telling.tell_stopped(conn, stopped, [Channel.SMS], now)
    await _record(conn, stopped, "sms_stopped", {"how": how}, now)


async def _act(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    message: InboundMessage,
    senders: Sequence[str],
    now: datetime,
) -> None:
    match message.meaning:
        case Meaning.STOP:
            await _stop_number(conn, numbers, message.phone, senders, BY_TEXT, now)
            if says_more(message.text):
                await _wait_for_a_human(conn, message, senders, now)
        case Meaning.HELP:
            await timeline.note(conn, senders, "sms_help_asked", {"how": BY_TEXT}, now)
        case Meaning.REPLY:
            await _wait_for_a_human(conn, message, senders, now)
        case Meaning.START | Meaning.YES as meaning:
            opened = await _open_number(conn, numbers, message.phone, senders, now)
            await _record(conn, opened, "sms_started", {"how": BY_TEXT}, now)
            if meaning is Meaning.YES and not opened:
                await _wait_for_a_human(conn, message, senders, now)


async def _stop_number(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    phone: str,
    ever_of: Sequence[str],
    how: str,
    now: datetime,
) -> None:
    await numbers.silence(conn, phone, now)
    await stop(conn, ever_of, how, now)


async def _open_number(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    phone: str,
    ever_of: Sequence[str],
    now: datetime,
) -> list[str]:
    """Opens text messages to a number for those who have it, unless another of theirs said stop."""
    await numbers.reopen(conn, [phone])
    rows = await answers.phones(conn, ever_of)
    have_it = {row["candidate_id"] for row in rows if row["phone"] == phone}
    silent = await numbers.silent(conn, {row["applicant_key"]: row["phone"] for row in rows})
    have_it -= {row["candidate_id"] for row in rows if row["applicant_key"] in silent}
    made_by = (BY_TEXT, PROVIDER)
    return await answers.lift_stops(
        conn, sorted(have_it), [Channel.SMS], BY_TEXT, now, made_by=made_by
    )


async def _wait_for_a_human(
    conn: asyncpg.Connection, message: InboundMessage, senders: Sequence[str], now: datetime
) -> None:
    # A number that several people share does not tell whose words these are.
    words = {"text": message.text} if len(senders) == 1 else {}
    await replies.keep(conn, senders, BY_TEXT, now)
    await _record(conn, senders, "sms_replied", {"how": BY_TEXT, **words}, now)


async def _record(
    conn: asyncpg.Connection,
    candidate_ids: Sequence[str],
    kind: str,
    facts: dict[str, Any],
    now: datetime,
) -> None:
    await timeline.note(conn, candidate_ids, kind, facts, now)
    await publishing.publish_candidates(conn, candidate_ids, now)
