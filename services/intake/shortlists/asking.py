"""Passing approvals on: at once, or to whoever just missed out when it is their turn."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.intake.applicants import publishing
from services.intake.shortlists import store
from services.intake.shortlists.domain import Employer, obstacle
from services.intake.shortlists.store import OpenVacancy, Place
from services.intake.shortlists.turns import Finisher, standing, whose_turn
from shared.contract.business_hours import hours_of
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.responses import InvitationApproved, InvitationPayload
from shared.contract.topics import RESPONSES
from shared.runtime import outbox


async def ask(
    conn: asyncpg.Connection,
    vacancy: OpenVacancy,
    places: Sequence[Place],
    employer: Employer,
    now: datetime,
    *,
    first: bool = False,
) -> None:
    """Passes on the approvals of some of those on one shortlist; what was passed on stays so."""
    by_id = {place.candidate_id: place for place in places}
    if not places:
        return
    asked = await store.ask(conn, places[0].shortlist_id, list(by_id), now)
    facts, location = vacancy.vacancy, vacancy.vacancy.job_location
    approvals = [
        InvitationApproved(
            shortlist_id=by_id[candidate_id].shortlist_id,
            candidate_id=candidate_id,
            recruiter_id=recruiter_id,
            vacancy_id=facts.vacancy_id,
            at=now,
            vacancy_title=facts.title,
            employer=employer.name,
            locality=location.locality if location else None,
            country=location.country if location else None,
            apply_url=facts.apply_url,
            application_id=by_id[candidate_id].application_id,
            asked_first=first,
        )
        for candidate_id, recruiter_id in asked.items()
    ]
    await tell(conn, approvals, now)


async def ask_next(
    conn: asyncpg.Connection, vacancy: OpenVacancy, employer: Employer, now: datetime
) -> None:
    """Asks the next of those who just missed out on a vacancy, which nobody else changes now."""
    places = await store.finishers(conn, vacancy.vacancy.vacancy_id)
    if not any(place.waits for place in places):
        return
    states = await publishing.states(conn, [place.candidate_id for place in places], now)
    line = [
        _finisher(place, state, vacancy, employer, now)
        for place in places
        if (state := states.get(place.candidate_id))
    ]
    if following := whose_turn(line):
        first = not any(place.is_under_way or place.left_at for place in places)
        await ask(conn, vacancy, [following], employer, now, first=first)


async def tell(
    conn: asyncpg.Connection, decisions: Sequence[InvitationPayload], now: datetime
) -> None:
    """Tells everybody else what was decided."""
    events = [Event.about(each, source="intake", at=now) for each in decisions]
    await outbox.put(conn, RESPONSES, events)


def _finisher(
    place: Place, state: CandidateChanged, vacancy: OpenVacancy, employer: Employer, now: datetime
) -> Finisher:
    hindered = obstacle(state, now, vacancy_open=vacancy.is_open, continues=True)
    hours = hours_of(state.time_zone, state.country, employer.hours)
    return Finisher(place, standing(place, hindered, hours, now))
