"""What intake does when another stream speaks, beside recording applicants."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.intake.domain.hearing import Entry
from services.intake.domain.knowledge import Known, Stamp
from services.intake.domain.vacancies import hiring
from services.intake.shortlists import withdraw_invitations
from services.intake.store import applications, people, publishing, recruiters, vacancies
from shared.contract.events.cloudevents import Event
from shared.contract.events.notifications import MessagePayload, MessageSent
from shared.contract.events.purposes import LETTERS
from shared.contract.events.vacancies import Vacancy, VacancyClosed, VacancyState


async def keep_vacancies(conn: asyncpg.Connection, events: Sequence[Event], now: datetime) -> None:
    """Keeps the newest state of vacancies, and tells each recruiter's list of them."""
    gone = [event.key for event in events if event.data is None]
    states = [event for event in events if isinstance(event.data, VacancyState)]
    closed = [event.key for event in states if isinstance(event.data, VacancyClosed)]
    concerned = await recruiters.of(conn, gone)
    await vacancies.delete(conn, gone)
    await vacancies.keep(conn, states)
    stated: dict[str, Known[Vacancy]] = {
        event.key: Known(event.data, Stamp(event.time, event.id))
        for event in states
        if isinstance(event.data, VacancyState)
    }
    concerned |= await recruiters.keep(conn, hiring(stated))
    concerned |= await recruiters.of(conn, list(stated))
    await recruiters.publish(conn, concerned, now)
    await withdraw_invitations(conn, closed, now)


async def hear_of_messages(
    conn: asyncpg.Connection, events: Sequence[Event], now: datetime
) -> None:
    """Writes how messages ended into timelines; a letter that was sent ends what was owed."""
    present = await people.present_ids(conn, {event.key for event in events})
    held = await people.lock(conn, present.values())
    about = [
        (present[event.key], event, event.data)
        for event in events
        if isinstance(event.data, MessagePayload) and present.get(event.key) in held
    ]
    await people.add_entries(conn, [(person, _entry(message)) for person, _, message in about])
    letters = [
        (person, event, message)
        for person, event, message in about
        if isinstance(message, MessageSent) and message.purpose in LETTERS
    ]
    told = await applications.answer(
        conn, [(person, it.application_id, it.at) for person, _, it in letters if it.application_id]
    )
    causes = {person: event for person, event, _ in letters if person in told}
    await publishing.publish(conn, causes, now)


def _entry(message: MessagePayload) -> Entry:
    facts = message.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"recipient_id", "at"}
    )
    kind = "_".join(message.type.split(".")[2:4])
    return Entry(message.at, kind, facts)
