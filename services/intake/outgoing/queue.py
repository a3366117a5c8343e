"""What waits to be told at endpoints: each for one caller at a time, an applicant's in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from services.intake.outgoing.domain import KEPT, TRIED_FOR, State
from shared.runtime.sql import Queries

LEASE_SECONDS = 30.0
"""After which something is told by somebody else, if whoever did so is gone."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 3600.0

_queries = Queries(Path(__file__).with_name("queue.sql"))


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one try."""

    id: int
    tries: int
    state: State
    problem: str | None = None
    counts: bool = True
    """False where nothing was tried."""


async def claim(conn: asyncpg.Connection, limit: int, busy: Sequence[str]) -> list[asyncpg.Record]:
    """Returns of each endpoint that may be called what is due, for the caller alone.

    Of one applicant only the first that waits: what comes after it is told after it. Endpoints that
    the caller is busy with are passed over.
    """
    return list(
        await _queries.claim(conn, limit=limit, busy=list(busy), lease_seconds=LEASE_SECONDS)
    )


async def settle(conn: asyncpg.Connection, settled: Sequence[Settled]) -> None:
    """Keeps what became of tries; nothing of what is the caller's no more.

    What was tried for too long is given up, unless its endpoint takes nothing at all.
    """
    await _queries.settle(
        conn,
        ids=[each.id for each in settled],
        tries=[each.tries for each in settled],
        states=[each.state for each in settled],
        problems=[each.problem for each in settled],
        counts=[each.counts for each in settled],
        first=FIRST_PAUSE_SECONDS,
        longest=LONGEST_PAUSE_SECONDS,
        tried_for=TRIED_FOR,
    )


async def heard(conn: asyncpg.Connection, endpoint_id: str) -> None:
    """Keeps that an endpoint took something."""
    await _queries.heard(conn, endpoint_id=endpoint_id)


async def unheard(
    conn: asyncpg.Connection,
    endpoint_id: str,
    problem: str,
    *,
    rest: float | None,
    is_gone: bool,
) -> bool:
    """Leaves an endpoint alone that took nothing, ever longer; tells whether it is called no more.

    That is when it says so itself, or has taken nothing for too long.
    """
    disabled = await _queries.unheard(
        conn,
        endpoint_id=endpoint_id,
        problem=problem,
        rest=rest,
        is_gone=is_gone,
        first=FIRST_PAUSE_SECONDS,
        longest=LONGEST_PAUSE_SECONDS,
        tried_for=TRIED_FOR,
    )
    return disabled is not None


async def forget(conn: asyncpg.Connection, limit: int) -> int:
    """Deletes what was to be told for the first time too long ago; returns how many it were."""
    return len(await _queries.forget(conn, kept=KEPT, limit=limit))
