"""Events that leave with the state change that caused them, or not at all.

`put` writes an event in the caller's transaction; the relay publishes it afterwards and deletes it.

Order: whoever changes an entity locks its row before it takes an outbox id, so of two events
with the same key the one committed first has the lower id. Rows are found by being there, never
by `id > last`, because ids of different entities commit out of order.

No event is larger than brokers take: `put` refuses it, and so does the table, for those who write
to it from SQL. What a broker refuses nevertheless is set aside where it stands. A state that was
set aside is owed: a later state of its key pays the debt, or else `retry`.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from shared.contract.events.cloudevents import Event, Unreadable, body_of
from shared.contract.events.recipients import RecipientsHeartbeat
from shared.contract.topics import BY_NAME, RECIPIENTS, Topic
from shared.runtime.sql import Queries
from shared.runtime.tracing import present_trace

_queries = Queries(Path(__file__).with_name("outbox.sql"))

Restate = Callable[[asyncpg.Connection, Topic, Sequence[str]], Awaitable[None]]
"""Puts the present state of those keys of a compacted topic into the outbox again."""

MOST_BYTES = 750_000
"""The largest body of an event, as in the table's check.

Brokers take 1,048,588 bytes for a record with its key and headers, which are a few thousand; none
of them need be raised for us. That bodies may be compressed on their way counts for nothing.
"""


class TooLarge(Unreadable):
    """An event that no broker would take; whoever caused it has to say less."""

    def __init__(self, type: str, size: int) -> None:
        super().__init__(
            "too_large", f"send less: {type} would have {size} bytes, and may have {MOST_BYTES}"
        )
        self.type = type
        self.size = size
        """In bytes."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What stands in the outbox."""

    waiting: int
    set_aside: int
    oldest_seconds: float
    """How long the oldest of those that wait has done so."""
    closed: Sequence[str]
    """The topics that some wait for because they cannot be written to, each with the reason."""


NOTHING = Backlog(waiting=0, set_aside=0, oldest_seconds=0.0, closed=())


async def put(conn: asyncpg.Connection, topic: Topic, events: Sequence[Event]) -> None:
    """Publishes the events if, and only if, the caller's transaction commits.

    Raises TooLarge, with nothing written, if one of them is larger than brokers take.
    """
    if not events:
        return
    await _queries.put(
        conn,
        topic=topic.name,
        keys=[event.key for event in events],
        ids=[event.id for event in events],
        types=[event.type for event in events],
        times=[event.time for event in events],
        bodies=[_bounded_body(event) for event in events],
        correlations=[event.correlation_id for event in events],
        causations=[event.causation_id for event in events],
        traceparent=present_trace(),
    )


async def put_heartbeats(conn: asyncpg.Connection, partitions: int) -> None:
    """Puts a heartbeat onto each partition of `recipients`, behind every change before it."""
    await _queries.put_heartbeats(
        conn, topic=RECIPIENTS.name, type=RecipientsHeartbeat.type, partitions=partitions
    )


async def backlog(conn: asyncpg.Connection) -> Backlog:
    """Returns how much waits, for how long and for which closed topics, and what is set aside."""
    return Backlog(**await _queries.backlog(conn))


async def list_obstructed(conn: asyncpg.Connection, limit: int) -> list[asyncpg.Record]:
    """Lists what brokers refused, and what waits for a topic that cannot be written to.

    Oldest first: id, topic, type, bytes, reason, when it was written, when it was set aside.
    """
    return list(await _queries.list_obstructed(conn, limit=limit))


async def retry(conn: asyncpg.Connection, ids: Sequence[int], restate: Restate | None) -> int:
    """Lets events that were set aside wait to be published again, all of them if no ids are given.

    A state could come to lie behind newer ones of its key, so the present one takes its place; a
    heartbeat is let go, because the next one says the same.
    """
    rows = await _queries.take_set_aside(conn, ids=list(ids))
    states = [row for row in rows if BY_NAME[row["topic"]].compacted] if restate else []
    owed = {row["id"] for row in states}
    await _queries.wait_again(conn, ids=[row["id"] for row in rows if row["id"] not in owed])
    await _queries.delete(conn, ids=list(owed))
    if restate:
        await restate_keys(conn, states, restate)
    return len(rows)


async def restate_keys(
    conn: asyncpg.Connection, rows: Sequence[asyncpg.Record], restate: Restate
) -> None:
    """Puts the present state of every entity that these rows are a state of into the outbox."""
    keys: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if BY_NAME[row["topic"]].compacted and row["partition"] is None:
            keys[row["topic"]].add(row["key"])
    for topic, entities in keys.items():
        await restate(conn, BY_NAME[topic], sorted(entities))


def states() -> list[str]:
    """Returns the topics of which the newest event of each key is owed."""
    return [topic.name for topic in BY_NAME.values() if topic.compacted]


async def delete_unattended(conn: asyncpg.Connection) -> None:
    """Deletes what was set aside thirty days ago and nobody has looked at since, but for states."""
    await _queries.delete_unattended(conn, states=states())


def _bounded_body(event: Event) -> bytes | None:
    body = body_of(event)
    if body is not None and len(body) > MOST_BYTES:
        raise TooLarge(event.type, len(body))
    return body
