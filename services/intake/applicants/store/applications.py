"""What was decided about each application, and what is still owed for it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from services.intake.applicants.domain.applications import (
    Application,
    ApplicationKey,
    HiringDecision,
    Status,
    rejection_of,
)
from services.intake.applicants.domain.identity_resolution import Decision
from services.intake.applicants.domain.outcomes import ApplicationFacts, Facts
from services.intake.applicants.domain.register import Claim, Stamp
from services.intake.applicants.store.people import Addressee
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("applications.sql"))

Row = Sequence[Any]


class Letter(NamedTuple):
    """Whom a letter was to tell of an application, when it ended, and whether it told them."""

    candidate_id: str
    application_id: str
    at: datetime
    told: bool


Returned = tuple[str, str, datetime, datetime]
"""Whom it was to tell of which application, when it left, and when it came back."""

MOST_HOLDING = 6
"""As in `last_words`."""

_COLUMNS = (
    *("ids", "keys", "application_ids", "sources", "source_ids"),
    *("statuses", "decided_ats", "times", "ranks"),
    *("rejections", "rejected_times", "rejected_ranks"),
    *("notes", "deciders", "urls", "answered_ats", "answered_fors", "answered_withs", "heard_ats"),
    *("taken_back_ats", "taken_back_ranks", "taken_back_ass"),
)


def row(
    candidate_id: str,
    key: ApplicationKey,
    application_id: str,
    application: Application,
    note: str | None,
    now: datetime,
) -> Row:
    """Returns an application as `keep` takes it; the note is published as it is given here."""
    decision, declined = application.decision, application.declined
    decided = (decision.value.status, decision.value.decided_at, *decision.stamp)
    of = (candidate_id, key.applicant_key, application_id)
    head = (*of, key.source, key.source_id, *decided)
    back = application.taken_back
    tail = (None, None, None, now, *((*back.stamp, back.value.status) if back else [None] * 3))
    if declined is None:
        return (*head, *[None] * 6, *tail)
    said = declined.value
    rejection = rejection_of(said, application_id, note)
    body = rejection.model_dump_json(by_alias=True, exclude_none=True)
    written = (said.reason.note, said.decided_by, said.application_url)
    return (*head, body, *declined.stamp, *written, *tail)


async def keep(conn: asyncpg.Connection, rows: Sequence[Row]) -> None:
    """Joins applications with what is known of them; each may be there once."""
    if rows:
        columns = map(list, zip(*rows, strict=True))
        await _queries.keep(conn, **dict(zip(_COLUMNS, columns, strict=True)))


async def of(conn: asyncpg.Connection, applicant_keys: Iterable[str]) -> list[Row]:
    """Returns the applications of applicants as `keep` takes them."""
    return [tuple(found) for found in await _queries.of(conn, keys=list(applicant_keys))]


async def facts(conn: asyncpg.Connection, keys: Collection[ApplicationKey]) -> Facts:
    """Returns what is said of those applications that are in the record."""
    if not keys:
        return {}
    applicant_keys, sources, source_ids = map(list, zip(*keys, strict=True))
    rows = await _queries.facts(conn, keys=applicant_keys, sources=sources, source_ids=source_ids)
    return {
        ApplicationKey(*found[:3]): ApplicationFacts(
            Claim(HiringDecision(Status(found[3]), found[4]), Stamp(*found[9:11])),
            tuple(found[3:9]),
            frozenset(filter(None, found[10:])),
        )
        for found in map(tuple, rows)
    }


async def decisions(
    conn: asyncpg.Connection, applicant_keys: Iterable[str]
) -> dict[str, list[Decision]]:
    """Returns when it was said of applicants that something was decided, and as of when."""
    found: dict[str, list[Decision]] = defaultdict(list)
    for key, said_at, decided_at in await _queries.decisions(conn, keys=list(applicant_keys)):
        found[key].append(Decision(said_at, decided_at))
    return found


async def holders(
    conn: asyncpg.Connection, said: Collection[tuple[str, str]], applicant_keys: Collection[str]
) -> set[str]:
    """Returns the applicants of whom these applications, or those of these applicants, are known.

    Nobody is, where so many have the id that it tells of no one application.
    """
    rows = await _queries.holders(
        conn,
        sources=[source for source, _ in said],
        source_ids=[source_id for _, source_id in said],
        keys=list(applicant_keys),
        most=MOST_HOLDING,
    )
    return {found["applicant_key"] for found in rows}


async def learn_shared_ids(conn: asyncpg.Connection, applicant_keys: Collection[str]) -> list[str]:
    """Learns which sources have turned down several people under one id.

    Returns the people of whom something else may count by that.
    """
    keys = list(applicant_keys)
    learnt = await _queries.learn_shared_ids(conn, keys=keys, most=MOST_HOLDING)
    if not learnt:
        return []
    rows = await _queries.beside_others(conn, sources=[found["source"] for found in learnt])
    return [found["candidate_id"] for found in rows]


async def taken(
    conn: asyncpg.Connection, candidate_ids: Iterable[str]
) -> dict[tuple[str, str], str]:
    """Returns of which applicant each published id is, by candidate and id."""
    rows = await _queries.taken(conn, ids=list(candidate_ids))
    return {(it["candidate_id"], it["application_id"]): it["applicant_key"] for it in rows}


async def notes(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> list[asyncpg.Record]:
    """Returns deciders' notes as they were written: candidate, application, note, vacancy title."""
    return list(await _queries.notes(conn, ids=list(candidate_ids)))


async def put_notes(conn: asyncpg.Connection, scrubbed: Sequence[tuple[str, str, str]]) -> None:
    """Replaces the notes that are published: candidate, application and text."""
    if scrubbed:
        ids, application_ids, texts = map(list, zip(*scrubbed, strict=True))
        await _queries.put_notes(conn, ids=ids, application_ids=application_ids, notes=texts)


async def end_letters(conn: asyncpg.Connection, letters: Collection[Letter]) -> list[str]:
    """Remembers who was told the outcome and who was not; returns for whom that was still owed."""
    if not letters:
        return []
    ids, application_ids, ats, told = map(list, zip(*letters, strict=True))
    rows = await _queries.end_letters(
        conn, ids=ids, application_ids=application_ids, ats=ats, told=told
    )
    return [found["candidate_id"] for found in rows]


async def told_by(
    conn: asyncpg.Connection, letters: Collection[tuple[str, str, datetime | None]]
) -> dict[tuple[str, str], list[Addressee]]:
    """Returns whom letters told, by whom they went to and the application they were about.

    A letter is one of the application at that moment, or any where none is given.
    """
    if not letters:
        return {}
    ids, application_ids, left_ats = map(list, zip(*letters, strict=True))
    rows = await _queries.told_by(conn, ids=ids, application_ids=application_ids, left_ats=left_ats)
    told = defaultdict(list)
    for row in rows:
        to = Addressee(row["candidate_id"], row["applicant_key"])
        told[row["asked"], row["application_id"]].append(to)
    return told


async def reopen_letters(conn: asyncpg.Connection, letters: Collection[Returned]) -> list[str]:
    """Marks answers as owed again whose letters came back for good; returns to whom."""
    if not letters:
        return []
    ids, application_ids, left_ats, ats = map(list, zip(*letters, strict=True))
    rows = await _queries.reopen_letters(
        conn, ids=ids, application_ids=application_ids, left_ats=left_ats, ats=ats
    )
    return [found["candidate_id"] for found in rows]


async def part_letters(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> None:
    """Marks as owed again to each of these people what a letter to another of them had told."""
    await _queries.part_letters(conn, ids=list(candidate_ids))
