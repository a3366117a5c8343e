"""What the scheduler hears: each batch changes what is known, then the plans that rest on it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import asyncpg

from services.scheduler import store
from services.scheduler.domain.occasions import State
from services.scheduler.planner import Planner
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactWithdrawn
from shared.contract.events.notifications import (
    MessageDropped,
    MessageExpired,
    MessageFailed,
    MessagePayload,
    MessageSent,
    MessageUncertain,
)
from shared.contract.events.responses import (
    CandidateAnswered,
    InvitationApproved,
    InvitationWithdrawn,
)

ENDS: dict[type[MessagePayload], State] = {
    MessageSent: State.SENT,
    MessageUncertain: State.UNCERTAIN,
    MessageFailed: State.FAILED,
    MessageDropped: State.DROPPED,
    MessageExpired: State.EXPIRED,
}


HEARD = (CandidateAnswered, InvitationApproved, InvitationWithdrawn)
"""What of the responses changes a plan."""


class Handlers:
    def __init__(self, planner: Planner) -> None:
        self._planner = planner

    async def on_candidates(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Merges come before erasures: what an absorbed person leaves is then moved already."""
        causes = _by_key(events)
        states = [event.data for event in events if isinstance(event.data, CandidateChanged)]
        absorbed = {
            id: state.candidate_id
            for state in states
            for id in state.merged_from
            if id != state.candidate_id
        }
        living = await store.lock(conn, [*causes, *absorbed])
        await store.adopt(conn, {id: into for id, into in absorbed.items() if into in living}, now)
        await store.keep_states(conn, states)
        erased = [event.key for event in events if event.data is None]
        under_way = await store.erase(conn, erased, now)
        await self._planner.withdraw(conn, [_gone(*each) for each in under_way], causes, now)
        await self._planner.replan(conn, causes, now)

    async def on_responses(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """An invitation may come before the person's state: it then waits for it."""
        causes = _by_key(event for event in events if isinstance(event.data, HEARD))
        living = await store.lock(conn, list(causes))
        heard = [event.data for event in events if event.key in living]
        decisions = {
            (data.candidate_id, data.shortlist_id): data
            for data in heard
            if isinstance(data, InvitationApproved | InvitationWithdrawn)
        }.values()
        await store.approve(conn, [d for d in decisions if isinstance(d, InvitationApproved)])
        await store.disapprove(conn, [d for d in decisions if isinstance(d, InvitationWithdrawn)])
        await store.answer(conn, [data for data in heard if isinstance(data, CandidateAnswered)])
        await self._planner.replan(conn, causes, now)

    async def on_notifications(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """How a contact ended decides what may follow it, and when."""
        reports = {
            event.data.contact_id: event
            for event in events
            if isinstance(event.data, MessagePayload) and event.data.contact_id
        }
        ends = [
            store.End(contact_id, ENDS[type(event.data)], event.data.at)
            for contact_id, event in reports.items()
            if isinstance(event.data, MessagePayload) and type(event.data) in ENDS
        ]
        await store.lock(conn, await store.owners(conn, [end.contact_id for end in ends]))
        news = await store.end_contacts(conn, ends)
        causes = {candidate: reports[contact] for contact, candidate in news.items()}
        await self._planner.replan(conn, causes, now)


def _by_key(events: Iterable[Event]) -> dict[str, Event]:
    return {event.key: event for event in events}


def _gone(contact_id: str, candidate_id: str) -> ContactWithdrawn:
    return ContactWithdrawn(contact_id=contact_id, candidate_id=candidate_id, because="gone")
