"""Makes plans anew, for a whole batch of people at once, from what the tables hold now."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

import asyncpg

from services.scheduler.domain.occasions import CandidateRecord, Occasion
from services.scheduler.domain.planning import plan
from services.scheduler.domain.policy import Policy
from services.scheduler.metrics import PlanMetrics
from services.scheduler.store import candidates, occasions
from services.scheduler.store.occasions import Planned
from shared.contract.events.cloudevents import Event, body_of
from shared.contract.events.contacts import ContactWithdrawn
from shared.contract.events.payload import stable_id
from shared.contract.topics import CONTACTS
from shared.runtime import outbox, parking

AT_A_TIME = 10
"""For so many people plans are made before the event loop, and with it Kafka's heartbeat, has its
turn while they are written."""

PLANNING = "planning"
"""By this name people are parked whose plan cannot be made."""

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
        records = await candidates.records(conn, list(causes))
        while some := list(islice(records, AT_A_TIME)):
            await self._replan(conn, some, causes, now)
        await parking.release(conn, PLANNING, list(causes))

    async def replan_each(
        self, conn: asyncpg.Connection, ids: Sequence[str], now: datetime
    ) -> list[str]:
        """Does the same of the clock's own accord, parks whoever it fails for, returns the others.

        They stay parked until something is heard of them that a plan can be made of.
        """

        async def replan(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
            await self.replan(conn, dict.fromkeys(ids), now)

        return await parking.work(conn, PLANNING, ids, replan, key=str)

    async def withdraw(
        self,
        conn: asyncpg.Connection,
        contacts: Sequence[ContactWithdrawn],
        causes: Causes,
        now: datetime,
    ) -> None:
        """Tells the notifier what must not leave any more."""
        if not contacts:
            return
        due_to = await occasions.withdraw(conn, [contact.contact_id for contact in contacts])
        events = [_withdrawal(each, due_to[each.contact_id], causes, now) for each in contacts]
        await outbox.put(conn, CONTACTS, events)
        for because, count in Counter(contact.because for contact in contacts).items():
            self._metrics.withdrawn.labels(because).inc(count)

    async def _replan(
        self,
        conn: asyncpg.Connection,
        records: Sequence[CandidateRecord],
        causes: Causes,
        now: datetime,
    ) -> None:
        plans = [plan(record, now, self._policy) for record in records]
        over = [id for made in plans for id in (*made.obsolete, *made.forgotten)]
        planned = [occasion for made in plans for occasion in made.occasions]
        await occasions.delete(conn, over)
        await occasions.plan(conn, [_planned(occasion, causes) for occasion in planned])
        await self.withdraw(conn, [each for made in plans for each in made.withdrawn], causes, now)


def _planned(occasion: Occasion, causes: Causes) -> Planned:
    event = _event(occasion, causes)
    return Planned(occasion, event, body_of(event))


def _event(occasion: Occasion, causes: Causes) -> Event:
    """Makes the event an occasion will be, with the id it has however often it is made."""
    return Event.about(
        occasion.event,
        source="scheduler",
        at=occasion.due_at,
        id=occasion.id,
        cause=causes[occasion.event.candidate_id],
    )


def _withdrawal(contact: ContactWithdrawn, due_to: str, causes: Causes, now: datetime) -> Event:
    """Makes the event that follows the contact on its key, whoever has merged or split since."""
    return Event.about(
        contact.model_copy(update={"candidate_id": due_to}),
        source="scheduler",
        at=now,
        id=stable_id(contact.contact_id, "withdrawn"),
        cause=causes[contact.candidate_id],
    )
