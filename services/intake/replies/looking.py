"""The end of a wait: a human has read what somebody wrote."""

from datetime import datetime
from typing import Final

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.store import people, timeline
from services.intake.consent import store as consent
from services.intake.outgoing import telling
from services.intake.replies import store
from services.intake.sms import inbound
from shared.contract.events.people import Channel

OPERATOR: Final = inbound.OPERATOR
RECRUITER: Final = "recruiter"
"""Who read what somebody wrote."""


async def look(
    conn: asyncpg.Connection, candidate_id: str, now: datetime, by: str = OPERATOR, *, stop: bool
) -> bool:
    """Ends somebody's wait for a human, who may have read a stop; tells whether they waited."""
    await people.lock(conn, [candidate_id])
    ways = await store.looked(conn, candidate_id)
    if not ways:
        return False
    if stop and ways == {"sms"}:
        await inbound.stop(conn, [candidate_id], by, now)
    elif stop:
        stopped = await consent.stop(conn, [candidate_id], list(Channel), by, now)
        await telling.tell_stopped(conn, stopped, list(Channel), now)
        await timeline.note(conn, stopped, "stop", {"how": by}, now)
    await publishing.publish_candidates(conn, [candidate_id], now)
    return True
