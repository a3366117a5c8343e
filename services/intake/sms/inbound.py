"""What is done with text messages people send us, and with reports about ours.

STOP ends text messages for everybody with that number, because the number is all we know of who
sent it. START opens again what STOP closed, and nothing else, but revives no consent: what somebody
agreed to before they said STOP is over until they say yes again on their page.

Words that are no command may be a question, an answer or another way to say STOP. No text message
leaves to whoever wrote them until a human has looked.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.store import people, timeline
from services.intake.consent import store as answers
from services.intake.replies import store as replies
from services.intake.sms import store
from services.intake.sms.domain import InboundMessage, StatusReport
from services.intake.sms.meaning import Meaning
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from shared.contract.events.responses import DeliveryOutcome, DeliveryReported
from shared.contract.topics import RESPONSES
from shared.runtime import outbox

SMS: Final = "sms"
PROVIDER = "provider"
OPERATOR = "operator"


async def receive(conn: asyncpg.Connection, message: InboundMessage, now: datetime) -> None:
    """Takes a text message once, however often it is delivered."""
    if await store.first(conn, message.provider, message.message_id, now):
        senders = await answers.with_phone(conn, message.phone)
        await people.lock(conn, senders)
        await _act(conn, message, senders, now)


async def language_of(conn: asyncpg.Connection, phone: str) -> str | None:
    """Returns the language of everybody with that number, or None where they differ."""
    locales = await store.locales(conn, phone)
    languages = {locale.partition("-")[0] if locale else None for locale in locales}
    return languages.pop() if len(languages) == 1 else None


async def take_report(conn: asyncpg.Connection, report: StatusReport, now: datetime) -> None:
    """Passes on how a message ended, when it is first said; an opt-out also stops the number."""
    opted_out = report.outcome is DeliveryOutcome.OPTED_OUT
    with_number = await answers.with_phone(conn, report.phone) if opted_out else []
    sent = await people.addressees(conn, [(report.candidate_id, None)])
    if not sent:
        return
    [to] = sent.values()
    await people.lock(conn, {to.candidate_id, *with_number})
    if not await store.report(conn, report.message_id, to.applicant_key, report.outcome, now):
        return
    reported = DeliveryReported(
        message_id=report.message_id,
        candidate_id=to.candidate_id,
        channel=Channel.SMS,
        outcome=report.outcome,
        address_is_dead=report.address_is_dead,
        at=now,
    )
    await outbox.put(conn, RESPONSES, [Event.about(reported, source="intake", at=now)])
    if opted_out:
        await stop(conn, with_number, PROVIDER, now)


async def stop(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], how: str, now: datetime
) -> None:
    """Stops text messages to people; `how` tells who asked for it."""
    stopped = await answers.stop(conn, candidate_ids, [Channel.SMS], how, now)
    await _record(conn, stopped, "sms_stopped", {"how": how}, now)


async def _act(
    conn: asyncpg.Connection, message: InboundMessage, senders: Sequence[str], now: datetime
) -> None:
    match message.meaning:
        case Meaning.STOP:
            await stop(conn, senders, SMS, now)
        case Meaning.HELP:
            await timeline.note(conn, senders, "sms_help_asked", {"how": SMS}, now)
        case Meaning.REPLY:
            await _wait_for_a_human(conn, message, senders, now)
        case Meaning.START | Meaning.YES as meaning:
            opened = await answers.lift_stops(
                conn, senders, [Channel.SMS], now, made_by=(SMS, PROVIDER)
            )
            await _record(conn, opened, "sms_started", {"how": SMS}, now)
            if meaning is Meaning.YES and not opened:
                await _wait_for_a_human(conn, message, senders, now)


async def _wait_for_a_human(
    conn: asyncpg.Connection, message: InboundMessage, senders: Sequence[str], now: datetime
) -> None:
    # A number that several people share does not tell whose words these are.
    words = {"text": message.text} if len(senders) == 1 else {}
    await replies.keep(conn, senders, SMS, now)
    await _record(conn, senders, "sms_replied", {"how": SMS, **words}, now)


async def _record(
    conn: asyncpg.Connection,
    candidate_ids: Sequence[str],
    kind: str,
    facts: dict[str, Any],
    now: datetime,
) -> None:
    await timeline.note(conn, candidate_ids, kind, facts, now)
    await publishing.publish_candidates(conn, candidate_ids, now)
