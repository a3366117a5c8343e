"""What is kept of how our messages ended."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.domain.normalisation import TimelineEntry
from services.intake.applicants.store import applications, people, timeline
from shared.contract.events.cloudevents import Event
from shared.contract.events.notifications import (
    MessageDropped,
    MessageExpired,
    MessageFailed,
    MessagePayload,
    MessageSent,
    MessageUncertain,
)
from shared.contract.events.purposes import LETTERS

ENDS = (MessageSent, MessageFailed, MessageDropped, MessageExpired, MessageUncertain)
"""How a letter ends; only one that was sent has certainly told somebody."""


async def record_messages(conn: asyncpg.Connection, events: Sequence[Event], now: datetime) -> None:
    """Writes how messages ended into timelines; a letter that was sent ends what was owed.

    One that did not get out lets those that wait behind it go first.
    """
    said = [(event, event.data) for event in events if isinstance(event.data, MessagePayload)]
    sent = [(event.key, message.application_id) for event, message in said]
    present = await people.addressees(conn, set(sent))
    held = await people.lock(conn, {to.candidate_id for to in present.values()})
    about = [
        (to, event, message)
        for at, (event, message) in zip(sent, said, strict=True)
        if (to := present.get(at)) and to.candidate_id in held
    ]
    await timeline.add_entries(
        conn, [(to.applicant_key, _entry(message)) for to, _, message in about]
    )
    letters = [
        (event, (to.candidate_id, it.application_id, it.at, isinstance(it, MessageSent)))
        for to, event, it in about
        if isinstance(it, ENDS) and it.purpose in LETTERS and it.application_id
    ]
    owed = await applications.end_letters(conn, [letter for _, letter in letters])
    causes = {letter[0]: event for event, letter in letters if letter[0] in owed}
    await publishing.publish(conn, causes, now)


def _entry(message: MessagePayload) -> TimelineEntry:
    facts = message.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"recipient_id", "at"}
    )
    kind = "_".join(message.type.split(".")[2:4])
    return TimelineEntry(message.at, kind, facts)
