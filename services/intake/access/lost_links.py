"""A new link for candidates who have lost theirs, sent only to the address that we write to."""

from datetime import datetime

import asyncpg

from services.intake.access import store
from services.intake.access.asking import ask_for
from services.intake.applicants.domain.identity import normal_email, normal_phone
from services.intake.applicants.store import people
from services.intake.consent.numbers import StoppedNumbers
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose

MOST_PEOPLE = 3
"""Who share a mailbox or a telephone; of more, those who applied last."""


def is_reachable(address: str, country: str) -> bool:
    """Tells whether it can be somebody's address, or a number as dialled in that country."""
    return bool(normal_email(address) or normal_phone(address, country))


async def request_link(
    conn: asyncpg.Connection, numbers: StoppedNumbers, address: str, country: str, now: datetime
) -> None:
    """Requests a link for whoever is written to there; does nothing for others, nor too often.

    A number is read as dialled in that country, and one that said stop is sent nothing.
    """
    email = normal_email(address)
    phone = None if email else normal_phone(address, country)
    if phone and await numbers.silent(conn, {phone: phone}):
        return
    found = await store.reached_at(conn, email, phone, now, MOST_PEOPLE)
    held = await people.lock(conn, {to.candidate_id for to, _ in found})
    for to, application_id in found:
        if to.candidate_id in held:
            at = to.candidate_id, to.applicant_key, application_id
            by = Channel.SMS if phone else None
            await ask_for(conn, Purpose.RECORD, *at, now, channel=by)
