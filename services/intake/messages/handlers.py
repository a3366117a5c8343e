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

DID_NOT_GET_OUT = (MessageFailed, MessageDropped, MessageExpired, MessageUncertain)
"""How a letter ends that has certainly, or perhaps, told nobody anything."""


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
        (person, event, (person, message.application_id, message.at), type(message))
        for person, event, message in about
        if message.purpose in LETTERS and message.application_id
    ]
    sent = [letter for _, _, letter, kind in letters if kind is MessageSent]
    unsent = [letter for _, _, letter, kind in letters if kind in DID_NOT_GET_OUT]
    told = {*await applications.answer(conn, sent), *await applications.tried(conn, unsent)}
    causes = {person: event for person, event, _, _ in letters if person in told}
    await publishing.publish(conn, causes, now)


def _entry(message: MessagePayload) -> TimelineEntry:
    facts = message.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"recipient_id", "at"}
    )
    kind = "_".join(message.type.split(".")[2:4])
    return TimelineEntry(message.at, kind, facts)
