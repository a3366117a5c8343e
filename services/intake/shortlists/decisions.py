"""What recruiters decide about the people whom the matcher found for their vacancy."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.store import people, timeline
from services.intake.shortlists import store
from services.intake.shortlists.asking import (
    ask,
    ask_next,
    held_up,
    publish_invited,
    tell,
    what_hinders,
)
from services.intake.shortlists.domain import (
    Choice,
    Employer,
    Obstacle,
    ShortlistDecision,
    shows_people,
)
from services.intake.shortlists.store import OpenVacancy, Shortlist, ShortlistEntry
from services.intake.shortlists.turns import WaitsFor
from services.intake.vacancies.domain import SourcePolicy
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.responses import InvitationDeclined, InvitationWithdrawn, Withdrawal
from shared.runtime import audit


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on a shortlist as they stand today."""

    entry: ShortlistEntry
    state: CandidateChanged
    obstacle: Obstacle | None
    waits_for: WaitsFor | None
    """Why it is not their turn, where they are approved and only wait for it."""


@dataclass(frozen=True, slots=True)
class OpenShortlist:
    """A shortlist in the hands of one recruiter of its vacancy."""

    shortlist: Shortlist
    recruiter_id: str
    vacancy: OpenVacancy
    shows_people: bool
    people: Sequence[Listed]
    """Nobody where they are not shown any more."""
    sees: str | None
    """The source that alone the recruiter may learn from of those listed; None for all."""


async def open_shortlist(
    conn: asyncpg.Connection,
    shortlist_id: str,
    recruiter_id: str,
    employer: Employer,
    policy: SourcePolicy,
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
    sees = policy.sees(vacancy.source)
    entries = await store.listed(conn, shortlist_id, sees) if shown else []
    states = await publishing.states(conn, [entry.candidate_id for entry in entries], now)
    held = await held_up(conn, vacancy, employer, now) if any(it.waits for it in entries) else {}
    listed = [
        Listed(
            entry,
            state,
            what_hinders(entry, state, vacancy, now),
            held.get((entry.shortlist_id, entry.candidate_id)),
        )
        for entry in entries
        if (state := states.get(entry.candidate_id))
    ]
    return OpenShortlist(shortlist, recruiter_id, vacancy, shown, listed, sees)


async def decide(
    conn: asyncpg.Connection,
    opened: OpenShortlist,
    decision: ShortlistDecision,
    employer: Employer,
    now: datetime,
) -> tuple[int, int]:
    """Makes a decision hold; tells for how many it is new, and how many cannot be invited."""
    approving = decision.choice is Choice.APPROVED
    chosen = [one for one in opened.people if one.entry.candidate_id in decision.candidate_ids]
    free = [
        one.entry for one in chosen if not one.entry.is_decided and not (approving and one.obstacle)
    ]
    shortlist_id = opened.shortlist.shortlist_id
    ids = [entry.candidate_id for entry in free]
    decided = await store.decide(conn, shortlist_id, opened.recruiter_id, decision, ids, now)
    news = [entry for entry in free if entry.candidate_id in decided]
    if approving:
        at_once = [entry for entry in news if entry.application_id is None]
        await ask(conn, opened.vacancy, at_once, employer, now)
    else:
        said = [_said(opened, entry.candidate_id, now) for entry in news]
        declined = [InvitationDeclined(**facts, reason=decision.because) for facts in said]
        await tell(conn, declined, now)
    await _note(conn, opened, f"invitation_{decision.choice}", decided, now)
    await ask_next(conn, opened.vacancy, employer, now)
    undecided = [one for one in chosen if one.obstacle and not one.entry.is_decided]
    return len(news), len(undecided) if approving else 0


async def take_back(
    conn: asyncpg.Connection,
    opened: OpenShortlist,
    candidate_ids: Collection[str],
    employer: Employer,
    now: datetime,
) -> int:
    """Takes approvals back of which no message has left yet; returns how many it were."""
    ids = [
        one.entry.candidate_id
        for one in opened.people
        if one.entry.candidate_id in candidate_ids and one.entry.can_be_taken_back
    ]
    taken_back = await store.take_back(conn, opened.shortlist.shortlist_id, ids, now)
    passed_on = [candidate_id for candidate_id, asked in taken_back.items() if asked]
    withdrawn = [
        InvitationWithdrawn(**_said(opened, each, now), because=Withdrawal.TAKEN_BACK)
        for each in passed_on
    ]
    await tell(conn, withdrawn, now)
    await _note(conn, opened, "invitation_withdrawn", taken_back, now)
    await ask_next(conn, opened.vacancy, employer, now)
    return len(taken_back)


async def withdraw_invitations(
    conn: asyncpg.Connection, vacancy_ids: Sequence[str], now: datetime
) -> None:
    """Takes back what was approved for vacancies that have closed."""
    withdrawn = await store.withdraw(conn, vacancy_ids, now)
    because = Withdrawal.VACANCY_CLOSED
    events = [InvitationWithdrawn(**row, at=now, because=because) for row in withdrawn]
    await tell(conn, events, now)
    await publish_invited(conn, {event.candidate_id for event in events}, now)


async def _note(
    conn: asyncpg.Connection,
    opened: OpenShortlist,
    kind: str,
    candidate_ids: Collection[str],
    now: datetime,
) -> None:
    facts = {"how": "page", "shortlistId": opened.shortlist.shortlist_id}
    await timeline.note(conn, sorted(candidate_ids), kind, facts, now)
    if candidate_ids:
        who = audit.recruiter(opened.recruiter_id)
        await audit.note(conn, who, kind, candidate_ids, now, opened.shortlist.shortlist_id)


def _said(opened: OpenShortlist, candidate_id: str, now: datetime) -> dict[str, Any]:
    """Returns what every decision about somebody on the list says."""
    return {
        "shortlist_id": opened.shortlist.shortlist_id,
        "candidate_id": candidate_id,
        "recruiter_id": opened.recruiter_id,
        "vacancy_id": opened.vacancy.vacancy.vacancy_id,
        "at": now,
    }
