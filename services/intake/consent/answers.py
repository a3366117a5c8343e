"""What is done with what candidates answer, each answer once and in one transaction.

An answer that changes nothing leaves nothing: sent twice, it has one effect. One that changes
something is written into the timeline with the wording it answers, and published.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from services.intake.applicants import joining, publishing
from services.intake.applicants.store import people, timeline
from services.intake.consent import leaving, store
from services.intake.consent.domain import (
    ContactAnswer,
    Form,
    HatYes,
    InvalidAnswer,
    LinkedMessage,
    PageAnswer,
    Pause,
    SimpleAnswer,
    agreed,
    compare,
    find_rejection,
    last_moment,
    reachable,
    read_answer,
    told,
)
from services.intake.consent.leaving import PAGE
from services.intake.interests import recording as interests
from services.intake.interests.domain import is_over
from services.intake.privacy.erasure import Erasure
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.responses import Answer, CandidateAnswered
from shared.contract.topics import RESPONSES
from shared.runtime import outbox


@dataclass(frozen=True, slots=True)
class Answering:
    """Whoever answers, and as which applicant they were written to."""

    state: CandidateChanged
    applicant_key: str

    @property
    def candidate_id(self) -> str:
        return self.state.candidate_id


async def state(
    conn: asyncpg.Connection, candidate_id: str, now: datetime
) -> CandidateChanged | None:
    """Returns somebody as they are by now, or None where nobody can read that."""
    return (await publishing.states(conn, [candidate_id], now)).get(candidate_id)


async def take(
    conn: asyncpg.Connection, erasure: Erasure, message: LinkedMessage, form: Form, now: datetime
) -> str:
    """Acts on what a candidate sent from the page; returns the name of what was done.

    Raises InvalidAnswer, having changed nothing, when the form says nothing that can be acted on.
    """
    if await leaving.addressee(conn, message) is None:
        return SimpleAnswer.ERASE
    answer = read_answer(form)
    if answer is SimpleAnswer.ERASE:
        await leaving.erase(conn, erasure, message, now)
    elif answer is SimpleAnswer.STOP:
        await leaving.stop(conn, message, now)
    else:
        await _take(conn, message, answer, now)
    return told(answer)[0]


async def _take(
    conn: asyncpg.Connection, message: LinkedMessage, answer: PageAnswer, now: datetime
) -> None:
    person = await _hold(conn, message, now)
    if isinstance(answer, HatYes):
        answer = reachable(answer, person.state.channels)
    if await _act(conn, person, message, answer, now):
        name, facts = told(answer)
        facts |= leaving.origin(message, PAGE)
        await _record(conn, person, name, facts, now)


async def _hold(conn: asyncpg.Connection, message: LinkedMessage, now: datetime) -> Answering:
    """Returns whoever answers; until the transaction ends nobody else changes them.

    Nor does anybody change those whom they may be one with.
    """
    if to := await leaving.addressee(conn, message):
        kin = await people.kin(conn, [to.applicant_key])
        one = kin.get(to.applicant_key)
        if one and (known := await state(conn, one.candidate_id, now)):
            return Answering(known, to.applicant_key)
    raise InvalidAnswer("unreadable")


async def _act(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    answer: PageAnswer,
    now: datetime,
) -> bool:
    """Does what was answered; tells whether it changed anything."""
    match answer:
        case HatYes():
            return await _put_in_hat(conn, person, message, answer, now)
        case ContactAnswer():
            return await _hear(conn, person, message, answer, now)
        case Pause(months):
            return await store.pause(conn, person.candidate_id, last_moment(now, months))
        case SimpleAnswer.RESUME:
            return await store.pause(conn, person.candidate_id, None)
        case SimpleAnswer.HAT_NO:
            return await _take_from_hat(conn, person, message, now)
    return False


async def _put_in_hat(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    choice: HatYes,
    now: datetime,
) -> bool:
    """Makes exactly what was chosen hold; this new yes also lifts a stop of its channels."""
    kept, begun = compare(person.state.consents, agreed(choice, now))
    ended = await store.end_consents(conn, person.candidate_id, kept, PAGE, now)
    await store.begin_consents(
        conn,
        person.applicant_key,
        begun,
        how=PAGE,
        wording_version=message.wording_version,
        now=now,
    )
    lifted = await store.lift_stops(
        conn, [person.candidate_id], sorted(choice.channels), now, by=person.applicant_key
    )
    changed = bool(ended or begun or lifted)
    return await _hat_answered(conn, person, message, "yes", now, changed=changed)


async def _take_from_hat(
    conn: asyncpg.Connection, person: Answering, message: LinkedMessage, now: datetime
) -> bool:
    ended = await store.end_consents(conn, person.candidate_id, [], PAGE, now)
    return await _hat_answered(conn, person, message, "no", now, changed=ended)


async def _hat_answered(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    answer: str,
    now: datetime,
    *,
    changed: bool,
) -> bool:
    """Remembers the answer; tells whether it, or what it changed, is news."""
    kept = await store.keep(conn, person.applicant_key, message, "hat", answer, now)
    if kept or changed:
        await store.hat_answered(conn, person.applicant_key, now)
    return kept or changed


async def _hear(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    said: ContactAnswer,
    now: datetime,
) -> bool:
    """Passes on an answer that is news; no vacancy that has closed is said yes to."""
    vacancy = await store.vacancy(conn, message.vacancy_id)
    if is_over(message.purpose, vacancy.is_closed) and said.answer is Answer.INTERESTED:
        raise InvalidAnswer("closed")
    if said.gap is not None:
        news = await _close_gap(conn, person, message, said.gap, now)
    else:
        news = await store.keep(conn, person.applicant_key, message, "interest", said.answer, now)
    if news:
        answered = CandidateAnswered(
            candidate_id=person.candidate_id,
            answer=said.answer,
            contact_id=message.contact_id,
            application_id=message.application_id,
            vacancy_id=message.vacancy_id,
            at=now,
        )
        await outbox.put(conn, RESPONSES, [Event.about(answered, source="intake", at=now)])
        await interests.hear(conn, person.applicant_key, message, answered, vacancy.title)
    return news


async def _close_gap(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    gap: str,
    now: datetime,
) -> bool:
    rejection = find_rejection(person.state, message.application_id)
    if rejection is None or gap not in {lack.requirement_id for lack in rejection.shortfalls}:
        raise InvalidAnswer("gap")
    return await store.close_gap(
        conn, person.candidate_id, rejection.application_id, gap, now.date()
    )


async def _record(
    conn: asyncpg.Connection, person: Answering, kind: str, facts: dict[str, Any], now: datetime
) -> None:
    """Keeps what was answered; who agreed is from now on written to as they were there."""
    await timeline.note_applicant(conn, person.applicant_key, kind, facts, now)
    await joining.publish(conn, await joining.regroup(conn, [person.applicant_key], now), now)
