"""Keeps an event that arrives again, or too late, from having an effect.

Facts are known by source and id. States are known by version: an entity's newest wins, in
whatever order they arrive, and an erased entity stays erased. A state stream can therefore be
read again from its beginning at any time.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from shared.contract.events.cloudevents import Event, NotWanted
from shared.contract.events.payload import StatePayload, as_version
from shared.contract.topics import Topic
from shared.runtime.sql import Queries

REUSED = NotWanted(
    "id_reused",
    "your source has sent another event under this id, so this one does not count: send it again "
    "under an id of its own",
)

_queries = Queries(Path(__file__).with_name("inbox.sql"))


async def admit(conn: asyncpg.Connection, topic: Topic, events: Sequence[Event]) -> list[Event]:
    """Returns those events that must have an effect now, in order, and remembers them."""
    return await (newest(conn, topic, events) if topic.compacted else fresh(conn, events))


async def fresh(conn: asyncpg.Connection, events: Sequence[Event]) -> list[Event]:
    """Returns the facts never seen before, each once.

    Of two transactions that bring the same fact at once, the second waits here for the first.
    """
    once: dict[tuple[str, str], Event] = {}
    for event in events:
        once.setdefault((event.source, event.id), event)
    rows = await _queries.remember_facts(
        conn,
        sources=[source for source, _ in once],
        ids=[event_id for _, event_id in once],
        contents=[event.content for event in once.values()],
    )
    unseen = {(row["source"], row["event_id"]) for row in rows}
    return [event for identity, event in once.items() if identity in unseen]


async def reused(conn: asyncpg.Connection, events: Sequence[Event]) -> list[Event]:
    """Returns those facts, all seen before, whose id came with another content then."""
    told = [event for event in events if event.content]
    if not told:
        return []
    rows = await _queries.contents(
        conn, sources=[it.source for it in told], ids=[it.id for it in told]
    )
    known = {(row["source"], row["event_id"]): row["content"] for row in rows}
    return [it for it in told if known.get((it.source, it.id), it.content) != it.content]


def content_of(event: Event) -> bytes:
    """Returns a digest of what an event says, by whatever way it came."""
    # Over HTTP a rejection may hold the id of its envelope.
    how: dict[str, Any] = {"by_alias": True, "exclude_defaults": True, "exclude": {"id"}}
    data = event.data.model_dump_json(**how) if event.data else ""
    said = "\n".join((event.type, event.key, data))
    return hashlib.blake2b(said.encode(), digest_size=16).digest()


async def release(conn: asyncpg.Connection, events: Sequence[Event]) -> None:
    """Forgets facts that were given no effect, so that they can have one when they come again."""
    if events:
        await _queries.release_facts(
            conn, sources=[it.source for it in events], ids=[it.id for it in events]
        )


async def newest(conn: asyncpg.Connection, topic: Topic, events: Sequence[Event]) -> list[Event]:
    """Returns the newest state of each entity, where it is newer than what was seen before."""
    latest: dict[str, Event] = {}
    for event in events:
        entity = _entity(topic, event)
        known = latest.get(entity)
        if known is None or _order(topic, event) >= _order(topic, known):
            latest[entity] = event
    rows = await _queries.remember_states(
        conn,
        topic=topic.name,
        keys=list(latest),
        versions=[_order(topic, event)[1] for event in latest.values()],
        ids=[event.id for event in latest.values()],
        erased=[event.data is None for event in latest.values()],
        by_receipt=topic.of_many_sources,
    )
    newer = {row["key"] for row in rows}
    return [event for entity, event in latest.items() if entity in newer]


async def forget(conn: asyncpg.Connection) -> bool:
    """Deletes ids of facts that are thirty days old, some thousands a time; True if there is more.

    No topic that upstream systems write to is kept for so long, so none is forgotten early.
    """
    return bool(await _queries.forget_facts(conn))


def _entity(topic: Topic, event: Event) -> str:
    """Returns what an entity is known by; where many systems write, each has its own."""
    return f"{event.source} {event.key}" if topic.of_many_sources else event.key


def _order(topic: Topic, event: Event) -> tuple[bool, int, str]:
    """Orders states; of two that another system gave one version the one received later holds."""
    version = event.data.version if isinstance(event.data, StatePayload) else None
    last = "" if topic.of_many_sources else event.id
    return event.data is None, version or as_version(event.time), last
