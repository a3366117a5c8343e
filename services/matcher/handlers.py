"""Every way the matcher is woken: a vacancy, a person, a profile, and what came of a shortlist."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.matcher.domain.vacancies import calls_for_search, follow
from services.matcher.domain.views import views
from services.matcher.indexing import INDEXING
from services.matcher.search_jobs import SEARCHES
from services.matcher.settings import Settings
from services.matcher.store import eligibility, people, search_jobs, search_ledger, vacancies
from services.matcher.store.search_ledger import Afterward
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import CandidateQualified, ContactDue
from shared.contract.events.notifications import MessageSent
from shared.contract.events.openings import OpeningChanged
from shared.contract.events.payload import stable_id
from shared.contract.events.profiles import ProfileChanged
from shared.contract.events.purposes import INVITING
from shared.contract.events.responses import (
    Answer,
    CandidateAnswered,
    InvitationApproved,
    InvitationDeclined,
    InvitationPayload,
    InvitationWithdrawn,
)
from shared.runtime import parking

DECISIONS: dict[type[InvitationPayload], str] = {
    InvitationApproved: "approved",
    InvitationDeclined: "declined",
    InvitationWithdrawn: "withdrawn",
}


class Handlers:
    def __init__(self, settings: Settings) -> None:
        self._settle = settings.settle_seconds

    async def on_openings(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Follows vacancies, and asks for a search where one opened or asks for something else."""
        known = await vacancies.openings(conn, [event.key for event in events])
        erased = [event.key for event in events if event.data is None]
        followed, searches, ended = [], [], list(erased)
        for event in events:
            if not isinstance(event.data, OpeningChanged):
                continue
            opening = follow(known.get(event.key), event.data, now)
            followed.append(opening)
            wanted = calls_for_search(known.get(event.key), opening)
            if wanted or opening.closed_at:
                ended.append(event.key)
            if wanted:
                job_id = stable_id("shortlist", event.key, str(event.data.version))
                cause = event.correlation_id or event.id
                searches.append((job_id, event.key, cause, event.id))
        await vacancies.keep_openings(conn, followed)
        await vacancies.close_openings(conn, erased, now)
        cancelled = await search_jobs.cancel(conn, ended)
        await parking.release(conn, SEARCHES, cancelled)
        await search_jobs.ask_for_searches(conn, searches, self._settle)

    async def on_candidates(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Keeps people's states, and when they may be listed; deletes the erased.

        What each of several systems may know of somebody is kept beside what all know together.
        """
        await self._erase(conn, events)
        states = [event.data for event in events if isinstance(event.data, CandidateChanged)]
        numbers = await _enrolled(conn, [state.candidate_id for state in states])
        known = [state for state in states if state.candidate_id in numbers]
        seen = {
            (state.candidate_id, source): view
            for state in known
            for source, view in views(state).items()
        }
        seen_under = await people.keep_views(conn, list(numbers), list(seen))
        whole = {numbers[state.candidate_id]: state for state in known}
        seen_by = {number: source for (_, source), number in seen_under.items()}
        apart = {number: seen[key] for key, number in seen_under.items()}
        await eligibility.keep_candidates(conn, whole | apart, seen_by)

    async def on_profiles(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Keeps what people can do, to be read soon; deletes the erased."""
        await self._erase(conn, events)
        changed = [event.data for event in events if isinstance(event.data, ProfileChanged)]
        numbers = await _enrolled(conn, [at.candidate_id for at in changed])
        known = {numbers[at.candidate_id]: at for at in changed if at.candidate_id in numbers}
        await people.keep_profiles(conn, known)

    async def on_contacts(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Looks at the open vacancies for whoever qualified; notes invitations that are planned."""
        await self._ask_about(
            conn, [event for event in events if isinstance(event.data, CandidateQualified)]
        )
        await search_ledger.note(conn, [note for event in events if (note := _planned(event))])

    async def on_responses(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Looks at the open vacancies for whoever has it now; notes decisions and answers."""
        await self._ask_about(conn, [event for event in events if _has_something_new(event)])
        await search_ledger.note(conn, [note for event in events if (note := _decided(event))])

    async def on_notifications(
        self, conn: asyncpg.Connection, events: Sequence[Event], now: datetime
    ) -> None:
        """Notes the invitations that left."""
        await search_ledger.note(conn, [note for event in events if (note := _contacted(event))])

    async def _erase(self, conn: asyncpg.Connection, events: Sequence[Event]) -> None:
        erased = [event.key for event in events if event.data is None]
        if erased:
            await people.erase(conn, erased)
            await parking.release(conn, INDEXING, erased)

    async def _ask_about(self, conn: asyncpg.Connection, events: Sequence[Event]) -> None:
        if events:
            first = events[0]
            await search_jobs.ask_about_newcomers(
                conn,
                sorted({event.key for event in events}),
                event_id=first.id,
                correlation_id=first.correlation_id or first.id,
                settle_seconds=self._settle,
            )


async def _enrolled(conn: asyncpg.Connection, ids: Sequence[str]) -> dict[str, int]:
    """Returns people's numbers; what could not be indexed of them before is tried again."""
    await parking.release(conn, INDEXING, ids)
    return await people.enrol(conn, ids)


def _has_something_new(event: Event) -> bool:
    """Tells whether somebody says that they have what they had not."""
    new = (Answer.HAS_IT_NOW, Answer.NEWS)
    return isinstance(event.data, CandidateAnswered) and event.data.answer in new


def _planned(event: Event) -> Afterward | None:
    due = event.data
    if not isinstance(due, ContactDue) or due.purpose not in INVITING:
        return None
    return Afterward(
        event.id,
        "planned",
        due.candidate_id,
        event.time,
        vacancy_id=due.facts.vacancy_id,
        contact_id=due.contact_id,
    )


def _decided(event: Event) -> Afterward | None:
    said = event.data
    if isinstance(said, InvitationPayload):
        return Afterward(
            event.id,
            DECISIONS[type(said)],
            said.candidate_id,
            said.at,
            vacancy_id=said.vacancy_id,
            shortlist_id=said.shortlist_id,
        )
    if not isinstance(said, CandidateAnswered) or not said.answer.is_known:
        return None
    if said.vacancy_id or said.contact_id:
        return Afterward(
            event.id,
            said.answer.value,
            said.candidate_id,
            said.at,
            vacancy_id=said.vacancy_id,
            contact_id=said.contact_id,
        )
    return None


def _contacted(event: Event) -> Afterward | None:
    sent = event.data
    if not isinstance(sent, MessageSent) or sent.purpose not in INVITING or not sent.contact_id:
        return None
    return Afterward(event.id, "contacted", sent.recipient_id, sent.at, contact_id=sent.contact_id)
