"""Makes what waits into events, and records them as `/v1` does.

One round claims what has waited longest, reads it, and records what it says in one transaction.
What is at fault costs itself alone, and replicas share the work. It makes no difference whether a
delivery is read for the first time, after a repair, or with five thousand others.
"""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.intake.deliveries import store
from services.intake.deliveries.store import Settled
from services.intake.deliveries.understanding import Understanding, settled
from services.intake.ingestion.submissions import Ingestion
from services.intake.metrics import IntakeMetrics
from services.intake.sources import store as sources
from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.cloudevents import Unreadable
from shared.runtime.postgres import Database

AT_A_TIME = 200


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
        async with self._database.transaction() as conn:
            if rows := await store.claim(conn, AT_A_TIME):
                made = await self._record(conn, rows)
                await store.settle(conn, made)
        for row, each in zip(rows, made, strict=True):
            self._metrics.deliveries.labels(row["source"], each.state).inc()
        return len(rows) == AT_A_TIME

    async def _record(
        self, conn: asyncpg.Connection, rows: Sequence[asyncpg.Record]
    ) -> list[Settled]:
        """Records what live sources say of those who are, or get, into the record."""
        known = {name: each.source for name, each in (await sources.every(conn)).items()}
        read = await self._understanding.read(rows, known)
        wanted = await self._understanding.wanted(conn, read)
        live = {row["id"] for row in rows if known[row["source"]].is_live}
        events = [
            event
            for each in read
            for event in each.reading.events
            if each.id in live and id(event) in wanted
        ]
        results = await self._ingestion.apply(conn, events) if events else []
        done = dict(zip(map(id, events), results, strict=True))
        new = {
            hash
            for event in events
            if isinstance(event.data, ApplicantRejected)
            and not isinstance(done[id(event)], Unreadable)
            for hash in self._understanding.hashes(event)
        }
        await store.read_again_about(conn, new)
        return [settled(each, wanted, done if each.id in live else None) for each in read]
