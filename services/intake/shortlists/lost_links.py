"""New links to their shortlists for recruiters who have lost them, sent to their own address."""

from datetime import datetime, timedelta
from uuid import uuid4

import asyncpg

from services.intake.applicants.domain.identity import normal_email
from services.intake.shortlists import store
from shared.contract.events.cloudevents import Event
from shared.contract.events.responses import LinksRequested, OpenShortlist
from shared.contract.topics import RESPONSES
from shared.runtime import outbox

AGAIN_AFTER = timedelta(minutes=15)
MOST_A_DAY = 3
"""Nobody's mailbox is filled by somebody else who knows their address."""
MOST_LISTS = 20


async def request_links(conn: asyncpg.Connection, address: str, now: datetime) -> None:
    """Requests that an address be sent its links; does nothing if it is nobody's, or had enough."""
    email = normal_email(address)
    if email is None:
        return
    found = await store.request_links(
        conn,
        email,
        before=now - AGAIN_AFTER,
        since=now - timedelta(days=1),
        most_a_day=MOST_A_DAY,
        most=MOST_LISTS,
        now=now,
    )
    requests = [
        LinksRequested(
            request_id=str(uuid4()),
            recruiter_id=recruiter_id,
            shortlists=[
                OpenShortlist(
                    shortlist_id=row["shortlist_id"],
                    vacancy_id=row["vacancy_id"],
                    vacancy_title=row["vacancy_title"],
                    ranked_at=row["ranked_at"],
                )
                for row in rows
            ],
            at=now,
        )
        for recruiter_id, rows in found.items()
    ]
    events = [Event.about(request, source="intake", at=now) for request in requests]
    await outbox.put(conn, RESPONSES, events)
