"""A new link for candidates who have lost theirs, sent only to the address that we write to."""

from datetime import datetime

import asyncpg

from services.intake.access import store
from services.intake.access.asking import ask_for
from services.intake.applicants.domain.identity import normal_email
from services.intake.applicants.store import people
from shared.contract.events.purposes import Purpose

MOST_PEOPLE = 3
"""Who share a mailbox; of more, those who applied last."""


async def request_link(conn: asyncpg.Connection, address: str, now: datetime) -> None:
    """Has a link sent to whoever is written to there; does nothing for others, nor too often."""
    email = normal_email(address)
    if email is None:
        return
    found = await store.reached_at(conn, email, MOST_PEOPLE)
    held = await people.lock(conn, {to.candidate_id for to, _ in found})
    for to, application_id in found:
        if to.candidate_id in held:
            at = to.candidate_id, to.applicant_key, application_id
            await ask_for(conn, Purpose.RECORD, *at, now)
