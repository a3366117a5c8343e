"""The scheduler's handlers and jobs on a real database, without a broker."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg
import pytest
from prometheus_client import CollectorRegistry

from services.scheduler.handlers import Handlers
from services.scheduler.jobs import Jobs
from services.scheduler.metrics import PlanMetrics
from services.scheduler.planner import Planner
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactDue
from shared.contract.events.notifications import MessageSent
from shared.contract.events.payload import Payload, stable_id
from shared.contract.events.people import Channel
from shared.contract.topics import CONTACTS
from shared.runtime.clock import ManualClock
from shared.runtime.postgres import Database
from shared.runtime.processing import Handler
from tests.databases import Databases
from tests.services.scheduler.people import POLICY


class Bench:
    """Lets a test say what happens, moves the clock, and shows what has been emitted."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database = database
        self.clock = clock
        self.metrics = PlanMetrics(CollectorRegistry())
        planner = Planner(POLICY, self.metrics)
        self.handlers = Handlers(planner)
        self.jobs = Jobs(database, planner, POLICY, self.metrics, 10**9)

    async def know(self, *states: CandidateChanged) -> None:
        await self.hear(self.handlers.on_candidates, states)

    async def respond(self, *responses: Payload) -> None:
        await self.hear(self.handlers.on_responses, responses)

    async def report(self, *ends: Payload) -> None:
        await self.hear(self.handlers.on_notifications, ends)

    async def erase(self, *ids: str) -> None:
        now = self.clock.now()
        tombstones = [
            Event.tombstone(id, CandidateChanged.type, source="intake", at=now) for id in ids
        ]
        async with self.database.transaction() as conn:
            await self.handlers.on_candidates(conn, tombstones, now)

    async def hear(self, handler: Handler, payloads: Sequence[Payload]) -> None:
        now = self.clock.now()
        events = [Event.about(payload, source="intake", at=now) for payload in payloads]
        async with self.database.transaction() as conn:
            await handler(conn, events, now)

    async def live_until(self, moment: datetime) -> list[Payload]:
        """Goes to a moment as a jump of the clock does; returns what is emitted on the way."""
        self.clock.set(moment)
        while await self.jobs.revive(moment):
            pass
        while await self.jobs.emit(moment):
            pass
        return await self.published()

    async def published(self) -> list[Payload]:
        """Takes what waits in the outbox."""
        async with self.database.connection() as conn:
            rows = await conn.fetch("delete from outbox returning *")
        rows.sort(key=lambda row: row["id"])
        return [CONTACTS.event_types[row["type"]].model_validate_json(row["value"]) for row in rows]

    async def rows(self, query: str, *values: object) -> list[asyncpg.Record]:
        async with self.database.connection() as conn:
            return list(await conn.fetch(query, *values))


def sent(due: ContactDue, after: timedelta = timedelta(seconds=5)) -> MessageSent:
    """Returns the notifier's report that a contact has left."""
    return MessageSent(
        message_id=stable_id(due.contact_id, "message"),
        recipient_id=due.candidate_id,
        contact_id=due.contact_id,
        purpose=due.purpose,
        application_id=due.application_id,
        channel=Channel.EMAIL,
        at=due.windows[0].opens_at + after,
        wording_version="1",
        asked_hat=due.facts.asks_hat,
    )


@pytest.fixture
async def scheduler(databases: Databases, clock: ManualClock) -> Bench:
    return Bench(await databases("scheduler"), clock)
