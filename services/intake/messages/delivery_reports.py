"""How our messages ended as their providers report it, each end once."""

from datetime import datetime
from pathlib import Path

import asyncpg

from services.intake.applicants.store.people import Addressee
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from shared.contract.events.responses import DeliveryOutcome, DeliveryReported
from shared.contract.topics import RESPONSES
from shared.runtime import outbox
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("delivery_reports.sql"))


async def pass_on(
    conn: asyncpg.Connection,
    to: Addressee,
    message_id: str,
    channel: Channel,
    outcome: DeliveryOutcome,
    now: datetime,
    *,
    address_is_dead: bool,
) -> bool:
    """Tells others how a message ended; False if that, or what weighs more, was known before."""
    kept = await _queries.keep(
        conn,
        message_id=message_id,
        applicant_key=to.applicant_key,
        outcome=outcome,
        goes_on=channel is Channel.EMAIL,
        now=now,
    )
    if kept is None:
        return False
    reported = DeliveryReported(
        message_id=message_id,
        candidate_id=to.candidate_id,
        channel=channel,
        outcome=outcome,
        address_is_dead=address_is_dead,
        at=now,
    )
    await outbox.put(conn, RESPONSES, [Event.about(reported, source="intake", at=now)])
    return True
