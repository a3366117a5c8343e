"""Who may read and put right what we hold: whoever reads at the address that a link was sent to."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.intake.access.asking import ask_for
from services.intake.access.corrections import verified
from services.intake.applicants import joining, publishing
from services.intake.applicants.domain.register import PersonalData
from services.intake.applicants.store import people, timeline
from services.intake.consent import addressee
from services.intake.consent.domain import LinkedMessage
from shared.contract.events.purposes import Purpose
from shared.runtime.postgres import Database

IsMark = Callable[[str], bool]
"""Tells whether the link was sent to an address."""

KEPT_UNVERIFIED = timedelta(days=2)
_AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class Reader:
    candidate_id: str
    applicant_key: str
    """Behind whose letter the link was asked for."""
    keys: Collection[str]
    """The applicants who are written to at that address; of others nothing is shown or changed."""


async def reader(
    conn: asyncpg.Connection, message: LinkedMessage, is_mark: IsMark
) -> Reader | None:
    """Returns who reads where a link was sent, as long as somebody is written to there.

    Nobody else changes them until the transaction ends.
    """
    person = await addressee.hold_kin(conn, message)
    if person is None:
        return None
    reached = await people.reached(conn, person.candidate_id)
    keys = [it.applicant_key for it in reached if any(map(is_mark, it.addresses))]
    return Reader(person.candidate_id, person.applicant_key, keys) if keys else None


async def correct(
    conn: asyncpg.Connection, who: Reader, corrected: PersonalData, now: datetime
) -> None:
    """Makes what somebody put right hold, from now on and against what sources say later."""
    await people.correct(conn, who.keys, corrected)
    await timeline.note_applicant(conn, who.applicant_key, "corrected", {}, now)
    await _publish(conn, who.keys, now)


async def give_address(
    conn: asyncpg.Connection, who: Reader, address: str, message: LinkedMessage, now: datetime
) -> None:
    """Has a new address asked whether it is theirs; until it says so nothing else is sent there."""
    await people.put_to_verify(conn, who.keys, address, now)
    await _publish(conn, who.keys, now)
    await ask_for(
        conn, Purpose.ADDRESS, who.candidate_id, who.applicant_key, message.application_id, now
    )


async def verify(
    conn: asyncpg.Connection, message: LinkedMessage, is_mark: IsMark, now: datetime
) -> bool:
    """Takes an address for theirs that was shown to be so; False if it is not asked for now."""
    person = await addressee.hold_kin(conn, message)
    if person is None:
        return False
    waiting = [
        it
        for it in await people.reached(conn, person.candidate_id)
        if it.to_verify and is_mark(it.to_verify)
    ]
    for address in {it.to_verify for it in waiting if it.to_verify}:
        keys = [it.applicant_key for it in waiting if it.to_verify == address]
        await people.put_to_verify(conn, keys, None, now)
        await people.correct(conn, keys, verified(address, now))
        await timeline.note_applicant(conn, person.applicant_key, "address_verified", {}, now)
        await _publish(conn, keys, now)
    return bool(waiting)


async def forget_unverified(database: Database, now: datetime) -> bool:
    """Lets go of new addresses that nobody showed to be theirs; tells whether more are left."""
    async with database.transaction() as conn:
        gone = await people.forget_unverified(conn, now - KEPT_UNVERIFIED, _AT_A_TIME)
        await publishing.publish_candidates(conn, gone, now)
    return len(gone) == _AT_A_TIME


async def _publish(conn: asyncpg.Connection, keys: Collection[str], now: datetime) -> None:
    await joining.publish(conn, await joining.regroup(conn, keys, now), now)
