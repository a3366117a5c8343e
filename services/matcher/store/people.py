"""Whom the matcher knows, by number, and what they can do."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg

from shared.contract.events.profile import NEWS_JSON, News, Profile
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_suffix(".sql"))


async def enrol(conn: asyncpg.Connection, ids: Sequence[str]) -> dict[str, int]:
    """Returns the numbers of those who were not erased, from now on waiting to be indexed."""
    rows = await _queries.enrol(conn, ids=ids)
    return {row["candidate_id"]: row["number"] for row in rows}


async def keep_profiles(
    conn: asyncpg.Connection,
    profiles: Mapping[int, Profile],
    news: Mapping[int, Sequence[News]] | None = None,
) -> None:
    """Keeps what people can do, and what they told us since."""
    told = news or {}
    await _queries.keep_profiles(
        conn,
        numbers=list(profiles),
        profiles=[
            profile.model_dump_json(by_alias=True, exclude_none=True)
            for profile in profiles.values()
        ],
        news=[NEWS_JSON.dump_json(list(told.get(number, ()))).decode() for number in profiles],
    )


async def erase(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
    """Leaves of these people nothing but their random ids and numbers."""
    marked = await _queries.mark_erased(conn, ids=ids)
    numbers = [row["number"] for row in marked]
    await _queries.forget_candidates(conn, numbers=numbers)
    await _queries.forget_the_rest(conn, numbers=numbers, ids=ids)


async def everything_known(
    conn: asyncpg.Connection, numbers: Sequence[int]
) -> list[asyncpg.Record]:
    """Returns, not parsed, what is known of some people, so that a thread can parse it."""
    rows: list[asyncpg.Record] = await _queries.everything_known(conn, numbers=numbers)
    return rows


async def still_there(conn: asyncpg.Connection, numbers: Sequence[int]) -> set[int]:
    """Tells who was not erased, and holds their erasure back until this transaction ends."""
    return {row["number"] for row in await _queries.still_there(conn, numbers=numbers)}
