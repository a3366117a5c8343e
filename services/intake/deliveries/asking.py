"""Asks other systems what their hints are about, outside of any transaction.

A hint is claimed for a while, asked about, and then waits to be read with what was answered. Where
a system is busy or away, its hints wait for it, and nothing is lost; where it does not take the
token, it is asked nothing more until there is a new one. What keeps going wrong with one hint
costs that one alone. What several hints of one round need, such as a job, is read once for all.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import asyncpg

from services.intake.deliveries import hints, store
from services.intake.deliveries.api_client import Away, Wrong
from services.intake.deliveries.apis import Apis, NotNow, SourceApi
from services.intake.sources import store as sources
from services.intake.sources.store import Registered
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import Api, unread
from services.intake.webhooks.systems import APIS
from shared.contract.events.cloudevents import Unreadable
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Quarantine

AT_A_TIME = 10
"""Of each source."""
MOST_SECONDS = 40.0
"""How long asking about one hint may take: far less than others leave it alone for."""
MOST_ANSWERS, MOST_BYTES = 20, 4 * 1024 * 1024
"""With one hint."""
LONGEST_PAUSE_SECONDS = 3600.0

Read = Callable[[str], Awaitable[bytes | None]]


class OnceEach:
    """Reads each path of a source once: all of a round came before any of it is read."""

    def __init__(self) -> None:
        self._reading: dict[str, asyncio.Task[bytes | None]] = {}

    def by(self, source: SourceApi) -> Read:
        """Returns what reads; whoever gives up waiting for it takes it from nobody else."""

        def read(path: str) -> Awaitable[bytes | None]:
            if path not in self._reading:
                self._reading[path] = asyncio.create_task(source.read(path))
            return asyncio.shield(self._reading[path])

        return read


class Asking:
    """Asks all systems in whose calls there are hints."""

    def __init__(
        self,
        database: Database,
        quarantine: Quarantine,
        apis: Apis,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._quarantine = quarantine
        self._apis = apis
        self._clock = clock
        self._wake = wake

    async def run(self, _now: datetime) -> bool:
        """Asks about some hints; returns whether more may wait."""
        async with self._database.transaction() as conn:
            rows = await hints.claim(conn, AT_A_TIME)
            known = await sources.every(conn) if rows else {}
        read: dict[str, OnceEach] = defaultdict(OnceEach)
        await asyncio.gather(
            *(self._ask(known[row["source"]], row, read[row["source"]]) for row in rows)
        )
        return len(rows) >= AT_A_TIME

    async def _ask(self, registered: Registered, row: asyncpg.Record, read: OnceEach) -> None:
        """Asks about one hint, and keeps what came of it; being busy is no fault of the hint."""
        record = await self._apis.answered(registered, self._answered(registered, row, read))
        if isinstance(record, NotNow):
            await self._postpone(row, record)
            return
        async with self._database.transaction() as conn:
            await hints.answered(conn, row, record, self._clock.now())
        self._wake()

    async def _answered(self, registered: Registered, row: asyncpg.Record, read: OnceEach) -> bytes:
        """Returns a delivery with its answers; as it is, if it cannot be asked about."""
        delivery, api = store.opened(self._quarantine, row), APIS.get(registered.source.system)
        if delivery is None or api is None:
            return bytes(row["record"])
        try:
            async with asyncio.timeout(MOST_SECONDS):
                answers = await _answers(api, read.by(self._apis.of(registered, api)), delivery)
        except TimeoutError:
            raise Away from None
        return store.sealed(self._quarantine, row["source"], replace(delivery, answers=answers))

    async def _postpone(self, row: asyncpg.Record, why: NotNow) -> None:
        """Asks once more, ever later, and in the end no more."""
        tries = row["asks"]
        summary = f"{why.problem}; tried {tries} times"
        async with self._database.transaction() as conn:
            if why.problem is None:
                await hints.give_back(conn, row)
            elif tries >= why.most_tries:
                await hints.give_up(conn, row, summary)
            else:
                pause = min(2.0**tries, LONGEST_PAUSE_SECONDS)
                await hints.put_off(conn, row, pause, summary)


async def _answers(api: Api, read: Read, delivery: Delivery) -> dict[str, bytes | None]:
    """Returns all that is to be read about a hint.

    Where something that was answered cannot be read, so much: whoever translates it tells why.
    """
    answers: dict[str, bytes | None] = {}
    while paths := _unread(api, replace(delivery, answers=answers)):
        for path in paths:
            if len(answers) == MOST_ANSWERS or _size(answers) > MOST_BYTES:
                raise Wrong("there is more to read of it than can be kept")
            answers[path] = await read(path)
    return answers


def _unread(api: Api, delivery: Delivery) -> list[str]:
    try:
        return unread(api, delivery)
    except Unreadable:
        return []


def _size(answers: dict[str, bytes | None]) -> int:
    return sum(len(each or b"") for each in answers.values())
