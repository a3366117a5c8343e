"""Makes plans anew, for a whole batch of people at once, from what the tables hold now."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg

from services.scheduler.domain.occasions import CandidateRecord, Occasion, Plan
from services.scheduler.domain.planning import plan
from services.scheduler.domain.policy import Policy
from services.scheduler.metrics import PlanMetrics
from services.scheduler.store import candidates, occasions
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactWithdrawn
from shared.contract.events.payload import stable_id
from shared.contract.topics import CONTACTS
from shared.runtime import outbox

CHUNK = 50
"""So many plans are made before the event loop, and with it Kafka's heartbeat, has its turn."""

Causes = Mapping[str, Event | None]
"""Whose plan is to be made anew, and the event that brought it about."""


class Planner:
    def __init__(self, policy: Policy, metrics: PlanMetrics) -> None:
        self._policy = policy
        self._metrics = metrics

    async def replan(self, conn: asyncpg.Connection, causes: Causes, now: datetime) -> None:
        """Brings the tables to what the plans are now, and withdraws what is no longer in them.

        Whoever is unknown, or erased, is passed over. It may be repeated at any time.
        """
        if not causes:
            return
        plans = await self._plans(await candidates.records(conn, list(causes)), now)
        over = [id for made in plans for id in (*made.obsolete, *made.forgotten)]
        await occasions.delete(conn, over)
        planned = [occasion for made in plans for occasion in made.occasions]
        await occasions.plan(conn, [(occasion, _event(occasion, causes)) for occasion in planned])
        await self.withdraw(conn, [each for made in plans for each in made.withdrawn], causes, now)

    async def withdraw(
        self,
        conn: asyncpg.Connection,
        contacts: Sequence[ContactWithdrawn],
        causes: Causes,
        now: datetime,
    ) -> None:
        """Tells the notifier what must not leave any more."""
        await occasions.withdraw(conn, [contact.contact_id for contact in contacts])
        await outbox.put(conn, CONTACTS, [_withdrawal(each, causes, now) for each in contacts])
        for because, count in Counter(contact.because for contact in contacts).items():
            self._metrics.withdrawn.labels(because).inc(count)

    async def _plans(self, records: Sequence[CandidateRecord], now: datetime) -> list[Plan]:
        plans: list[Plan] = []
        for start in range(0, len(records), CHUNK):
            plans += [plan(record, now, self._policy) for record in records[start : start + CHUNK]]
            await asyncio.sleep(0)
        return plans


def _event(occasion: Occasion, causes: Causes) -> Event:
    """Makes the event an occasion will be, with the id it has however often it is made."""
    return Event.about(
        occasion.event,
        source="scheduler",
        at=occasion.due_at,
        id=occasion.id,
        cause=causes[occasion.event.candidate_id],
    )


def _withdrawal(contact: ContactWithdrawn, causes: Causes, now: datetime) -> Event:
    return Event.about(
        contact,
        source="scheduler",
        at=now,
        id=stable_id(contact.contact_id, "withdrawn"),
        cause=causes[contact.candidate_id],
    )
