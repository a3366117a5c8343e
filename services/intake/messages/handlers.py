"""What is kept of our messages: how they ended, and what their short links stand for."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.domain.normalisation import TimelineEntry
from services.intake.applicants.store import applications, people, timeline
from services.intake.applicants.store.applications import Letter, Returned
from services.intake.applicants.store.people import Addressee
from services.intake.messages import short_links
from services.intake.outgoing import telling
from services.intake.outgoing.telling import Note
from shared.contract.events.cloudevents import Event
from shared.contract.events.notifications import (
    LinkShortened,
    MessageBounced,
    MessageDropped,
    MessageExpired,
    MessageFailed,
    MessagePayload,
    MessageSent,
    MessageUncertain,
)
from shared.contract.events.purposes import INVITING, LETTERS
from shared.contract.events.responses import Notable

ENDS = (MessageSent, MessageFailed, MessageDropped, MessageExpired, MessageUncertain)
"""How a letter ends; only one that was sent has certainly told somebody."""


async def on_notifications(
    conn: asyncpg.Connection, events: Sequence[Event], now: datetime
) -> None:
    """Takes in what the notifier tells of messages."""
    returned = _returned(events)
    about = await _addressees(conn, events, await _told(conn, returned))
    shortened = [(it.data, to) for it, to in about if isinstance(it.data, LinkShortened)]
    if shortened:
        await short_links.keep(conn, shortened)
    await _record(
        conn,
        [(to, it, it.data) for it, to in about if to and isinstance(it.data, MessagePayload)],
        returned,
        now,
    )


def _returned(events: Sequence[Event]) -> list[tuple[Event, Returned]]:
    """Returns the letters that came back and have told nobody."""
    return [
        (event, (event.key, it.application_id, it.left_at, it.at))
        for event in events
        if isinstance(it := event.data, MessageBounced) and it.untold
        if it.application_id and it.left_at
    ]


async def _told(
    conn: asyncpg.Connection, returned: Sequence[tuple[Event, Returned]]
) -> list[tuple[Event, Returned]]:
    """Returns the letters for each person whom they told, of their own application or beside it."""
    told = await applications.told_by(conn, [letter[:3] for _, letter in returned])
    return [
        (event, (candidate_id, *letter[1:]))
        for event, letter in returned
        for candidate_id in {to.candidate_id for to in told.get(letter[:2], [])}
    ]


async def _addressees(
    conn: asyncpg.Connection,
    events: Sequence[Event],
    told: Sequence[tuple[Event, Returned]],
) -> list[tuple[Event, Addressee | None]]:
    """Locks everybody whom messages were sent to, or told; None is nobody in the record."""
    said = [
        (event, (event.key, event.data.application_id))
        for event in events
        if isinstance(event.data, MessagePayload | LinkShortened)
    ]
    present = await people.addressees(conn, {sent for _, sent in said})
    beside = {candidate_id for _, (candidate_id, *_) in told}
    held = await people.lock(conn, beside.union(to.candidate_id for to in present.values()))
    found = {sent: to for sent, to in present.items() if to.candidate_id in held}
    return [(event, found.get(sent)) for event, sent in said]


async def _record(
    conn: asyncpg.Connection,
    about: Sequence[tuple[Addressee, Event, MessagePayload]],
    returned: Sequence[tuple[Event, Returned]],
    now: datetime,
) -> None:
    """Writes how messages ended into timelines; a letter that was sent ends what was owed.

    One that did not get out lets those that wait behind it go first; one that came back has told
    nobody, and is owed again to all whom it told, also where its own applicant has left.
    """
    await timeline.add_entries(
        conn, [(to.applicant_key, _entry(message)) for to, _, message in about]
    )
    letters = [
        (event, Letter(to.candidate_id, it.application_id, it.at, isinstance(it, MessageSent)))
        for to, event, it in about
        if isinstance(it, ENDS) and it.purpose in LETTERS and it.application_id
    ]
    owed = await applications.end_letters(conn, [letter for _, letter in letters])
    told = await _told(conn, returned)
    owed += await applications.reopen_letters(conn, [letter for _, letter in told])
    whose = [(event, it.candidate_id) for event, it in letters]
    whose += [(event, candidate_id) for event, (candidate_id, *_) in told]
    causes = {candidate_id: event for event, candidate_id in whose if candidate_id in owed}
    await telling.tell(conn, [note for to, _, it in about if (note := _note(to, it))])
    await publishing.publish(conn, causes, now)


def _note(to: Addressee, message: MessagePayload) -> Note | None:
    """Returns what the system of whom it was sent to is told of a message, if anything."""
    if isinstance(message, MessageBounced):
        what = Notable.BOUNCED
    elif isinstance(message, MessageSent) and message.purpose in LETTERS:
        what = Notable.LETTER_SENT
    elif isinstance(message, MessageSent) and message.purpose in INVITING:
        what = Notable.INVITED
    else:
        return None
    about, shortlist = message.application_id, message.shortlist_id
    return Note(to.applicant_key, what, message.at, about, shortlist_id=shortlist)


def _entry(message: MessagePayload) -> TimelineEntry:
    facts = message.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"recipient_id", "at"}
    )
    kind = "_".join(message.type.split(".")[2:4])
    return TimelineEntry(message.at, kind, facts)
