"""What recruiters decide about the people whom the matcher found for their vacancy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.store import people, timeline
from services.intake.shortlists import store
from services.intake.shortlists.domain import (
    Choice,
    Obstacle,
    ShortlistDecision,
    obstacle,
    shows_people,
)
from services.intake.shortlists.store import OpenVacancy, Place, Shortlist
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.payload import stable_id
from shared.contract.events.responses import (
    InvitationApproved,
    InvitationDeclined,
    InvitationPayload,
    InvitationWithdrawn,
)
from shared.contract.topics import RESPONSES
from shared.runtime import outbox


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on a shortlist as they stand today."""

    place: Place
    state: CandidateChanged
    obstacle: Obstacle | None


@dataclass(frozen=True, slots=True)
class OpenShortlist:
    """A shortlist in the hands of one recruiter of its vacancy."""

    shortlist: Shortlist
    recruiter_id: str
    vacancy: OpenVacancy
    shows_people: bool
    people: Sequence[Listed]
    """Nobody where they are not shown any more."""


async def open_shortlist(
    conn: asyncpg.Connection,
    shortlist_id: str,
    recruiter_id: str,
    now: datetime,
    *,
    to_decide: bool = False,
) -> OpenShortlist | None:
    """Opens a shortlist for a present recruiter of its vacancy, and for nobody else.

    Opened to decide, neither the vacancy nor anybody listed changes until the transaction ends.
    """
    shortlist = await store.find(conn, shortlist_id)
    if shortlist is None:
        return None
    if to_decide:
        await store.hold(conn, shortlist.vacancy_id)
        await people.lock(conn, await store.candidate_ids(conn, shortlist_id))
    vacancy = await store.vacancy(conn, shortlist.vacancy_id, recruiter_id)
    if vacancy is None:
        return None
    shown = shows_people(vacancy.closed_at, now)
    places = await store.listed(conn, shortlist_id) if shown else []
    states = await publishing.states(conn, [place.candidate_id for place in places], now)
    listed = [
        Listed(place, state, _obstacle(place, state, vacancy, now))
        for place in places
        if (state := states.get(place.candidate_id))
    ]
    return OpenShortlist(shortlist, recruiter_id, vacancy, shown, listed)


async def decide(
    conn: asyncpg.Connection,
    opened: OpenShortlist,
    decision: ShortlistDecision,
    employer: str,
    now: datetime,
) -> tuple[int, int]:
    """Makes a decision hold; tells for how many it is new, and how many cannot be invited."""
    chosen = [one for one in opened.people if one.place.candidate_id in decision.candidate_ids]
    free = [one for one in chosen if not (_approving(decision) and one.obstacle)]
    decided = await store.decide(
        conn,
        opened.shortlist.shortlist_id,
        opened.recruiter_id,
        decision,
        [one.place.candidate_id for one in free],
        now,
    )
    news = [one for one in free if one.place.candidate_id in decided]
    payloads = [_payload(opened, one, decision, employer, now) for one in news]
    await outbox.put(conn, RESPONSES, [_event(payload, now) for payload in payloads])
    kind = f"invitation_{decision.choice}"
    facts = {"how": "page", "shortlistId": opened.shortlist.shortlist_id}
    await timeline.note(conn, sorted(decided), kind, facts, now)
    undecided = [one for one in chosen if one.obstacle and one.place.choice is None]
    return len(news), len(undecided) if _approving(decision) else 0


async def withdraw_invitations(
    conn: asyncpg.Connection, vacancy_ids: Sequence[str], now: datetime
) -> None:
    """Takes back what was approved for vacancies that have closed."""
    withdrawn = await store.withdraw(conn, vacancy_ids, now)
    payloads = [InvitationWithdrawn(**row, at=now) for row in withdrawn]
    await outbox.put(conn, RESPONSES, [_event(payload, now) for payload in payloads])


def _obstacle(
    place: Place, state: CandidateChanged, vacancy: OpenVacancy, now: datetime
) -> Obstacle | None:
    continues = place.application_id is not None
    return obstacle(state, now, vacancy_open=vacancy.is_open, continues=continues)


def _approving(decision: ShortlistDecision) -> bool:
    return decision.choice is Choice.APPROVED


def _payload(
    opened: OpenShortlist, one: Listed, decision: ShortlistDecision, employer: str, now: datetime
) -> InvitationPayload:
    vacancy = opened.vacancy.vacancy
    location = vacancy.job_location
    said: dict[str, Any] = {
        "shortlist_id": opened.shortlist.shortlist_id,
        "candidate_id": one.place.candidate_id,
        "recruiter_id": opened.recruiter_id,
        "vacancy_id": vacancy.vacancy_id,
        "at": now,
    }
    if decision.choice is Choice.DECLINED:
        return InvitationDeclined(**said, reason=decision.because)
    return InvitationApproved(
        **said,
        vacancy_title=vacancy.title,
        employer=employer,
        locality=location.locality if location else None,
        country=location.country if location else None,
        apply_url=vacancy.apply_url,
        application_id=one.place.application_id,
    )


def _event(payload: InvitationPayload, now: datetime) -> Event:
    """Makes the event of a decision; there is one of each type for each place on a shortlist."""
    event_id = stable_id(payload.shortlist_id, payload.candidate_id, payload.type)
    return Event.about(payload, source="intake", at=now, id=event_id)
