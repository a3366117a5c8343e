"""Reads what a source has said so far as if it were started now, and records nothing of it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg

from services.intake.deliveries import store
from services.intake.deliveries.domain import State
from services.intake.deliveries.understanding import (
    Understanding,
    counts,
    is_unknown,
    passed_over,
    settled,
)
from services.intake.sources.domain import Source
from shared.contract.events.applications import ApplicantRejected, ApplicationPayload
from shared.contract.events.cloudevents import Event
from shared.contract.events.purposes import DECISION_RESTS

AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves at the most: fewer, where the record knows better who may be written to."""

    letters: int
    questions: int
    """Whether a name may stay in the hat, to those whom the source tells."""
    at_once: int
    """Of both, those of decisions that have rested for long enough already."""


async def rehearse(
    conn: asyncpg.Connection, understanding: Understanding, source: Source, now: datetime
) -> Leaving:
    """Keeps of each delivery what would become of it, and returns what would leave.

    What was recorded before a source was paused stays so, and tells what was said last.
    """
    started = replace(source, started_at=now)
    said: list[Event] = []
    recorded: set[str] = set()
    after = 0
    while rows := await store.of_source(conn, source.name, after, AT_A_TIME):
        after = rows[-1]["id"]
        read = await understanding.read(rows, {source.name: started})
        wanted = await understanding.wanted(conn, read)
        said += [event for each in read for event in each.reading.events if id(event) in wanted]
        done = {row["id"] for row in rows if row["state"] == State.RECORDED}
        recorded |= {event.id for each in read if each.id in done for event in each.reading.events}
        made = [
            passed_over(it) if is_unknown(it, wanted) else settled(it, None)
            for it in read
            if it.id not in done and not counts(source, it)
        ]
        await store.settle(conn, made)
    return leaving(said, now, recorded)


def leaving(said: Iterable[Event], now: datetime, recorded: Collection[str] = ()) -> Leaving:
    """Counts the applications whose latest word is a no that something of ours follows.

    Of those that are recorded it leaves already.
    """
    latest = {
        event.data.application_id: event
        for event in sorted(said, key=lambda event: (event.time, event.id))
        if isinstance(event.data, ApplicantRejected | ApplicationPayload)
    }
    leave = list(_unspoken(event for event in latest.values() if event.id not in recorded))
    letters = sum(not rejected.already_told for rejected in leave)
    rested = sum(rejected.decided_at + DECISION_RESTS <= now for rejected in leave)
    return Leaving(letters, len(leave) - letters, rested)


def _unspoken(said: Iterable[Event]) -> Iterator[ApplicantRejected]:
    for event in said:
        no = event.data
        if isinstance(no, ApplicantRejected) and not (no.already_told and no.already_asked):
            yield no
