"""The ways out: the end of messages, and the end of the record.

They take nothing but whom a message was sent to, and read nothing else that is known of them: no
part of a record that cannot be read closes them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.store import people, timeline
from services.intake.applicants.store.people import Addressee
from services.intake.consent import store
from services.intake.consent.domain import LinkedMessage, SimpleAnswer
from services.intake.privacy.erasure import Erasure
from shared.contract.events.people import Channel

PAGE = "page"
ONE_CLICK = "one_click"


async def addressee(conn: asyncpg.Connection, message: LinkedMessage) -> Addressee | None:
    """Returns whom a message was sent to, as they are by now; None once they are erased."""
    sent = await people.addressees(conn, [(message.candidate_id, message.application_id)])
    return next(iter(sent.values()), None)


async def stop(conn: asyncpg.Connection, message: LinkedMessage, now: datetime) -> None:
    """Ends every message to somebody, as they asked on their page."""
    await _stop(conn, message, list(Channel), SimpleAnswer.STOP, PAGE, now)


async def unsubscribe(conn: asyncpg.Connection, message: LinkedMessage, now: datetime) -> None:
    """Ends every e-mail to somebody, as their mail client asked for them."""
    await _stop(conn, message, [Channel.EMAIL], "unsubscribed", ONE_CLICK, now)


async def erase(
    conn: asyncpg.Connection, erasure: Erasure, message: LinkedMessage, now: datetime
) -> None:
    """Deletes all that is known of somebody."""
    if person := await _held(conn, message):
        await erasure.erase(conn, [person.candidate_id], now)


def origin(message: LinkedMessage, how: str) -> dict[str, Any]:
    """Returns what the timeline says of where an answer came from."""
    return {"how": how, "messageId": message.message_id, "wordingVersion": message.wording_version}


async def _stop(
    conn: asyncpg.Connection,
    message: LinkedMessage,
    channels: Sequence[Channel],
    kind: str,
    how: str,
    now: datetime,
) -> None:
    person = await _held(conn, message)
    if person and await store.stop(conn, [person.candidate_id], channels, how, now):
        facts = origin(message, how)
        await timeline.note_applicant(conn, person.applicant_key, kind, facts, now)
        await publishing.publish_candidates(conn, [person.candidate_id], now)


async def _held(conn: asyncpg.Connection, message: LinkedMessage) -> Addressee | None:
    """Returns whom a message was sent to; nobody else changes them until the transaction ends.

    Before the lock is had they may have become one with somebody; then it looks again.
    """
    person = await addressee(conn, message)
    while person:
        await people.lock(conn, [person.candidate_id])
        before, person = person, await addressee(conn, message)
        if person == before:
            break
    return person
