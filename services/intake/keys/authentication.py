"""Tells whose API key a request carries, and whether it allows what is asked."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from fastapi import Request

from services.intake.keys import store
from services.intake.keys.domain import KeyHolder, Scope
from services.intake.keys.throttle import Throttle
from services.intake.web.problems import Problem, too_many
from services.intake.web.rate_limits import RateLimits, address_of
from shared.runtime.postgres import Database

REMEMBERED_SECONDS = 5.0
"""How long a revoked key may go on working in a process that has just seen it."""
MOST_REMEMBERED = 10_000
SECONDS = 5.0
"""How long a look into the database may take."""


class ApiKeys:
    """Looks keys up, remembers good ones for a few seconds, and counts what comes with each."""

    def __init__(self, database: Database, now: Callable[[], datetime], limits: RateLimits) -> None:
        self._database = database
        self._now = now
        self._limits = limits
        self._throttle = Throttle()
        self._seen: dict[str, tuple[float, KeyHolder]] = {}

    async def holder(self, request: Request, *scopes: Scope) -> KeyHolder:
        """Returns whom a key speaks for that has one of these scopes.

        Raises a Problem: 401 without a valid key, 403 without the scope, 429 for too many requests
        or after wrong keys.
        """
        self._limits.take_address(request)
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise _unknown("send the header Authorization: Bearer YOUR-API-KEY")
        holder = await self._holder(key.strip(), address_of(request))
        self._limits.keys.take(holder.key_id)
        if holder.scopes.isdisjoint(scopes):
            has, needed = ", ".join(sorted(holder.scopes)), " or ".join(scopes)
            raise Problem(403, f"use an API key with the scope {needed}; this one has: {has}")
        return holder

    async def _holder(self, key: str, address: str) -> KeyHolder:
        until, holder = self._seen.get(key, (0.0, None))
        if holder and until > time.monotonic():
            return holder
        # A key that was good must not wait for whoever guesses behind the same address.
        if holder is None and (seconds := self._throttle.wait(address)):
            raise _guessed(seconds)
        async with asyncio.timeout(SECONDS), self._database.connection() as conn:
            found = await store.holder_of(conn, key, self._now())
        if found is None:
            self._seen.pop(key, None)
            self._throttle.wrong(address)
            raise _unknown("this API key is not valid; ask for a new one")
        if len(self._seen) >= MOST_REMEMBERED:
            self._seen.clear()
        self._seen[key] = (time.monotonic() + REMEMBERED_SECONDS, found)
        return found


def _unknown(detail: str) -> Problem:
    return Problem(401, detail, headers={"www-authenticate": "Bearer"})


def _guessed(seconds: int) -> Problem:
    detail = f"come again in {seconds} seconds with a valid API key; too many wrong ones came"
    return too_many(seconds, detail)
