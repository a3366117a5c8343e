"""Requests that carried an Idempotency-Key, and what was answered to them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))

_FAILURES = 500
"""From this status on it is no fault of the request."""


class RequestKey(NamedTuple):
    """An Idempotency-Key, which is its source's own."""

    source: str
    key: str


class HttpAnswer(NamedTuple):
    status: int
    body: bytes


class AnsweredRequest(NamedTuple):
    request_hash: bytes
    answer: HttpAnswer


async def claim(
    conn: asyncpg.Connection, requests: Mapping[RequestKey, bytes], now: datetime
) -> dict[RequestKey, AnsweredRequest]:
    """Claims keys for requests with these hashes; returns earlier answers where a key is taken."""
    if not requests:
        return {}
    sources, keys = [each.source for each in requests], [each.key for each in requests]
    rows = await _queries.claim(
        conn, sources=sources, keys=keys, hashes=list(requests.values()), now=now
    )
    taken = requests.keys() - {RequestKey(row["source"], row["key"]) for row in rows}
    return await _answered(conn, taken) if taken else {}


async def answer(conn: asyncpg.Connection, answers: Mapping[RequestKey, HttpAnswer]) -> None:
    """Keeps what claimed requests are answered; a failure of ours leaves the key free again."""
    if answers:
        await _queries.answer(
            conn,
            sources=[each.source for each in answers],
            keys=[each.key for each in answers],
            statuses=[given.status for given in answers.values()],
            answers=[given.body for given in answers.values()],
        )
    failed = [each for each, given in answers.items() if given.status >= _FAILURES]
    if failed:
        await _queries.release(
            conn, sources=[each.source for each in failed], keys=[each.key for each in failed]
        )


async def delete_before(conn: asyncpg.Connection, before: datetime, limit: int) -> int:
    """Deletes the oldest of what was claimed before then; returns how many it were."""
    return len(await _queries.delete_before(conn, before=before, limit=limit))


async def _answered(
    conn: asyncpg.Connection, requests: Collection[RequestKey]
) -> dict[RequestKey, AnsweredRequest]:
    rows = await _queries.answered(
        conn, sources=[each.source for each in requests], keys=[each.key for each in requests]
    )
    return {
        RequestKey(row["source"], row["key"]): AnsweredRequest(
            row["request_hash"], HttpAnswer(row["status"], row["answer"])
        )
        for row in rows
    }
