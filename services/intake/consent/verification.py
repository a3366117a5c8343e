"""What a press on a page tells of who is one person: whoever presses reads what is sent there.

Two applicants with the same first address whose names do not contradict each other are one, once
the link in a letter to that address was followed and answered, and for as long as that holds.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import combinations

import asyncpg

from services.intake.applicants import joining
from services.intake.applicants.domain.people import Applicant
from services.intake.applicants.store import joining as store
from services.intake.applicants.store import people
from services.intake.consent import addressee
from services.intake.consent.domain import LinkedMessage


async def verify(
    conn: asyncpg.Connection,
    message: LinkedMessage,
    was_sent_to: Callable[[str], bool],
    now: datetime,
) -> None:
    """Joins whoever answered a message with those who can be nobody else."""
    if to := await addressee.find(conn, message):
        kin = await people.kin(conn, [to.applicant_key])
        one = kin.get(to.applicant_key)
        if one and (address := one.first_email) and was_sent_to(address):
            pairs = _new_pairs(one, [it for it in kin.values() if _reads(it, address)])
            await store.verify(conn, pairs, address, now)
            if pairs:
                regrouped = await joining.regroup(conn, [one.key], now)
                await joining.publish(conn, regrouped, now)


def _reads(one: Applicant, address: str) -> bool:
    return one.first_email == address and not one.at_crowded_address


def _new_pairs(one: Applicant, near: list[Applicant]) -> list[tuple[str, str]]:
    """Returns the pairs that are one by this; if names contradict each other it is a mailbox."""
    if any(first.contradicts(second) for first, second in combinations(near, 2)):
        return []
    return [(one.key, it.key) for it in near if it.candidate_id != one.candidate_id]
