"""Tells whose API key a request carries."""

import asyncio
import time

from fastapi import Request

from services.intake.keys import store
from services.intake.web.problems import Problem
from shared.runtime.postgres import Database

REMEMBERED_SECONDS = 5.0
"""How long a revoked key may go on working in a process that has just seen it."""
MOST_REMEMBERED = 10_000
SECONDS = 5.0
"""How long a look into the database may take."""


class ApiKeys:
    """Looks keys up, and remembers good ones for a few seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: dict[str, tuple[float, str]] = {}

    async def source(self, request: Request) -> str:
        """Returns the source of the request's key; raises a 401 Problem without one."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise _unknown("send the header Authorization: Bearer YOUR-API-KEY")
        until, source = self._seen.get(key, (0.0, ""))
        if until > time.monotonic():
            return source
        async with asyncio.timeout(SECONDS), self._database.connection() as conn:
            found = await store.source_of(conn, key.strip())
        if found is None:
            raise _unknown("this API key is not valid; ask for a new one")
        if len(self._seen) >= MOST_REMEMBERED:
            self._seen.clear()
        self._seen[key] = (time.monotonic() + REMEMBERED_SECONDS, found)
        return found


def _unknown(detail: str) -> Problem:
    return Problem(401, detail, headers={"www-authenticate": "Bearer"})
