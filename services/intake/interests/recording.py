"""What follows when somebody would like to talk: it is kept, published, and ended once.

Everything here is part of the transaction of whoever calls: an answer, a recruiter's word, the
closing of a vacancy. An interest's row orders what is said of it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import uuid4

import asyncpg
import structlog

from services.intake.applicants.domain.normalisation import TimelineEntry
from services.intake.applicants.store import timeline
from services.intake.consent.domain import LinkedMessage
from services.intake.interests import store
from services.intake.interests.domain import SHOWN_AFTER_ENDING
from services.intake.interests.store import Ended
from shared.contract.events.cloudevents import Event
from shared.contract.events.purposes import INVITING, UNANSWERED_AFTER
from shared.contract.events.responses import (
    Answer,
    CandidateAnswered,
    InterestEnd,
    InterestEnded,
    InterestPayload,
    InterestRaised,
)
from shared.contract.topics import RESPONSES
from shared.runtime import outbox, parking
from shared.runtime.postgres import Database

_log = structlog.get_logger()

AT_A_TIME = 500

UNANSWERED = "unanswered interests"
"""By this name interests are parked that cannot be ended."""


async def hear(
    conn: asyncpg.Connection,
    applicant_key: str,
    message: LinkedMessage,
    said: CandidateAnswered,
    vacancy_title: str | None,
) -> None:
    """Brings an answer to the recruiters, or takes back what they were told before."""
    if said.answer is Answer.NOT_NOW:
        await _ends(conn, await store.withdraw(conn, applicant_key, message, said.at))
        return
    raised = InterestRaised(
        interest_id=str(uuid4()),
        candidate_id=said.candidate_id,
        answer=said.answer,
        purpose=message.purpose,
        contact_id=said.contact_id,
        application_id=said.application_id,
        vacancy_id=said.vacancy_id,
        vacancy_title=vacancy_title,
        at=said.at,
    )
    kept = await store.raise_one(
        conn, applicant_key, message.message_id, raised, said.at - UNANSWERED_AFTER
    )
    if kept:
        await _tell_recruiters(conn, [kept])


async def follow(conn: asyncpg.Connection, applicant_keys: Collection[str]) -> None:
    """Publishes what applicants said once more, under the candidate whose they are by now.

    Whoever hears that two people are one before they hear what the former one said would not know
    whom it concerns.
    """
    if applicant_keys:
        await _tell_recruiters(conn, await store.going_on(conn, applicant_keys=applicant_keys))


async def hand_over(conn: asyncpg.Connection, vacancy_ids: Collection[str]) -> None:
    """Publishes what is open in vacancies once more, for those who recruit for them by now."""
    if vacancy_ids:
        await _tell_recruiters(conn, await store.going_on(conn, vacancy_ids=vacancy_ids))


async def take_back(
    conn: asyncpg.Connection, candidate_id: str, application_id: str, now: datetime
) -> None:
    """Ends what recruiters were told of somebody who does not have what was missing after all."""
    await _ends(conn, await store.take_back(conn, candidate_id, application_id, now))


async def end(
    conn: asyncpg.Connection,
    interest_id: str,
    recruiter_id: str,
    ended_as: InterestEnd,
    now: datetime,
) -> bool:
    """Takes a recruiter's word on what came of an interest; tells whether it is news."""
    ended = await store.end(conn, interest_id, recruiter_id, ended_as, now)
    await _ends(conn, ended)
    return bool(ended)


async def close(conn: asyncpg.Connection, vacancy_ids: Collection[str], now: datetime) -> None:
    """Ends the interests in vacancies that have closed, but for those in a conversation.

    They may be about to be hired: their recruiters are asked how it ended.
    """
    if vacancy_ids:
        await _ends(conn, await store.close(conn, vacancy_ids, INVITING, now))
        await _tell_recruiters(conn, await store.leave_open(conn, vacancy_ids, INVITING, now))


async def hire(conn: asyncpg.Connection, applicant_keys: Collection[str], now: datetime) -> None:
    """Ends the interests of whoever was hired, in vacancies of the source that hired them."""
    if applicant_keys:
        await _ends(conn, await store.hire(conn, applicant_keys, now - SHOWN_AFTER_ENDING, now))


async def resume(
    conn: asyncpg.Connection, vacancy_ids: Collection[str], closed_since: datetime, now: datetime
) -> None:
    """Goes on with what ended when vacancies closed that are open again, where nobody was told."""
    if vacancy_ids:
        waiting, talking = await store.resume(conn, vacancy_ids, closed_since, now)
        await _tell_recruiters(conn, waiting)
        await _ends(conn, talking)


async def end_unanswered(database: Database, now: datetime) -> bool:
    """Ends interests that no recruiter has answered for too long; parks what cannot be ended."""

    async def end(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
        await _ends(conn, await store.end_unanswered(conn, ids, now))

    async with database.transaction() as conn:
        ids = await store.unanswered(conn, UNANSWERED, now - UNANSWERED_AFTER, AT_A_TIME)
        await parking.work(conn, UNANSWERED, ids, end, key=str)
    return len(ids) == AT_A_TIME


async def _tell_recruiters(conn: asyncpg.Connection, raised: Sequence[InterestRaised]) -> None:
    if not raised:
        return
    hearing = await store.recruiters(conn, {one.vacancy_id for one in raised})
    particulars = await store.particulars(conn, [one.interest_id for one in raised])
    for one in raised:
        if not hearing[one.vacancy_id]:
            _log.warning("interest.without_recruiter", vacancy=one.vacancy_id)
    await _publish(
        conn,
        [
            one.model_copy(
                update={
                    "recruiters": hearing[one.vacancy_id],
                    **particulars[one.interest_id]._asdict(),
                }
            )
            for one in raised
        ],
    )


async def _ends(conn: asyncpg.Connection, ended: Sequence[Ended]) -> None:
    await _publish(conn, [one.event for one in ended])
    await timeline.add_entries(conn, [(one.applicant_key, _entry(one.event)) for one in ended])


def _entry(ended: InterestEnded) -> TimelineEntry:
    facts = {"interestId": ended.interest_id, "endedAs": ended.ended_as}
    return TimelineEntry(ended.at, "interest_ended", facts)


async def _publish(conn: asyncpg.Connection, said: Sequence[InterestPayload]) -> None:
    events = [Event.about(one, source="intake", at=one.at) for one in said]
    await outbox.put(conn, RESPONSES, events)
