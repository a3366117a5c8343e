"""Whom the matcher knows, by number, and what they can do."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg
from pydantic import TypeAdapter

from shared.contract.events.profile import NEWS_JSON
from shared.contract.events.profiles import ProfileChanged, SourceProfile
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_suffix(".sql"))
_OTHERS_JSON = TypeAdapter(list[SourceProfile])


async def enrol(conn: asyncpg.Connection, ids: Sequence[str]) -> dict[str, int]:
    """Returns the numbers of those who were not erased, from now on waiting to be indexed."""
    rows = await _queries.enrol(conn, ids=ids)
    return {row["candidate_id"]: row["number"] for row in rows}


async def keep_views(
    conn: asyncpg.Connection, ids: Sequence[str], seen_by: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Returns the numbers under which systems see people whom several have turned down.

    Whatever else was seen of people who are enrolled is forgotten.
    """
    rows: Sequence[asyncpg.Record] = []
    if seen_by:
        rows = await _queries.begin_views(
            conn, ids=[id for id, _ in seen_by], sources=[source for _, source in seen_by]
        )
    numbers = {(row["candidate_id"], row["seen_by"]): row["number"] for row in rows}
    ended = await _queries.end_views(conn, ids=ids, kept=list(numbers.values()))
    if ended:
        await _forget(conn, [row["number"] for row in ended])
    return numbers


async def keep_profiles(conn: asyncpg.Connection, changed: Mapping[int, ProfileChanged]) -> None:
    """Keeps what people who are enrolled can do, by whom it was told, and what they told us."""
    told = list(changed.values())
    await _queries.mark_views(conn, ids=[at.candidate_id for at in told])
    await _queries.keep_profiles(
        conn,
        numbers=list(changed),
        profiles=[at.profile.model_dump_json(by_alias=True, exclude_none=True) for at in told],
        sources=[at.source for at in told],
        others=[
            _OTHERS_JSON.dump_json(at.others, by_alias=True, exclude_none=True).decode()
            for at in told
        ],
        news=[NEWS_JSON.dump_json(at.news).decode() for at in told],
    )


async def erase(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
    """Leaves of these people nothing but their random ids and numbers."""
    marked = await _queries.mark_erased(conn, ids=ids)
    await _forget(conn, [row["number"] for row in marked], ids)


async def texts_of(conn: asyncpg.Connection, numbers: Sequence[int]) -> list[asyncpg.Record]:
    """Returns, not parsed, what is known of some people, so that a thread can parse it."""
    rows: list[asyncpg.Record] = await _queries.texts_of(conn, numbers=numbers)
    return rows


async def still_there(conn: asyncpg.Connection, numbers: Sequence[int]) -> set[int]:
    """Tells who was not erased, and holds their erasure back until this transaction ends."""
    return {row["number"] for row in await _queries.still_there(conn, numbers=numbers)}


async def _forget(
    conn: asyncpg.Connection, numbers: Sequence[int], erased: Sequence[str] = ()
) -> None:
    await _queries.forget_candidates(conn, numbers=numbers)
    await _queries.forget_the_rest(conn, numbers=numbers, ids=erased)
