"""A link that somebody asks for: to what we hold about them, or at a new address of theirs."""

from datetime import datetime, timedelta
from uuid import uuid4

import asyncpg

from services.intake.access import store
from services.intake.applicants.store import timeline
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.contract.events.responses import LinkRequested
from shared.contract.topics import RESPONSES
from shared.runtime import outbox

MOST_A_DAY = 5
NOT_TWICE_WITHIN = timedelta(minutes=10)

_DAY = timedelta(days=1)
_LIVES = {Purpose.RECORD: timedelta(hours=1), Purpose.ADDRESS: _DAY, Purpose.STOPPED: _DAY}
"""For how long a link that was asked for is worth sending."""


async def is_too_often(
    conn: asyncpg.Connection, purpose: Purpose, applicant_key: str, now: datetime
) -> bool:
    """Tells whether a link asked for now would not be sent."""
    asked = await store.asked(conn, applicant_key, now, _DAY)
    too_soon = purpose is Purpose.RECORD and bool(asked) and asked[0] > now - NOT_TWICE_WITHIN
    return too_soon or len(asked) >= MOST_A_DAY


async def ask_for(
    conn: asyncpg.Connection,
    purpose: Purpose,
    candidate_id: str,
    applicant_key: str,
    application_id: str | None,
    now: datetime,
    *,
    channel: Channel | None = None,
    request_id: str | None = None,
) -> None:
    """Requests a link, unless the same was asked for a moment ago, or too often."""
    if await is_too_often(conn, purpose, applicant_key, now):
        return
    request = LinkRequested(
        request_id=request_id or str(uuid4()),
        candidate_id=candidate_id,
        purpose=purpose,
        application_id=application_id,
        channel=channel,
        at=now,
        expires_at=now + _LIVES[purpose],
    )
    await timeline.note_applicant(conn, applicant_key, _kind(purpose, channel), {}, now)
    await outbox.put(conn, RESPONSES, [Event.about(request, source="intake", at=now)])


def _kind(purpose: Purpose, channel: Channel | None) -> str:
    """Returns what the timeline calls it."""
    if purpose is Purpose.STOPPED:
        return "stop_confirmed"
    if purpose is Purpose.RECORD:
        return "record_asked"
    return "number_given" if channel is Channel.SMS else "address_given"
