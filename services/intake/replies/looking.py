"""The end of a wait: a human has read what somebody wrote."""

from datetime import datetime
from typing import Final

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.store import timeline
from services.intake.consent import mailboxes
from services.intake.consent import store as consent
from services.intake.consent.leaving import READ_BY_RECRUITER
from services.intake.outgoing import telling
from services.intake.replies import store
from services.intake.sms import inbound
from shared.contract.events.people import Channel

OPERATOR: Final = inbound.OPERATOR
"""Who read what somebody wrote; or else a recruiter."""


async def look(
    conn: asyncpg.Connection, candidate_id: str, now: datetime, *, stop: bool
) -> set[str]:
    """Ends somebody's wait for a human, an operator, who has read all and maybe a stop in it.

    Returns them, with whoever waited because they may be them; nobody if they did not wait.
    """
    await mailboxes.lock(conn, [candidate_id])
    looked = await store.looked(conn, candidate_id, now)
    if not looked.ways:
        return set()
    if stop and looked.ways == {"sms"}:
        await inbound.stop(conn, [candidate_id], OPERATOR, now)
    elif stop:
        await _stop(conn, candidate_id, OPERATOR, now)
    await publishing.publish_candidates(conn, sorted(looked.people), now)
    return looked.people


async def read_mail(
    conn: asyncpg.Connection, candidate_id: str, reply_id: str, now: datetime, *, stop: bool
) -> bool:
    """Ends the wait for a mail that a recruiter has read, and for those that they saw before it.

    Whatever else somebody wrote waits on. Tells whether it waited.
    """
    await mailboxes.lock(conn, [candidate_id])
    settled = await store.settle(conn, candidate_id, reply_id, now)
    if not settled:
        return False
    if stop:
        await _stop(conn, candidate_id, READ_BY_RECRUITER, now)
    await publishing.publish_candidates(conn, sorted(settled), now)
    return True


async def _stop(conn: asyncpg.Connection, candidate_id: str, by: str, now: datetime) -> None:
    stopped = await consent.stop(conn, [candidate_id], list(Channel), by, now)
    await telling.tell_stopped(conn, stopped, list(Channel), now)
    await timeline.note(conn, stopped, "stop", {"how": by}, now)
    await mailboxes.pass_on(conn, stopped, now)
