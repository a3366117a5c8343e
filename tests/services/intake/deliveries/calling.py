"""A system that calls intake's door, and what is made there of what it says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import httpx

from services.intake.deliveries.store import replay
from services.intake.sources import store
from services.intake.sources.domain import APPLIED_DAYS, LETTER_DAYS, Speaks
from shared.runtime.clock import Clock
from shared.runtime.jobs import Job
from shared.runtime.postgres import Database
from shared.runtime.sealing import Seal
from tests.databases import Databases
from tests.services.intake.front import Front, opened
from tests.services.intake.upstream import NOW, rows
from tests.services.intake.webhooks.greenhouse import SECRET, signed, written


async def connect(
    conn: asyncpg.Connection, name: str, system: str, seal: Seal, now: datetime
) -> None:
    """Connects a system that leaves noes to us, and of which nothing counts yet."""
    await store.add(conn, name, system, SECRET, seal, now)
    await store.speak(conn, name, Speaks.US)


@dataclass
class Careers:
    """A Greenhouse account connected as `careers`, which counts and leaves noes to us."""

    front: Front

    @property
    def database(self) -> Database:
        return self.front.service.database

    async def call(
        self, body: Any, *, name: str = "careers", event_id: str = "gh-1", **headers: str
    ) -> httpx.Response:
        raw = body if isinstance(body, bytes) else written(body)
        sent = signed(raw, event_id=event_id) | headers
        path = f"/v1/webhooks/{name}"
        return await self.front.client.post(path, content=raw, headers=sent)

    async def connect(self, system: str, **options: Any) -> None:
        """Connects another system as `jobs`, which counts and leaves noes to us."""
        seal = self.front.service.settings.seal()
        async with self.database.transaction() as conn:
            await connect(conn, "jobs", system, seal, NOW)
            await store.set_options(conn, "jobs", options)
            await store.start(conn, "jobs", LETTER_DAYS, APPLIED_DAYS, NOW - timedelta(days=1))

    async def run(self, job: str = "deliveries") -> bool:
        """Does one round of a job of the service."""
        return await self._job(job)._run(self.front.service.clock.now())

    def woken(self, job: str) -> bool:
        """Tells whether a job of the service was told that there is something to do."""
        return self._job(job)._poked.is_set()

    def _job(self, name: str) -> Job:
        [found] = [each for each in self.front.service._jobs if each.name == name]
        return found

    async def made(self) -> list[tuple[str, str]]:
        """Returns what was made of each delivery, in the order in which they came."""
        found = await rows(self.database, "select state, summary from deliveries order by id")
        return [(row["state"], row["summary"]) for row in found]

    async def applications(self) -> list[tuple[str, bool]]:
        """Returns the status of each application, and whether whoever it is was told."""
        found = await rows(
            self.database,
            "select status, coalesce((rejection -> 'alreadyTold')::boolean, false) as told"
            " from applications order by source_application_id",
        )
        return [(row["status"], row["told"]) for row in found]

    async def read_again(self, **which: Any) -> int:
        async with self.database.transaction() as conn:
            count = await replay(conn, **which)
        await self.run()
        return count


@asynccontextmanager
async def connected(
    databases: Databases,
    clock: Clock,
    *,
    live: bool = True,
    system: str = "greenhouse",
    **settings: Any,
) -> AsyncIterator[Careers]:
    async with opened(databases, clock, **settings) as front:
        seal = front.service.settings.seal()
        async with front.service.database.transaction() as conn:
            await connect(conn, "careers", system, seal, NOW)
            if live:
                then = NOW - timedelta(days=1)
                await store.start(conn, "careers", LETTER_DAYS, APPLIED_DAYS, then)
        yield Careers(front)
