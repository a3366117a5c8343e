"""Passing approvals on: at once, or to whoever just missed out when it is their turn."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.store import people
from services.intake.shortlists import store
from services.intake.shortlists.domain import Employer, Obstacle, obstacle
from services.intake.shortlists.store import OpenVacancy, ShortlistEntry
from services.intake.shortlists.turns import (
    Finisher,
    Standing,
    WaitsFor,
    has_waited,
    standing,
    waits_for,
    whose_turn,
)
from shared.contract.business_hours import hours_of
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.responses import (
    InvitationApproved,
    InvitationPayload,
    InvitationWithdrawn,
    Withdrawal,
)
from shared.contract.events.vacancies import Vacancy
from shared.contract.topics import RESPONSES
from shared.runtime import outbox


async def ask(
    conn: asyncpg.Connection,
    vacancy: OpenVacancy,
    entries: Sequence[ShortlistEntry],
    employer: Employer,
    now: datetime,
    *,
    first: bool = False,
) -> None:
    """Passes on the approvals of some of those on one shortlist; what was passed on stays so."""
    by_id = {entry.candidate_id: entry for entry in entries}
    if not entries:
        return
    asked = await store.ask(conn, entries[0].shortlist_id, list(by_id), now)
    approvals = [
        _approved(
            vacancy.vacancy,
            shortlist_id=by_id[candidate_id].shortlist_id,
            candidate_id=candidate_id,
            recruiter_id=recruiter_id,
            at=now,
            employer=employer.name,
            application_id=by_id[candidate_id].application_id,
            asked_first=first,
        )
        for candidate_id, recruiter_id in asked.items()
    ]
    await tell(conn, approvals, now)


async def resume(
    conn: asyncpg.Connection, vacancy_ids: Sequence[str], closed_since: datetime, now: datetime
) -> None:
    """Lets invitations stand that had left before a closing which nobody was told of so far.

    Those that had been taken back before it are so again.
    """
    rows = await store.resume(conn, vacancy_ids, closed_since)
    resumed = [_resumed(vacancy, row) for vacancy, row in rows]
    await tell(conn, resumed, now)
    await publish_invited(conn, {each.candidate_id for each in resumed}, now)


async def publish_invited(
    conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime
) -> None:
    """Publishes people of whom it has changed whether they may be told that a vacancy closed."""
    held = await people.lock(conn, candidate_ids)
    await publishing.publish_candidates(conn, sorted(held), now)


async def ask_next(
    conn: asyncpg.Connection, vacancy: OpenVacancy, employer: Employer, now: datetime
) -> None:
    """Asks the next of those who just missed out on a vacancy, which nobody else changes now."""
    entries = await store.finishers(conn, vacancy.vacancy.vacancy_id)
    if not any(entry.waits for entry in entries):
        return
    line = await _line(conn, entries, vacancy, employer, now)
    if following := whose_turn(line):
        is_alone = not any(entry.is_under_way or entry.left_at for entry in entries)
        first = is_alone and not await store.others_came_close(conn, vacancy.vacancy)
        await ask(conn, vacancy, [following], employer, now, first=first)


async def held_up(
    conn: asyncpg.Connection, vacancy: OpenVacancy, employer: Employer, now: datetime
) -> dict[tuple[str, str], WaitsFor]:
    """Returns why it is not the turn of whoever waits for it, by the list and who it is."""
    entries = await store.finishers(conn, vacancy.vacancy.vacancy_id)
    line = await _line(conn, entries, vacancy, employer, now)
    return {
        (one.entry.shortlist_id, one.entry.candidate_id): why
        for number, one in enumerate(line)
        if one.standing is Standing.WAITING and (why := waits_for(line, number))
    }


async def tell(
    conn: asyncpg.Connection, decisions: Sequence[InvitationPayload], now: datetime
) -> None:
    """Tells everybody else what was decided."""
    events = [Event.about(each, source="intake", at=now) for each in decisions]
    await outbox.put(conn, RESPONSES, events)


def what_hinders(
    entry: ShortlistEntry, state: CandidateChanged, vacancy: OpenVacancy, now: datetime
) -> Obstacle | None:
    """Tells why somebody on a list cannot be invited."""
    return obstacle(
        state,
        now,
        vacancy_open=vacancy.is_open,
        application_id=entry.application_id,
        was_continued=entry.was_continued,
        is_being_hired=entry.is_being_hired,
    )


def _approved(vacancy: Vacancy, **said: Any) -> InvitationApproved:
    location = vacancy.job_location
    return InvitationApproved(
        vacancy_id=vacancy.vacancy_id,
        vacancy_title=vacancy.title,
        locality=location.locality if location else None,
        country=location.country if location else None,
        apply_url=vacancy.apply_url,
        **said,
    )


def _resumed(vacancy: Vacancy, row: Mapping[str, Any]) -> InvitationPayload:
    """Returns what holds of an approval as though its vacancy had not closed."""
    decided = {name: row[name] for name in ("shortlist_id", "candidate_id", "recruiter_id")}
    if row["taken_back_at"]:
        return InvitationWithdrawn(
            **decided,
            vacancy_id=vacancy.vacancy_id,
            at=row["taken_back_at"],
            because=Withdrawal.TAKEN_BACK,
        )
    application_id = row["application_id"]
    return _approved(vacancy, **decided, at=row["asked_at"], application_id=application_id)


async def _line(
    conn: asyncpg.Connection,
    entries: Sequence[ShortlistEntry],
    vacancy: OpenVacancy,
    employer: Employer,
    now: datetime,
) -> list[Finisher]:
    """Returns how it stands with those who just missed out, as far as they can be read."""
    states = await publishing.states(conn, [entry.candidate_id for entry in entries], now)
    return [
        _finisher(entry, state, vacancy, employer, now)
        for entry in entries
        if (state := states.get(entry.candidate_id))
    ]


def _finisher(
    entry: ShortlistEntry,
    state: CandidateChanged,
    vacancy: OpenVacancy,
    employer: Employer,
    now: datetime,
) -> Finisher:
    hindered = what_hinders(entry, state, vacancy, now)
    hours = hours_of(state.time_zone, state.country, employer.hours)
    waited = has_waited(entry, hours, now)
    return Finisher(entry, standing(entry, hindered, hours, now), waited)
