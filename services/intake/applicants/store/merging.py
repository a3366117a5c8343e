"""Makes one person of two: all that hung on the one hangs on the other."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

import asyncpg

from services.intake.applicants.domain.applications import ApplicationKey, published_ids
from services.intake.applicants.store import applications, profiles
from services.intake.privacy import erasure
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("merging.sql"))

_MOVES = (
    _queries.move_wishes,
    _queries.move_consents,
    _queries.move_timeline,
    _queries.move_stops,
    _queries.move_replies,
    _queries.move_closed_gaps,
    _queries.move_answers,
    _queries.move_reports,
    _queries.move_places,
)


async def absorb(
    conn: asyncpg.Connection,
    absorbed: Mapping[str, str],
    held: Collection[str],
    now: datetime,
) -> set[str]:
    """Moves everything of each absorbed person to the one who remains, and buries the rest.

    All rows must be locked; `held` are those absorbed who have a row at all. Returns those who have
    another profile by it.
    """
    if not absorbed:
        return set()
    await _queries.repoint(conn, old=list(absorbed), new=list(absorbed.values()))
    there = {old: new for old, new in absorbed.items() if old in held}
    changed: set[str] = set()
    for pairs in _one_by_one(there):
        changed |= await _move(conn, pairs, now)
    return changed


async def _move(conn: asyncpg.Connection, pairs: Mapping[str, str], now: datetime) -> set[str]:
    old, new = list(pairs), list(pairs.values())
    moved = {
        ApplicationKey(pairs[row[0]], row[2], row[3]): row
        for row in await applications.of(conn, old)
    }
    ids = published_ids(moved, await applications.plainly_named(conn, new))
    rows = [(key.candidate_id, ids[key], *row[2:]) for key, row in moved.items()]
    await applications.keep(conn, rows)
    changed = await profiles.keep(
        conn, [(pairs[row[0]], *row[1:]) for row in await profiles.of(conn, old)]
    )
    for move in _MOVES:
        await move(conn, old=old, new=new)
    await _queries.remember(conn, old=old, new=new, now=now)
    await erasure.leave(conn, old, now)
    return changed


def _one_by_one(absorbed: Mapping[str, str]) -> list[dict[str, str]]:
    """Splits the pairs so that nobody absorbs two people in one statement."""
    turns: dict[str, int] = defaultdict(int)
    rounds: list[dict[str, str]] = []
    for old, new in absorbed.items():
        if turns[new] == len(rounds):
            rounds.append({})
        rounds[turns[new]][old] = new
        turns[new] += 1
    return rounds
