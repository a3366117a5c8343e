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
    present = await people.present_ids(conn, {event.key for event in events})
    held = await people.lock(conn, present.values())
    about = [
        (present[event.key], event, event.data)
        for event in events
        if isinstance(event.data, MessagePayload) and present.get(event.key) in held
    ]
    await timeline.add_entries(conn, [(person, _entry(message)) for person, _, message in about])
    letters = [
        (event, (person, message.application_id, message.at, isinstance(message, MessageSent)))
        for person, event, message in about
        if isinstance(message, ENDS) and message.purpose in LETTERS and message.application_id
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
