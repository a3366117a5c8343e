"""Reads what a source has said so far as if it were started now, and records nothing of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import asyncpg

from services.intake.deliveries import store
from services.intake.deliveries.understanding import (
    Understanding,
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
    """Keeps of each delivery what would become of it, and returns what would leave."""
    started = replace(source, started_at=now)
    said: list[Event] = []
    after = 0
    while rows := await store.of_source(conn, source.name, after, AT_A_TIME):
        after = rows[-1]["id"]
        read = await understanding.read(rows, {source.name: started})
        wanted = await understanding.wanted(conn, read)
        said += [event for each in read for event in each.reading.events if id(event) in wanted]
        made = [passed_over(it) if is_unknown(it, wanted) else settled(it, None) for it in read]
        await store.settle(conn, made)
    return leaving(said, now)


def leaving(said: Iterable[Event], now: datetime) -> Leaving:
    """Counts the applications whose latest word is a no that something of ours follows."""
    latest = {
        event.data.application_id: event.data
        for event in sorted(said, key=lambda event: (event.time, event.id))
        if isinstance(event.data, ApplicantRejected | ApplicationPayload)
    }
    leave = list(_unspoken(latest.values()))
    letters = sum(not rejected.already_told for rejected in leave)
    rested = sum(rejected.decided_at + DECISION_RESTS <= now for rejected in leave)
    return Leaving(letters, len(leave) - letters, rested)


def _unspoken(
    words: Iterable[ApplicantRejected | ApplicationPayload],
) -> Iterator[ApplicantRejected]:
    for word in words:
        if isinstance(word, ApplicantRejected) and not (word.already_told and word.already_asked):
            yield word
