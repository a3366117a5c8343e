"""Tells endpoints what waits for them, each at its own pace.

A round claims what is due and begins to tell it; it waits for nobody. So an endpoint that is slow
holds no other one up, and is itself told more once it has answered. What was claimed by a process
that is no more is told again by another: at least once, an applicant's in order.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter

import asyncpg
import structlog

from services.intake.metrics import IntakeMetrics
from services.intake.outgoing import queue
from services.intake.outgoing.domain import Gone, Hopeless, Kept, State, Unheard
from services.intake.outgoing.hooks import Hooks
from services.intake.outgoing.notes import NoteWriter
from services.intake.outgoing.queue import Settled
from services.intake.sources import store as sources
from services.intake.sources.store import Registered
from shared.runtime.postgres import Database
from shared.runtime.sealing import Seal

AT_A_TIME = 10
"""To each endpoint."""
MOST_SECONDS = 20.0
"""How long one thing may take, however it is answered: less than others leave it alone for."""
GRACE_SECONDS = 5.0
"""How long what is under way may take when the process ends."""

_log = structlog.get_logger()

Tried = tuple[Settled, Unheard | None]


class Sending:
    """Tells all endpoints."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        hooks: Hooks,
        notes: NoteWriter,
        metrics: IntakeMetrics,
    ) -> None:
        self._database = database
        self._seal = seal
        self._hooks = hooks
        self._notes = notes
        self._metrics = metrics
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self.wake: Callable[[], None] = lambda: None
        """Called when an endpoint may be told more."""

    async def run(self, _now: datetime) -> bool:
        """Begins to tell what is due at endpoints that are not being told anything."""
        async with self._database.transaction() as conn:
            rows = await queue.claim(conn, AT_A_TIME, list(self._under_way))
            notes = any(row["url"] is None for row in rows)
            known = await sources.every(conn) if notes else {}
        by_endpoint = itemgetter("endpoint_id")
        for endpoint_id, theirs in groupby(sorted(rows, key=by_endpoint), by_endpoint):
            task = asyncio.create_task(self._tell(endpoint_id, list(theirs), known))
            self._under_way[endpoint_id] = task
            task.add_done_callback(partial(self._ended, endpoint_id))
        return False

    async def settled(self) -> None:
        """Waits until nothing is under way."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Waits for what is under way, though not for long, and closes all connections."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way.values(), timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
        await self._hooks.close()

    def _ended(self, endpoint_id: str, task: asyncio.Task[None]) -> None:
        del self._under_way[endpoint_id]
        if not task.cancelled() and (error := task.exception()):
            _log.warning("endpoint.failed", endpoint=endpoint_id, error=type(error).__name__)
        self.wake()

    async def _tell(
        self, endpoint_id: str, rows: Sequence[asyncpg.Record], known: Mapping[str, Registered]
    ) -> None:
        tried = await asyncio.gather(*(self._tell_one(row, known) for row in rows))
        settled = [each for each, _ in tried]
        async with self._database.transaction() as conn:
            # By how it went with the endpoint before: what alone is not taken is given up.
            await queue.settle(conn, settled)
            is_disabled = await self._judge(conn, endpoint_id, tried)
        source = rows[0]["source"]
        for each in settled:
            if each.counts:
                self._metrics.outgoing.labels(source, each.state).inc()
        if is_disabled:
            _log.warning("endpoint.disabled", endpoint=endpoint_id, source=source)

    async def _tell_one(self, row: asyncpg.Record, known: Mapping[str, Registered]) -> Tried:
        settled = partial(Settled, row["id"], row["tries"])
        try:
            async with asyncio.timeout(MOST_SECONDS):
                await self._try(row, known)
        except Unheard as unheard:
            return settled(State.WAITING, str(unheard)), unheard
        except Hopeless as hopeless:
            return settled(State.GIVEN_UP, str(hopeless)), None
        except Kept:
            return settled(State.WAITING, counts=False), None
        except Exception as error:  # noqa: BLE001 - what cannot be told costs itself alone
            problem = f"it cannot be told ({type(error).__name__})"
            return settled(State.WAITING, problem), Unheard(problem)
        return settled(State.DELIVERED), None

    async def _try(self, row: asyncpg.Record, known: Mapping[str, Registered]) -> None:
        if row["url"] is None:
            await self._notes.write(known.get(row["source"]), row)
        else:
            opened = filter(None, map(self._seal.open, row["secrets"]))
            await self._hooks.call(row, [plain.decode() for plain in opened])

    async def _judge(
        self, conn: asyncpg.Connection, endpoint_id: str, tried: Sequence[Tried]
    ) -> bool:
        """Keeps how it goes with an endpoint; tells whether it is called no more."""
        unheard = [why for _, why in tried if why]
        if any(each.state is State.DELIVERED for each, _ in tried):
            await queue.heard(conn, endpoint_id)
            return False
        if not unheard:
            return False
        rests = [why.rest for why in unheard if why.rest is not None]
        return await queue.unheard(
            conn,
            endpoint_id,
            str(unheard[-1]),
            rest=max(rests, default=None),
            is_gone=any(isinstance(why, Gone) for why in unheard),
        )
