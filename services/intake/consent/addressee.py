"""Whom a message was sent to, as they are in the record by now."""

from collections.abc import Callable
from datetime import datetime
from itertools import chain

import asyncpg

from services.intake.applicants.store import people
from services.intake.applicants.store.people import Addressee
from services.intake.consent import mailboxes, store
from services.intake.consent.domain import LinkedMessage


async def find(conn: asyncpg.Connection, message: LinkedMessage) -> Addressee | None:
    """Returns whom a message was sent to; None once they are erased.

    That is the applicant it was about, or else the one at whose address it arrived: those who were
    one person then may be two by now, and neither acts for the other.
    """
    if message.sent_to and not message.application_id:
        return await reader(conn, message.candidate_id, message.was_sent_to)
    sent = await people.addressees(conn, [(message.candidate_id, message.application_id)])
    return next(iter(sent.values()), None)


async def has_agreed(conn: asyncpg.Connection, message: LinkedMessage, now: datetime) -> bool:
    """Tells whether anything holds that whoever a message was sent to has agreed to."""
    person = await find(conn, message)
    return person is not None and await store.has_agreed(conn, person.candidate_id, now)


async def hold(conn: asyncpg.Connection, message: LinkedMessage) -> Addressee | None:
    """Returns the same; nobody else changes them, nor whom what they say holds for.

    Before the lock is had they may have become one with somebody; then it looks again.
    """
    person = await find(conn, message)
    while person:
        await mailboxes.lock(conn, [person.candidate_id])
        before, person = person, await find(conn, message)
        if person == before:
            break
    return person


async def hold_kin(conn: asyncpg.Connection, message: LinkedMessage) -> Addressee | None:
    """Returns the same; nobody else changes them, nor whom they may be one with."""
    if to := await hold(conn, message):
        one = (await people.kin(conn, [to.applicant_key])).get(to.applicant_key)
        return Addressee(one.candidate_id, one.key) if one else None
    return None


async def reader(
    conn: asyncpg.Connection, candidate_id: str, was_sent_to: Callable[[str], bool]
) -> Addressee | None:
    """Returns whoever of a person is written to where a message went, or was the last to be."""
    ever = await people.ever_of(conn, candidate_id)
    present = (to for to, addresses, _ in ever if any(map(was_sent_to, addresses)))
    former = (to for to, _, known_as in ever if any(map(was_sent_to, known_as)))
    return next(chain(present, former), None)
