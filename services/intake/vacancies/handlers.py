"""What intake does when another stream speaks, beside recording applicants."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.intake.applicants.domain.register import Claim, Stamp
from services.intake.shortlists.decisions import withdraw_invitations
from services.intake.vacancies.domain import hiring
from services.intake.vacancies.store import recruiters, vacancies
from shared.contract.events.cloudevents import Event
from shared.contract.events.purposes import Purpose
from shared.contract.events.vacancies import Vacancy, VacancyClosed, VacancyState

_LETTERS = {Purpose.LETTER, Purpose.KIND_LETTER}


async def keep_vacancies(conn: asyncpg.Connection, events: Sequence[Event], now: datetime) -> None:
    """Keeps the newest state of vacancies, and tells each recruiter's list of them."""
    gone = [event.key for event in events if event.data is None]
    states = [event for event in events if isinstance(event.data, VacancyState)]
    closed = [event.key for event in states if isinstance(event.data, VacancyClosed)]
    concerned = await recruiters.of(conn, gone)
    await vacancies.delete(conn, gone)
    await vacancies.keep(conn, states)
    stated: dict[str, Claim[Vacancy]] = {
        event.key: Claim(event.data, Stamp(event.time, event.id))
        for event in states
        if isinstance(event.data, VacancyState)
    }
    concerned |= await recruiters.keep(conn, hiring(stated))
    concerned |= await recruiters.of(conn, list(stated))
    await recruiters.publish(conn, concerned, now)
    await withdraw_invitations(conn, closed, now)
