"""Deliveries, each once, with what was made of it; what came is kept sealed."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from services.intake.deliveries.domain import State
from services.intake.webhooks.adapter import Delivery
from shared.runtime.quarantine import Copy, Quarantine
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))

_SOURCE = "ce_source"
"""Stands among the headers that are kept, where the search for the erased looks for it."""
_ANSWER = "answer "
"""Before the path to which it is the answer: no header's name has a blank."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery as it is kept."""

    source: str
    key: bytes
    record: bytes
    received_at: datetime
    is_hint: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """What was made of a delivery."""

    id: int
    state: State
    summary: str
    notes: Sequence[str]
    event_types: Sequence[str]
    about: Sequence[bytes]
    resume_is_due: bool


def arrival(
    quarantine: Quarantine, source: str, key: str, delivery: Delivery, *, is_hint: bool
) -> Arrival:
    """Seals a delivery."""
    digest = hashlib.sha256(f"{len(source)}:{source}{key}".encode()).digest()
    return Arrival(
        source, digest, sealed(quarantine, source, delivery), delivery.received_at, is_hint
    )


def sealed(quarantine: Quarantine, source: str, delivery: Delivery) -> bytes:
    """Seals what came, and what was read, where the search for the erased finds both."""
    headers = {**delivery.headers, _SOURCE: source}
    answers = [(_ANSWER + path, answer) for path, answer in delivery.answers.items()]
    copy = Copy(
        key=None,
        value=delivery.body,
        headers=[(name, value.encode("latin-1")) for name, value in headers.items()] + answers,
        timestamp=round(delivery.received_at.timestamp() * 1000),
    )
    return quarantine.seal(copy)


def opened(quarantine: Quarantine, row: asyncpg.Record) -> Delivery | None:
    """Returns a delivery as it came, or None if it was sealed with a key that is not known."""
    copy = quarantine.open(row["record"])
    if copy is None:
        return None
    headers: dict[str, str] = {}
    answers: dict[str, bytes | None] = {}
    for name, value in copy.headers:
        if name.startswith(_ANSWER):
            answers[name.removeprefix(_ANSWER)] = value
        elif name != _SOURCE:
            headers[name] = (value or b"").decode("latin-1")
    return Delivery(copy.value or b"", headers, row["received_at"], answers, row["read_at"])


async def keep(conn: asyncpg.Connection, arrivals: Sequence[Arrival]) -> None:
    """Keeps deliveries; one that came before is counted and nothing else."""
    await _queries.keep(
        conn,
        sources=[each.source for each in arrivals],
        keys=[each.key for each in arrivals],
        records=[each.record for each in arrivals],
        times=[each.received_at for each in arrivals],
        hints=[each.is_hint for each in arrivals],
    )


async def claim(conn: asyncpg.Connection, limit: int) -> list[asyncpg.Record]:
    """Locks and returns the oldest that wait and that nobody else has claimed."""
    return list(await _queries.claim(conn, limit=limit))


async def claim_again(conn: asyncpg.Connection, ids: Collection[int]) -> set[int]:
    """Locks and returns those of these that wait still and that nobody else has claimed."""
    return {row["id"] for row in await _queries.claim_again(conn, ids=list(ids))}


async def of_source(
    conn: asyncpg.Connection, source: str, after: int, limit: int
) -> list[asyncpg.Record]:
    """Locks and returns the next of a source, but for those of which its system is to be asked."""
    return list(await _queries.of_source(conn, source=source, after=after, limit=limit))


async def settle(conn: asyncpg.Connection, settled: Sequence[Settled]) -> None:
    """Keeps what was made of deliveries."""
    await _queries.settle(
        conn,
        ids=[each.id for each in settled],
        states=[each.state for each in settled],
        summaries=[each.summary for each in settled],
        notes=[json.dumps(each.notes) for each in settled],
        event_types=[json.dumps(each.event_types) for each in settled],
        about=[json.dumps([hash.hex() for hash in each.about]) for each in settled],
        resumes_due=[each.resume_is_due for each in settled],
    )


async def read_again_about(conn: asyncpg.Connection, hashes: Collection[bytes]) -> None:
    """Marks deliveries about these to be read again, as they were not in the record before."""
    if hashes:
        await _queries.read_again_about(conn, hashes=list(hashes))


async def replay(
    conn: asyncpg.Connection,
    ids: Sequence[int] = (),
    source: str | None = None,
    states: Collection[State] = tuple(State),
) -> int:
    """Marks deliveries to be read again; returns how many."""
    return len(await _queries.replay(conn, ids=list(ids), source=source, states=sorted(states)))


async def waiting(conn: asyncpg.Connection, source: str) -> int:
    """Returns how many of a source's deliveries are not read yet."""
    return int(await _queries.waiting(conn, source=source))


async def listed(
    conn: asyncpg.Connection, source: str | None, state: State | None, limit: int
) -> list[asyncpg.Record]:
    """Lists deliveries, the oldest first, without what is inside."""
    return list(await _queries.listed(conn, source=source, state=state, limit=limit))


async def page(
    conn: asyncpg.Connection,
    source: str,
    state: State | None,
    before: tuple[datetime, int] | None,
    limit: int,
) -> list[asyncpg.Record]:
    """Returns a source's deliveries, the newest first: all, or those before one.

    That one, by when it came and its id, need not be kept any more.
    """
    before_at, id = before or (None, None)
    return list(
        await _queries.page(
            conn, source=source, state=state, before_at=before_at, before=id, limit=limit
        )
    )


async def one(conn: asyncpg.Connection, id: int) -> asyncpg.Record | None:
    """Returns one delivery, with what is inside as it is kept."""
    row: asyncpg.Record | None = await _queries.one(conn, id=id)
    return row


async def made(conn: asyncpg.Connection, source: str) -> list[asyncpg.Record]:
    """Returns how many of a source's deliveries became what, with the last of each."""
    return list(await _queries.made(conn, source=source))


async def noted(conn: asyncpg.Connection, source: str) -> list[asyncpg.Record]:
    """Returns what was noted of a source's deliveries, the most frequent first."""
    return list(await _queries.noted(conn, source=source))


async def repeated(conn: asyncpg.Connection, source: str) -> int:
    """Returns how many calls of a source counted no more, as they had come before."""
    return int(await _queries.repeated(conn, source=source))


async def busy(conn: asyncpg.Connection, since: datetime) -> list[asyncpg.Record]:
    """Returns of each source how many wait, how many cannot be read, how many noes came since."""
    return list(await _queries.busy(conn, since=since))


async def forget(conn: asyncpg.Connection, before: datetime, limit: int) -> int:
    """Deletes the oldest that came before then; returns how many it were."""
    return len(await _queries.forget(conn, before=before, limit=limit))
