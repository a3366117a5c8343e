"""Makes what waits into events, and records them as `/v1` does.

One round claims what has waited longest, reads it, and records what it says in one transaction.
What is at fault costs itself alone, and replicas share the work. It makes no difference whether a
delivery is read for the first time, after a repair, or with five thousand others.

What counts only of somebody who is known is passed over while nobody is. Whoever becomes known, in
whichever way, has it read again in that same transaction. So it is passed over in a transaction of
its own, for whose end whoever makes somebody known waits; and it is looked once more whether
somebody is by then.
"""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.intake.applicants.store import people
from services.intake.deliveries import store
from services.intake.deliveries.store import Settled
from services.intake.deliveries.understanding import (
    Read,
    Understanding,
    counts,
    is_unknown,
    passed_over,
    settled,
)
from services.intake.ingestion.submissions import Ingestion
from services.intake.metrics import IntakeMetrics
from services.intake.sources import store as sources
from services.intake.sources.domain import Source
from shared.runtime.postgres import Database

AT_A_TIME = 50
"""More cost hardly less each, and hold the event loop for longer, in which whoever calls waits."""


class Recording:
    """Reads and records the deliveries of all sources."""

    def __init__(
        self,
        database: Database,
        ingestion: Ingestion,
        understanding: Understanding,
        metrics: IntakeMetrics,
    ) -> None:
        self._database = database
        self._ingestion = ingestion
        self._understanding = understanding
        self._metrics = metrics

    async def run(self, _now: datetime) -> bool:
        """Records some deliveries; returns whether more may wait."""
        made: list[Settled] = []
        left: list[Read] = []
        async with self._database.transaction() as conn:
            if rows := await store.claim(conn, AT_A_TIME):
                made, left = await self._record(conn, rows)
                await store.settle(conn, made)
        passed = await self._pass_over(left) if left else []
        whose = {row["id"]: row["source"] for row in rows}
        for each in (*made, *passed):
            self._metrics.deliveries.labels(whose[each.id], each.state).inc()
        return len(rows) == AT_A_TIME or len(passed) < len(left)

    async def _record(
        self, conn: asyncpg.Connection, rows: Sequence[asyncpg.Record]
    ) -> tuple[list[Settled], list[Read]]:
        """Records what live sources say; returns also what is about nobody who is known."""
        known, read = await self._read(conn, rows)
        wanted = await self._understanding.wanted(conn, read)
        live = {
            each.id
            for row, each in zip(rows, read, strict=True)
            if counts(known[row["source"]], each)
        }
        events = [event for each in read for event in each.counted if id(event) in wanted]
        results = await self._ingestion.apply(conn, events) if events else []
        done = dict(zip(map(id, events), results, strict=True))
        left = [each for each in read if is_unknown(each, wanted)]
        unknown = {each.id for each in left}
        made = [
            settled(each, done if each.id in live else None)
            for each in read
            if each.id not in unknown
        ]
        return made, left

    async def _read(
        self, conn: asyncpg.Connection, rows: Sequence[asyncpg.Record]
    ) -> tuple[dict[str, Source], list[Read]]:
        """Reads deliveries as their sources are set up, also by what these say of their jobs."""
        known = await _known(conn)
        read = await self._understanding.read(rows, known)
        of_jobs = [
            (row["source"], each.reading.of_job)
            for row, each in zip(rows, read, strict=True)
            if each.reading.of_job
        ]
        if not of_jobs:
            return known, read
        await sources.say_of_jobs(conn, of_jobs)
        known = await _known(conn)
        return known, await self._understanding.read(rows, known)

    async def _pass_over(self, read: Sequence[Read]) -> list[Settled]:
        """Passes over what is about nobody who is known; what has become so goes on waiting."""
        async with self._database.transaction() as conn:
            waiting = await store.claim_again(conn, [each.id for each in read])
            left = [each for each in read if each.id in waiting]
            known = await people.known(conn, {hash for each in left for hash in each.about})
            passed = [passed_over(each) for each in left if known.isdisjoint(each.about)]
            await store.settle(conn, passed)
        return passed


async def _known(conn: asyncpg.Connection) -> dict[str, Source]:
    return {name: each.source for name, each in (await sources.every(conn)).items()}
