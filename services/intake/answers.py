"""What is done with what candidates answer, each answer once and in one transaction.

An answer that changes nothing leaves nothing: sent twice, it has one effect. One that changes
something is written into the timeline with the wording it answers, and published.
"""

from datetime import datetime
from typing import Any

import asyncpg

from services.intake.domain.answers import (
    Form,
    HatYes,
    Letter,
    Misread,
    PageAnswer,
    Pause,
    Said,
    Simple,
    agreed,
    compare,
    find_rejection,
    last_moment,
    read_answer,
    told,
)
from services.intake.store import answers as store
from services.intake.store import people, publishing
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from shared.contract.events.responses import CandidateAnswered
from shared.contract.topics import RESPONSES
from shared.runtime import outbox

PAGE = "page"
ONE_CLICK = "one_click"


async def find(
    conn: asyncpg.Connection, candidate_id: str, now: datetime, *, to_change: bool = False
) -> CandidateChanged | None:
    """Gives how somebody stands, whoever they were merged into; None once they are erased.

    Found to be changed, they are changed by nobody else until the transaction ends.
    """
    present = await people.present_id(conn, candidate_id)
    if present is None:
        return None
    if to_change:
        await people.lock(conn, [present])
    return (await publishing.states(conn, [present], now)).get(present)


async def take(conn: asyncpg.Connection, letter: Letter, form: Form, now: datetime) -> str:
    """Acts on what a candidate sent from the page; gives the name of what was done.

    Raises Misread, having changed nothing, when the form says nothing that can be acted on.
    """
    person = await find(conn, letter.candidate_id, now, to_change=True)
    if person is None:
        return Simple.ERASE
    answer = read_answer(form, person.channels)
    name, facts = told(answer)
    if answer is Simple.ERASE:
        await people.erase(conn, [person.candidate_id], now)
    elif await _act(conn, person, letter, answer, now):
        await _record(conn, person.candidate_id, name, facts | _origin(letter, PAGE), now)
    return name


async def unsubscribe(conn: asyncpg.Connection, letter: Letter, now: datetime) -> None:
    """Ends every e-mail to somebody, as their mail client asked for them."""
    person = await find(conn, letter.candidate_id, now, to_change=True)
    if person and await store.stop(conn, [person.candidate_id], [Channel.EMAIL], ONE_CLICK, now):
        origin = _origin(letter, ONE_CLICK)
        await _record(conn, person.candidate_id, "unsubscribed", origin, now)


async def _act(
    conn: asyncpg.Connection,
    person: CandidateChanged,
    letter: Letter,
    answer: PageAnswer,
    now: datetime,
) -> bool:
    """Does what was answered; tells whether it changed anything."""
    match answer:
        case HatYes():
            return await _put_in_hat(conn, person, letter, answer, now)
        case Said():
            return await _hear(conn, person, letter, answer, now)
        case Pause(months):
            return await store.pause(conn, person.candidate_id, last_moment(now, months))
        case Simple.RESUME:
            return await store.pause(conn, person.candidate_id, None)
        case Simple.HAT_NO:
            return await _take_from_hat(conn, person, letter, now)
        case Simple.STOP:
            return bool(await store.stop(conn, [person.candidate_id], list(Channel), PAGE, now))
    return False


async def _put_in_hat(
    conn: asyncpg.Connection,
    person: CandidateChanged,
    letter: Letter,
    choice: HatYes,
    now: datetime,
) -> bool:
    """Makes exactly what was chosen hold; this new yes also lifts a stop of its channels."""
    kept, begun = compare(person.consents, agreed(choice, now))
    ended = await store.end_consents(conn, person.candidate_id, kept, PAGE, now)
    await store.begin_consents(
        conn,
        person.candidate_id,
        begun,
        how=PAGE,
        wording_version=letter.wording_version,
        now=now,
    )
    lifted = await store.lift_stops(conn, [person.candidate_id], sorted(choice.channels), now)
    changed = bool(ended or begun or lifted)
    return await _hat_answered(conn, person, letter, "yes", now, changed=changed)


async def _take_from_hat(
    conn: asyncpg.Connection, person: CandidateChanged, letter: Letter, now: datetime
) -> bool:
    ended = await store.end_consents(conn, person.candidate_id, [], PAGE, now)
    return await _hat_answered(conn, person, letter, "no", now, changed=ended)


async def _hat_answered(
    conn: asyncpg.Connection,
    person: CandidateChanged,
    letter: Letter,
    answer: str,
    now: datetime,
    *,
    changed: bool,
) -> bool:
    """Remembers the answer; tells whether it, or what it changed, is news."""
    kept = await store.keep(conn, person.candidate_id, letter.message_id, "hat", answer, now)
    if kept or changed:
        await store.hat_answered(conn, person.candidate_id, now)
    return kept or changed


async def _hear(
    conn: asyncpg.Connection,
    person: CandidateChanged,
    letter: Letter,
    said: Said,
    now: datetime,
) -> bool:
    """Passes on an answer that is news."""
    if said.gap is not None:
        news = await _close_gap(conn, person, letter, said.gap, now)
    else:
        news = await store.keep(
            conn, person.candidate_id, letter.message_id, "interest", said.answer, now
        )
    if news:
        answered = CandidateAnswered(
            candidate_id=person.candidate_id,
            answer=said.answer,
            contact_id=letter.contact_id,
            application_id=letter.application_id,
            vacancy_id=letter.vacancy_id,
            at=now,
        )
        await outbox.put(conn, RESPONSES, [Event.about(answered, source="intake", at=now)])
    return news


async def _close_gap(
    conn: asyncpg.Connection, person: CandidateChanged, letter: Letter, gap: str, now: datetime
) -> bool:
    rejection = find_rejection(person, letter.application_id)
    if rejection is None or gap not in {lack.requirement_id for lack in rejection.shortfalls}:
        raise Misread("gap")
    return await store.close_gap(
        conn, person.candidate_id, rejection.application_id, gap, now.date()
    )


def _origin(letter: Letter, how: str) -> dict[str, Any]:
    return {"how": how, "messageId": letter.message_id, "wordingVersion": letter.wording_version}


async def _record(
    conn: asyncpg.Connection, candidate_id: str, kind: str, facts: dict[str, Any], now: datetime
) -> None:
    await people.note(conn, [candidate_id], kind, facts, now)
    await publishing.publish_candidates(conn, [candidate_id], now)
