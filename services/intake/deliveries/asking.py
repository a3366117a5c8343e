"""Asks other systems what their hints are about, outside of any transaction.

A hint is claimed for a while, asked about, and then waits to be read with what was answered. Where
a system is busy or away, its hints wait for it, and nothing is lost; where it does not take the
token, it is asked nothing more until there is a new one. What keeps going wrong with one hint
costs that one alone.
"""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import asyncpg
import structlog

from services.intake.deliveries import hints, store
from services.intake.deliveries.api_client import REST, ApiClient, Away, Busy, Refused, Wrong
from services.intake.sources import store as sources
from services.intake.sources.store import Registered
from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import Api
from services.intake.webhooks.systems import APIS
from shared.contract.events.cloudevents import Unreadable
from shared.runtime.clock import Clock
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Quarantine
from shared.runtime.sealing import Seal

AT_A_TIME = 10
"""Of each source."""
MOST_SECONDS = 40.0
"""How long asking about one hint may take: far less than others leave it alone for."""
MOST_ANSWERS, MOST_BYTES = 20, 4 * 1024 * 1024
"""With one hint."""
LONGEST_PAUSE_SECONDS = 3600.0
MOST_TRIES, MOST_WRONG = 84, 12
"""About three days of a system that is away, and two hours of one that answers nonsense."""

_AWAY = "its API does not answer"
_log = structlog.get_logger()


class Asking:
    """Asks all systems in whose calls there are hints."""

    def __init__(
        self,
        database: Database,
        shelf: Quarantine,
        seal: Seal,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._seal = seal
        self._clock = clock
        self._wake = wake
        self._clients: dict[str, ApiClient] = {}
        self._verify = ssl.create_default_context()

    async def run(self, _now: datetime) -> bool:
        """Asks about some hints; returns whether more may wait."""
        async with self._database.transaction() as conn:
            rows = await hints.claim(conn, AT_A_TIME)
            known = await sources.every(conn) if rows else {}
        by_source: dict[str, list[asyncpg.Record]] = {}
        for row in rows:
            by_source.setdefault(row["source"], []).append(row)
        of_each = [self._ask_source(known[name], of_it) for name, of_it in by_source.items()]
        await asyncio.gather(*of_each)
        return any(len(of_it) == AT_A_TIME for of_it in by_source.values())

    async def close(self) -> None:
        """Lets go of all connections."""
        for client in self._clients.values():
            await client.close()

    async def _ask_source(self, registered: Registered, rows: Sequence[asyncpg.Record]) -> None:
        source, access = registered.source, registered.api
        api = APIS.get(source.system)
        token = self._seal.open(access.token) if access.token else None
        if api is None:
            why = f"this version knows no API of {source.system}"
            await asyncio.gather(*(self._put_off(row, why, 0) for row in rows))
            return
        if token is None:
            await asyncio.gather(*(self._refused(registered, row) for row in rows))
            return
        if source.name not in self._clients:
            self._clients[source.name] = ApiClient(self._verify, api.per_second)
        asked = _Asked(api, self._clients[source.name], access.url or api.url, token.decode())
        await asyncio.gather(*(self._ask(registered, asked, row) for row in rows))

    async def _ask(self, registered: Registered, asked: "_Asked", row: asyncpg.Record) -> None:
        """Asks about one hint, and keeps what came of it."""
        name = registered.source.name
        try:
            record = await self._answered(asked, row)
        except Busy as busy:
            await self._rest(name, row, busy.seconds)
        except Refused:
            await self._refused(registered, row)
        except Away:
            await self._rest(name, row, REST, _AWAY)
        except Wrong as wrong:
            await self._put_off(row, str(wrong), MOST_WRONG)
        except Exception as error:  # noqa: BLE001 - a hint costs itself alone
            await self._put_off(row, f"it cannot be asked about ({type(error).__name__})", 0)
        else:
            async with self._database.transaction() as conn:
                await hints.answered(conn, row, record, self._clock.now())
            self._wake()

    async def _answered(self, asked: "_Asked", row: asyncpg.Record) -> bytes:
        """Returns a delivery with its answers; as it is, if it cannot be asked about."""
        delivery = store.opened(self._shelf, row)
        if delivery is None:
            return bytes(row["record"])
        try:
            complete = await asked.complete(replace(delivery, answers={}))
        except Unreadable:
            return bytes(row["record"])
        return store.sealed(self._shelf, row["source"], complete)

    async def _rest(
        self, name: str, row: asyncpg.Record, seconds: float, problem: str | None = None
    ) -> None:
        """Leaves a source alone for so long; being busy with others is no fault of the hint."""
        async with self._database.transaction() as conn:
            await sources.rest(conn, name, seconds)
            if problem is None:
                await hints.give_back(conn, row)
        if problem:
            await self._put_off(row, problem, MOST_TRIES)

    async def _refused(self, registered: Registered, row: asyncpg.Record) -> None:
        """Asks a source nothing more with this token."""
        name, access = registered.source.name, registered.api
        now = self._clock.now()
        async with self._database.transaction() as conn:
            await hints.give_back(conn, row)
            is_new = access.token and await sources.refuse_token(conn, name, access.token, now)
        if is_new:
            _log.warning("source.token_refused", source=name)

    async def _put_off(self, row: asyncpg.Record, problem: str, most: int) -> None:
        """Asks once more, ever later, and in the end no more."""
        tries = row["asks"]
        async with self._database.transaction() as conn:
            if tries >= most:
                await hints.give_up(conn, row, f"{problem}; tried {tries} times")
            else:
                pause = min(2.0**tries, LONGEST_PAUSE_SECONDS)
                await hints.put_off(conn, row, pause, f"{problem}; tried {tries} times")


class _Asked:
    """A source that is being asked."""

    def __init__(self, api: Api, client: ApiClient, url: str, token: str) -> None:
        self._api = api
        self._client = client
        self._url = url
        self._headers = api.headers(token)

    async def complete(self, delivery: Delivery) -> Delivery:
        """Returns a hint with all that is to be read of it."""
        try:
            async with asyncio.timeout(MOST_SECONDS):
                return replace(delivery, answers=await self._answers(delivery))
        except TimeoutError:
            raise Away from None

    async def _answers(self, delivery: Delivery) -> dict[str, bytes | None]:
        answers: dict[str, bytes | None] = {}
        while paths := self._api.asks(replace(delivery, answers=answers)):
            for path in paths:
                if len(answers) == MOST_ANSWERS or _size(answers) > MOST_BYTES:
                    raise Wrong("there is more to read of it than can be kept")
                answers[path] = await self._client.read(self._url + path, self._headers)
        return answers


def _size(answers: dict[str, bytes | None]) -> int:
    return sum(len(each or b"") for each in answers.values())
