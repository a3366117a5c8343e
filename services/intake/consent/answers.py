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
from services.intake.consent import store
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
    read_answer,
    told,
)
from services.intake.privacy.erasure import Erasure
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from shared.contract.events.responses import CandidateAnswered
from shared.contract.topics import RESPONSES
from shared.runtime import outbox

PAGE = "page"
ONE_CLICK = "one_click"


@dataclass(frozen=True, slots=True)
class Answering:
    """Whoever answers, and as which applicant they were written to."""

    state: CandidateChanged
    applicant_key: str

    @property
    def candidate_id(self) -> str:
        return self.state.candidate_id


async def find(
    conn: asyncpg.Connection, message: LinkedMessage, now: datetime, *, to_change: bool = False
) -> Answering | None:
    """Returns whom a message was sent to, as they are by now; None once they are erased.

    With `to_change`, nobody else changes them, nor whom they may be one with, until the transaction
    ends.
    """
    sent = await people.addressees(conn, [(message.candidate_id, message.application_id)])
    for to in sent.values():
        candidate_id = to.candidate_id
        if to_change:
            kin = await people.kin(conn, [to.applicant_key])
            if to.applicant_key not in kin:
                return None
            candidate_id = kin[to.applicant_key].candidate_id
        state = (await publishing.states(conn, [candidate_id], now)).get(candidate_id)
        return Answering(state, to.applicant_key) if state else None
    return None


async def take(
    conn: asyncpg.Connection, erasure: Erasure, message: LinkedMessage, form: Form, now: datetime
) -> str:
    """Acts on what a candidate sent from the page; returns the name of what was done.

    Raises InvalidAnswer, having changed nothing, when the form says nothing that can be acted on.
    """
    person = await find(conn, message, now, to_change=True)
    if person is None:
        return SimpleAnswer.ERASE
    answer = read_answer(form, person.state.channels)
    name, facts = told(answer)
    if answer is SimpleAnswer.ERASE:
        await erasure.erase(conn, [person.candidate_id], now)
    elif await _act(conn, person, message, answer, now):
        await _record(conn, person, name, facts | _origin(message, PAGE), now)
    return name


async def unsubscribe(conn: asyncpg.Connection, message: LinkedMessage, now: datetime) -> None:
    """Ends every e-mail to somebody, as their mail client asked for them."""
    person = await find(conn, message, now, to_change=True)
    if person and await store.stop(conn, [person.candidate_id], [Channel.EMAIL], ONE_CLICK, now):
        await _record(conn, person, "unsubscribed", _origin(message, ONE_CLICK), now)


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
        case SimpleAnswer.STOP:
            return bool(await store.stop(conn, [person.candidate_id], list(Channel), PAGE, now))
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
    """Passes on an answer that is news."""
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


def _origin(message: LinkedMessage, how: str) -> dict[str, Any]:
    return {"how": how, "messageId": message.message_id, "wordingVersion": message.wording_version}


async def _record(
    conn: asyncpg.Connection, person: Answering, kind: str, facts: dict[str, Any], now: datetime
) -> None:
    """Keeps what was answered; who agreed is from now on written to as they were there."""
    await timeline.note_applicant(conn, person.applicant_key, kind, facts, now)
    await joining.publish(conn, await joining.regroup(conn, [person.applicant_key], now), now)
