"""What the clock wakes the scheduler for."""

import asyncio
from datetime import datetime

from services.scheduler.domain.policy import Policy
from services.scheduler.metrics import PlanMetrics
from services.scheduler.planner import PLANNING, Planner
from services.scheduler.store import candidates, occasions
from shared.runtime.postgres import Database

EMITTED_AT_A_TIME = 5000
REVIVED_AT_A_TIME = 500
DELETED_AT_A_TIME = 1000


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
        self._pause = EMITTED_AT_A_TIME / emit_per_second

    async def emit(self, now: datetime) -> bool:
        """Emits what is due; a backlog leaves in batches, with a pause after each.

        It does not use `transaction`, whose commits wake this very job.
        """
        async with self._database.connection() as conn, conn.transaction():
            emitted = await occasions.emit_due(conn, now, EMITTED_AT_A_TIME)
        for kind, count in emitted.items():
            self._metrics.emitted.labels(kind).inc(count)
        full = sum(emitted.values()) == EMITTED_AT_A_TIME
        if full:
            await asyncio.sleep(self._pause)
        return full

    async def revive(self, now: datetime) -> bool:
        """Plans anew for everybody of whom something planned is past its expiry by now.

        Whose plan cannot be made is parked, and so passed over from the next round on.
        """
        async with self._database.transaction() as conn:
            expired = await occasions.expired(conn, PLANNING, now, REVIVED_AT_A_TIME)
            planned = await self._planner.replan_each(conn, expired, now)
        self._metrics.expired.inc(len(planned))
        return bool(expired)

    async def purge(self, now: datetime) -> bool:
        """Deletes what those have left who were erased a day ago, and old answers of recruiters."""
        before = now - self._policy.remembered_for
        async with self._database.transaction() as conn:
            purged = await candidates.purge(conn, now, DELETED_AT_A_TIME)
            invited = await candidates.forget_invitations(conn, before, DELETED_AT_A_TIME)
            interested = await candidates.forget_interests(conn, before, DELETED_AT_A_TIME)
        return DELETED_AT_A_TIME in (purged, invited, interested)

    async def measure(self, now: datetime) -> bool:
        """Shows how late the plan is, and who waits for an answer for too long."""
        async with self._database.connection() as conn:
            since = await occasions.due_since(conn)
            promised = now - self._policy.answer_promised_within
            self._metrics.unanswered.set(await occasions.unanswered(conn, promised))
        self._metrics.due_lag.set(max(0.0, (now - since).total_seconds()) if since else 0.0)
        return False
