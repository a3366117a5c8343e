"""Tells systems what became of their applicants: on `responses`, and at their own endpoints.

Everything here is part of the transaction of whoever calls, and has locked the person before. A
source hears of its own applicants alone, and by its own ids: what concerns a vacancy of another
source is told that one, of the same person's applicant there, if there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from shared.contract.events.responses import ApplicantNoted, Notable
from shared.contract.topics import RESPONSES
from shared.runtime import outbox
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("telling.sql"))

LAST_WORD_SECONDS = 30.0
"""What is on its way about somebody who is erased arrives before that is told."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened, as we know it."""

    applicant_key: str
    what: Notable
    at: datetime
    application_id: str | None = None
    """As published; where it is not said, the last of theirs is named."""
    vacancy_id: str | None = None
    shortlist_id: str | None = None
    """By which the vacancy is found, where it is not known otherwise."""
    channels: Sequence[Channel] = ()


async def tell(conn: asyncpg.Connection, notes: Sequence[Note]) -> None:
    """Tells the systems concerned, each of its own applicants."""
    if notes:
        await _put(conn, await _told(conn, notes))


async def tell_stopped(
    conn: asyncpg.Connection,
    candidate_ids: Sequence[str],
    channels: Sequence[Channel],
    at: datetime,
) -> None:
    """Tells every system of these people which messages they want no more."""
    keys = await _keys(conn, candidate_ids)
    await tell(conn, [Note(key, Notable.STOPPED, at, channels=channels) for key in keys])


async def tell_erased(conn: asyncpg.Connection, candidate_ids: Sequence[str], at: datetime) -> None:
    """Tells every system of people who are about to be erased; that alone outlives them."""
    keys = await _keys(conn, candidate_ids)
    if keys:
        told = await _told(conn, [Note(key, Notable.ERASED, at) for key in keys])
        await _put(conn, told, wait=LAST_WORD_SECONDS, outlives=True)


async def _keys(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> list[str]:
    rows = await _queries.applicants(conn, ids=list(candidate_ids)) if candidate_ids else ()
    return [row["applicant_key"] for row in rows]


async def _told(
    conn: asyncpg.Connection, notes: Sequence[Note]
) -> list[tuple[str, ApplicantNoted]]:
    """Returns what is said of which applicants, by the ids that their sources know them by."""
    rows = await _queries.told(
        conn,
        keys=[note.applicant_key for note in notes],
        application_ids=[note.application_id for note in notes],
        vacancy_ids=[note.vacancy_id for note in notes],
        shortlist_ids=[note.shortlist_id for note in notes],
    )
    return [(row["applicant_key"], _said(notes[row["nth"] - 1], row)) for row in rows]


def _said(note: Note, row: asyncpg.Record) -> ApplicantNoted:
    return ApplicantNoted(
        candidate_id=row["candidate_id"],
        source=row["source"],
        applicant_id=row["source_applicant_id"],
        application_id=row["source_application_id"],
        vacancy_id=row["source_vacancy_id"],
        what=note.what,
        channels=list(note.channels),
        at=note.at,
    )


async def _put(
    conn: asyncpg.Connection,
    told: Sequence[tuple[str, ApplicantNoted]],
    *,
    wait: float = 0.0,
    outlives: bool = False,
) -> None:
    events = [Event.about(said, source="intake", at=said.at) for _, said in told]
    await outbox.put(conn, RESPONSES, events)
    if told:
        await _queries.put(
            conn,
            keys=[None if outlives else key for key, _ in told],
            sources=[said.source for _, said in told],
            event_ids=[event.id for event in events],
            applicants=[said.applicant_id for _, said in told],
            applications=[said.application_id for _, said in told],
            vacancies=[said.vacancy_id for _, said in told],
            whats=[said.what for _, said in told],
            channels=[",".join(said.channels) for _, said in told],
            times=[said.at for _, said in told],
            wait=wait,
        )
