"""What the clock wakes the scheduler for."""

import asyncio
from datetime import datetime

from services.scheduler import store
from services.scheduler.domain.policy import Policy
from services.scheduler.metrics import PlanMetrics
from services.scheduler.planner import Planner
from shared.runtime.postgres import Database

BATCH = 5000
STALE = 500


class Jobs:
    def __init__(
        self,
        database: Database,
        planner: Planner,
        policy: Policy,
        metrics: PlanMetrics,
        emit_per_second: int,
    ) -> None:
        self._database = database
        self._planner = planner
        self._policy = policy
        self._metrics = metrics
        self._pause = BATCH / emit_per_second

    async def emit(self, now: datetime) -> bool:
        """Emits what is due; a backlog leaves in batches, with a pause after each.

        It does not use `transaction`, whose commits wake this very job.
        """
        async with self._database.connection() as conn, conn.transaction():
            emitted = await store.emit_due(conn, now, BATCH)
        for kind, count in emitted.items():
            self._metrics.emitted.labels(kind).inc(count)
        full = sum(emitted.values()) == BATCH
        if full:
            await asyncio.sleep(self._pause)
        return full

    async def revive(self, now: datetime) -> bool:
        """Plans anew for everybody of whom something planned is past its expiry by now."""
        async with self._database.transaction() as conn:
            stale = await store.stale(conn, now, STALE)
            await self._planner.replan(conn, dict.fromkeys(stale), now)
        self._metrics.expired.inc(len(stale))
        return bool(stale)

    async def purge(self, now: datetime) -> bool:
        """Deletes the last of those who were erased a day ago."""
        async with self._database.transaction() as conn:
            await store.purge(conn, now)
        return False

    async def measure(self, now: datetime) -> bool:
        """Shows how late the plan is, and who waits for an answer for too long."""
        async with self._database.connection() as conn:
            since = await store.due_since(conn)
            promised = now - self._policy.answer_promised_within
            self._metrics.unanswered.set(await store.unanswered(conn, promised))
        self._metrics.due_lag.set(max(0.0, (now - since).total_seconds()) if since else 0.0)
        return False
