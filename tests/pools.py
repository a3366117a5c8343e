"""Connections that outlast the test that opened them, for the next one on the same database.

A new connection proves who it is, reads the catalogue and has every statement planned again, which
takes longer than most tests do with it.
"""

from collections import defaultdict
from contextlib import AsyncExitStack

import asyncpg

from shared.runtime.postgres import UNAVAILABLE, Database

_LEFT = """
select array(select 'a LISTEN on ' || channel from pg_listening_channels() as channel)
    || array(select 'an advisory lock' from pg_locks
        where pid = pg_backend_pid() and locktype = 'advisory')
"""


class Pools:
    """The pools on one database: those that a test has now, and those that wait for the next."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, int], list[asyncpg.Pool]] = defaultdict(list)
        self._sessions: dict[asyncpg.Pool, list[int]] = {}
        self._lent: list[Database] = []

    @property
    def sessions(self) -> list[int]:
        """The server's processes behind the pools that wait."""
        return [pid for pids in self._sessions.values() for pid in pids]

    async def start(self, database: Database) -> None:
        """Starts it on a pool that an earlier test has left, or else on one of its own."""
        if waiting := self._waiting[_kind(database)]:
            database._pool = waiting.pop()
        else:
            await database.start()
        self._lent.append(database)

    async def take_back(self) -> list[str]:
        """Takes every pool from the test that had them; returns what it left open in them.

        A pool in which anything was left is closed, as is one that has lost a connection.
        """
        left = []
        while self._lent:
            database = self._lent.pop()
            pool, database._pool = database._pool, None
            if pool:
                left += await self._take(pool, _kind(database))
        return left

    async def _take(self, pool: asyncpg.Pool, kind: tuple[str, int]) -> list[str]:
        self._sessions.pop(pool, None)
        if pool.is_closing():
            return []
        try:
            left, sessions = await _look_into(pool)
        except UNAVAILABLE:
            left, sessions = [], []
        if left or not sessions:
            pool.terminate()
        else:
            self._waiting[kind].append(pool)
            self._sessions[pool] = sessions
        return left

    async def stop(self) -> None:
        """Closes the pools that wait."""
        for pool in self._sessions:
            await pool.close()


def _kind(database: Database) -> tuple[str, int]:
    return database._schema, database._max_size


async def _look_into(pool: asyncpg.Pool) -> tuple[list[str], list[int]]:
    """Returns what was left open in a pool, and the server's processes behind it."""
    if pool.get_idle_size() < pool.get_size():
        return ["a connection that was not returned"], []
    left, sessions = [], []
    async with AsyncExitStack() as held:
        for _ in range(pool.get_idle_size()):
            connection = await held.enter_async_context(pool.acquire(timeout=5))
            left += await connection.fetchval(_LEFT)
            sessions.append(connection.get_server_pid())
    return left, sessions
