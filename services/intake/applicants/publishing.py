"""What others learn of a person: their whole state, each time something about them changed.

Whoever changes a person locks their row first and publishes in the same transaction, so that of
two states the one with the higher version is also the later one on its topic.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import asyncpg
import structlog
from pydantic import ValidationError

from services.intake.applicants.domain.bounds import (
    MOST_ABSORBED,
    MOST_BYTES_OF_PROFILES,
    MOST_BYTES_OF_REJECTIONS,
    MOST_COMPARED,
    MOST_NEWS,
    MOST_REJECTIONS,
)
from shared.contract.events.bodies import explain
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.details import faults_of
from shared.contract.events.profiles import ProfileChanged
from shared.contract.events.recipients import RecipientChanged
from shared.contract.topics import CANDIDATES, PROFILES, RECIPIENTS, Topic
from shared.runtime import outbox
from shared.runtime.sql import Queries
from shared.runtime.tracing import present_trace

_log = structlog.get_logger()
_queries = Queries(Path(__file__).with_name("publishing.sql"))

Causes = Mapping[str, Event | None]
"""The people to publish, each with the event that changed them."""

_BOUNDS = {
    "most_rejections": MOST_REJECTIONS,
    "most_bytes": MOST_BYTES_OF_REJECTIONS,
    "most_absorbed": MOST_ABSORBED,
    "most_compared": MOST_COMPARED,
}

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
    conn: asyncpg.Connection,
    causes: Causes,
    now: datetime,
    *,
    profiles: Collection[str] = (),
) -> None:
    """Puts the new state of people whose rows are locked into the outbox, each with its cause.

    A profile follows where it is among those that have changed, or nobody has seen it yet.
    """
    rows = await _queries.bump(conn, ids=list(causes)) if causes else ()
    versions = {row["candidate_id"]: row["version"] for row in rows}
    profiled = [it for it, version in versions.items() if version == 1 or it in profiles]
    await _put(conn, {it: causes[it] for it in versions}, profiled, now)


async def publish_again(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime
) -> None:
    """Puts the state that was published last into the outbox once more."""
    await _put(conn, dict.fromkeys(candidate_ids), candidate_ids, now)


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
    """Returns the present state of people who are published, without those that nobody can read."""
    found = {}
    for row in await _queries.states(conn, ids=list(candidate_ids), now=now, **_BOUNDS):
        try:
            state = CandidateChanged.model_validate_json(row["candidate"])
        except ValidationError as error:
            _log.error("candidate.unreadable", why=explain(faults_of(error)))
        else:
            found[row["candidate_id"]] = state
    return found


async def state_of(
    conn: asyncpg.Connection, candidate_id: str, now: datetime
) -> tuple[CandidateChanged, RecipientChanged] | None:
    """Returns one person as scheduler and matcher know them, and as the notifier does.

    None where nobody has turned them down, or nobody can read them.
    """
    for row in await _queries.states(conn, ids=[candidate_id], now=now, **_BOUNDS):
        try:
            return (
                CandidateChanged.model_validate_json(row["candidate"]),
                RecipientChanged.model_validate_json(row["recipient"]),
            )
        except ValidationError as error:
            _log.error("candidate.unreadable", why=explain(faults_of(error)))
    return None


async def present(conn: asyncpg.Connection, after: str, limit: int) -> list[str]:
    """Returns the published people in order of id, for a walk through all of them."""
    rows = await _queries.present(conn, after=after, limit=limit)
    return [row["candidate_id"] for row in rows]


async def former(conn: asyncpg.Connection, after: str, limit: int) -> list[str]:
    """Returns former ids in order, for a walk through all of them."""
    rows = await _queries.former(conn, after=after, limit=limit)
    return [row["candidate_id"] for row in rows]


async def gone(conn: asyncpg.Connection, candidate_ids: Collection[str]) -> list[str]:
    """Returns those of these ids that are no more."""
    rows = await _queries.gone(conn, ids=list(candidate_ids))
    return [row["candidate_id"] for row in rows]


async def _put(
    conn: asyncpg.Connection, causes: Causes, profiled: Collection[str], now: datetime
) -> None:
    """Lets the database write events from its tables, without a way through this process."""
    if not causes:
        return
    profiles = set(profiled)
    await _queries.put(
        conn,
        topics=[topic.name for topic, _ in _STREAMS],
        types=[type for _, type in _STREAMS],
        ids=list(causes),
        correlations=[cause and (cause.correlation_id or cause.id) for cause in causes.values()],
        causations=[cause and cause.id for cause in causes.values()],
        with_profiles=[candidate_id in profiles for candidate_id in causes],
        now=now,
        **_BOUNDS,
        most_bytes_of_profiles=MOST_BYTES_OF_PROFILES,
        most_news=MOST_NEWS,
        traceparent=present_trace(),
    )
