"""What the scheduler hears: each batch changes what is known, then the plans that rest on it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import asyncpg

from services.scheduler.domain.occasions import State
from services.scheduler.planner import Planner
from services.scheduler.store import candidates, occasions
from services.scheduler.store.occasions import ContactEnd
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import ContactWithdrawn
from shared.contract.events.notifications import (
    MessageBounced,
    MessageDropped,
    MessageExpired,
    MessageFailed,
    MessagePayload,
    MessageSent,
    MessageUncertain,
)
from shared.contract.events.payload import Payload
from shared.contract.events.responses import (
    CandidateAnswered,
    InterestEnded,
    InterestPayload,
    InterestRaised,
    InvitationApproved,
    InvitationWithdrawn,
    ReplyReceived,
)

ENDS: dict[type[MessagePayload], State] = {
    MessageSent: State.SENT,
    MessageUncertain: State.UNCERTAIN,
    MessageFailed: State.FAILED,
    MessageDropped: State.DROPPED,
    MessageExpired: State.EXPIRED,
}


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
        others = [id for state in states for id in state.split_from]
        living = await candidates.lock(conn, [*causes, *absorbed, *others])
        await candidates.adopt(
            conn, {id: into for id, into in absorbed.items() if into in living}, now
        )
        await candidates.keep_states(conn, states)
        await candidates.take_along(conn, [it for it in states if it.split_from])
        erased = [event.key for event in events if event.data is None]
        under_way = await candidates.erase(conn, erased, now)
        await self._planner.withdraw(conn, [_gone(*each) for each in under_way], causes, now)
        await self._planner.replan(conn, causes, now)

    async def on_responses(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """An invitation may come before the person's state: it then waits for it.

        Whose an interest was, or is by now, may have changed since it was first heard of.
        """
        causes = _by_key(event for event in events if _is_understood(event.data))
        interests = {
            event.data.interest_id: event
            for event in events
            if isinstance(event.data, InterestPayload)
        }
        for id, owner in (await candidates.interested(conn, interests)).items():
            causes.setdefault(owner, interests[id])
        living = await candidates.lock(conn, list(causes))
        heard = [e.data for e in events if e.key in living and _is_understood(e.data)]
        decisions = {
            (data.candidate_id, data.shortlist_id): data
            for data in heard
            if isinstance(data, InvitationApproved | InvitationWithdrawn)
        }.values()
        await candidates.approve(conn, [d for d in decisions if isinstance(d, InvitationApproved)])
        await candidates.disapprove(
            conn, [d for d in decisions if isinstance(d, InvitationWithdrawn)]
        )
        answers = [data for data in heard if isinstance(data, CandidateAnswered)]
        await candidates.answer(conn, answers)
        await occasions.answer(conn, answers)
        await occasions.hear_of_mails(conn, [it for it in heard if isinstance(it, ReplyReceived)])
        await candidates.raise_interests(
            conn, [data for data in heard if isinstance(data, InterestRaised)]
        )
        await candidates.end_interests(
            conn, [event.data for event in events if isinstance(event.data, InterestEnded)]
        )
        await self._planner.replan(conn, causes, now)

    async def on_notifications(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """How a contact ended decides what may follow it, and when.

        An owed answer that comes back for good has failed after all, and is tried another way.
        """
        reports: dict[str, tuple[Event, ContactEnd]] = {}
        returned: dict[str, Event] = {}
        for event in events:
            if end := _end(event.data):
                reports.setdefault(end.contact_id, (event, end))
            elif contact_id := _returned(event.data):
                returned[contact_id] = event
        await candidates.lock(conn, await occasions.owners(conn, [*reports, *returned]))
        news = await occasions.end_contacts(conn, [end for _, end in reports.values()])
        causes = {candidate: reports[contact][0] for contact, candidate in news.items()}
        failed = await occasions.fail_returned(
            conn, {contact: event.time for contact, event in returned.items()}
        )
        causes |= {candidate: returned[contact] for contact, candidate in failed.items()}
        await self._planner.replan(conn, causes, now)


def _is_understood(response: Payload | None) -> bool:
    """Tells whether it changes a plan; an answer of a newer version tells nothing here."""
    if isinstance(response, CandidateAnswered):
        return response.answer.is_known
    return isinstance(
        response,
        InvitationApproved | InvitationWithdrawn | InterestRaised | InterestEnded | ReplyReceived,
    )


def _end(report: Payload | None) -> ContactEnd | None:
    """Returns the end that a report tells of; what is heard of a message later is no end."""
    if not isinstance(report, MessagePayload) or not report.contact_id:
        return None
    state = ENDS.get(type(report))
    return ContactEnd(report.contact_id, state, report.at) if state else None


def _returned(report: Payload | None) -> str | None:
    """Returns the contact that told nobody although it had left."""
    if isinstance(report, MessageBounced) and report.untold:
        return report.contact_id
    return None


def _by_key(events: Iterable[Event]) -> dict[str, Event]:
    return {event.key: event for event in events}


def _gone(contact_id: str, candidate_id: str) -> ContactWithdrawn:
    return ContactWithdrawn(contact_id=contact_id, candidate_id=candidate_id, because="gone")
