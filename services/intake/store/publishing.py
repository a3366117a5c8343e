"""What others learn of a person: their whole state, each time something about them changed.

Whoever changes a person locks their row first and publishes in the same transaction, so that of
two states the one with the higher version is also the later one on its topic.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg

from shared import outbox
from shared.events.candidates import CandidateChanged
from shared.events.cloudevents import Event
from shared.events.profiles import ProfileChanged
from shared.events.recipients import RecipientChanged
from shared.sql import Queries
from shared.telemetry import present_trace
from shared.topics import CANDIDATES, PROFILES, RECIPIENTS, Topic

_queries = Queries(Path(__file__).with_name("publishing.sql"))

Causes = Mapping[str, Event | None]
"""The people to publish, each with the event that changed them."""

_STREAMS: tuple[tuple[Topic, str], ...] = (
    (CANDIDATES, CandidateChanged.type),
    (PROFILES, ProfileChanged.type),
    (RECIPIENTS, RecipientChanged.type),
)


async def publish_candidates(
    conn: asyncpg.Connection,
    candidate_ids: Sequence[str],
    now: datetime,
    *,
    cause: Event | None = None,
) -> None:
    """Puts the new state of people whose rows are locked into the outbox."""
    await publish(conn, dict.fromkeys(candidate_ids, cause), now)


async def publish(
    conn: asyncpg.Connection, causes: Causes, now: datetime, *, profiles: Collection[str] = ()
) -> None:
    """Puts the new state of people whose rows are locked into the outbox, each with its cause.

    Their profile follows where it is among those that have changed, or nobody has seen it yet.
    """
    rows = await _queries.bump(conn, ids=list(causes))
    bumped = {row["candidate_id"]: causes[row["candidate_id"]] for row in rows}
    new = {row["candidate_id"] for row in rows if row["version"] == 1}
    await _put_states(conn, bumped, now)
    await _put_profiles(conn, {it: bumped[it] for it in bumped if it in new or it in profiles}, now)


async def publish_again(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime
) -> None:
    """Puts the state that was published last into the outbox once more."""
    causes: Causes = dict.fromkeys(candidate_ids)
    await _put_states(conn, causes, now)
    await _put_profiles(conn, causes, now)


async def bury(conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime) -> None:
    """Puts a tombstone for each onto every stream of people."""
    for topic, type in _STREAMS:
        tombstones = [
            Event.tombstone(candidate_id, type, source="intake", at=now)
            for candidate_id in candidate_ids
        ]
        await outbox.put(conn, topic, tombstones)


async def states(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime
) -> dict[str, CandidateChanged]:
    """Gives how people stand at the moment; who is erased is not among them."""
    rows = await _queries.states(conn, ids=list(candidate_ids), now=now)
    return {
        row["candidate_id"]: CandidateChanged.model_validate_json(row["candidate"]) for row in rows
    }


async def present(conn: asyncpg.Connection, after: str, limit: int) -> list[str]:
    """Gives the published people in order of id, for a walk through all of them."""
    rows = await _queries.present(conn, after=after, limit=limit)
    return [row["candidate_id"] for row in rows]


async def former(conn: asyncpg.Connection, after: str, limit: int) -> list[str]:
    """Gives those who are no more in order of id, for a walk through all of them."""
    rows = await _queries.former(conn, after=after, limit=limit)
    return [row["candidate_id"] for row in rows]


async def gone(conn: asyncpg.Connection, candidate_ids: Collection[str]) -> list[str]:
    """Gives those of these people who are no more."""
    rows = await _queries.gone(conn, ids=list(candidate_ids))
    return [row["candidate_id"] for row in rows]


async def _put_states(conn: asyncpg.Connection, causes: Causes, now: datetime) -> None:
    if causes:
        rows = await _queries.states(conn, ids=list(causes), now=now)
        await _put(conn, CANDIDATES, CandidateChanged.type, rows, "candidate", causes, now)
        await _put(conn, RECIPIENTS, RecipientChanged.type, rows, "recipient", causes, now)


async def _put_profiles(conn: asyncpg.Connection, causes: Causes, now: datetime) -> None:
    if causes and (rows := await _queries.profiles(conn, ids=list(causes))):
        await _put(conn, PROFILES, ProfileChanged.type, rows, "profile", causes, now)


async def _put(
    conn: asyncpg.Connection,
    topic: Topic,
    type: str,
    rows: Sequence[asyncpg.Record],
    column: str,
    causes: Causes,
    now: datetime,
) -> None:
    """Puts bodies that the database has made; as events they would be read and written again."""
    because = [causes[row["candidate_id"]] for row in rows]
    await _queries.put(
        conn,
        topic=topic.name,
        type=type,
        keys=[row["candidate_id"] for row in rows],
        bodies=[row[column].encode() for row in rows],
        correlations=[cause and (cause.correlation_id or cause.id) for cause in because],
        causations=[cause and cause.id for cause in because],
        now=now,
        traceparent=present_trace(),
    )
