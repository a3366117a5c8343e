"""What is done with what candidates answer, each answer once and in one transaction.

An answer that changes nothing leaves nothing: sent twice, it has one effect. One that changes
something is written into the timeline with the wording it answers, and published.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

import asyncpg

from services.intake.access.asking import ask_for
from services.intake.access.changing import refuse_too_many
from services.intake.applicants import joining, publishing
from services.intake.applicants.store import people, timeline
from services.intake.applicants.store.people import Addressee
from services.intake.consent import addressee, leaving, mailboxes, store
from services.intake.consent.domain import (
    ContactAnswer,
    HatYes,
    LinkedMessage,
    PageAnswer,
    Pause,
    SimpleAnswer,
    agreed,
    compare,
    find_rejection,
    lacking,
    last_moment,
    reachable,
    read_answer,
    told,
)
from services.intake.consent.forms import InvalidAnswer
from services.intake.consent.leaving import PAGE
from services.intake.consent.news import TellsNews, gaps_closed
from services.intake.consent.numbers import StoppedNumbers
from services.intake.interests import recording as interests
from services.intake.interests.domain import Standing, is_over
from services.intake.interests.store import course, said_to
from services.intake.outgoing import telling
from services.intake.outgoing.telling import Note
from services.intake.privacy.erasure import Erasure
from services.intake.replies import store as replies
from services.intake.web.fields import Form
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.cloudevents import Event
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose, Question, rule_of
from shared.contract.events.responses import Answer, CandidateAnswered, Notable
from shared.contract.events.shortfalls import Shortfall
from shared.contract.topics import RESPONSES
from shared.runtime import outbox

NOTED: Final = {
    Answer.INTERESTED: Notable.INTERESTED,
    Answer.NOT_NOW: Notable.NOT_NOW,
    Answer.HAS_IT_NOW: Notable.HAS_IT_NOW,
}
"""What their systems are told of."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Whoever answers, and as which applicant they were written to."""

    state: CandidateChanged
    applicant_key: str
    channels: Sequence[Channel]
    """Over which they are reached as that applicant, so that nobody agrees for another's number."""
    how: str = PAGE
    """In which way they answer."""

    @property
    def candidate_id(self) -> str:
        return self.state.candidate_id


async def state(
    conn: asyncpg.Connection, candidate_id: str, now: datetime
) -> CandidateChanged | None:
    """Returns somebody as they are by now, or None where nobody can read that."""
    return (await publishing.states(conn, [candidate_id], now)).get(candidate_id)


async def channels(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    message: LinkedMessage,
    to: Addressee,
    known: CandidateChanged,
) -> Sequence[Channel]:
    """Returns the channels over which somebody is reached as the applicant they are here.

    A number that said stop is none, unless the link came to it: whoever names a number in an
    application has not shown that it is theirs.
    """
    reached = await _reached(conn, to, known)
    if Channel.SMS not in reached:
        return reached
    theirs = await store.phones(conn, [to.candidate_id])
    others = {each["phone"] for each in theirs if not message.was_sent_to(each["phone"])}
    if await numbers.silent(conn, {phone: phone for phone in others}):
        return [channel for channel in reached if channel is not Channel.SMS]
    return reached


async def _reached(
    conn: asyncpg.Connection, to: Addressee, known: CandidateChanged
) -> Sequence[Channel]:
    try:
        found = (await people.by_key(conn, [to.applicant_key])).get(to.applicant_key)
    except people.RecordUnreadable:
        return known.channels
    return (found.put_right.channels if found else None) or known.channels


async def take(
    conn: asyncpg.Connection,
    erasure: Erasure,
    numbers: StoppedNumbers,
    message: LinkedMessage,
    form: Form,
    now: datetime,
) -> str:
    """Acts on what a candidate sent from the page; returns the name of what was done.

    Raises InvalidAnswer, having changed nothing, when the form says nothing that can be acted on.
    """
    if await addressee.find(conn, message) is None:
        return SimpleAnswer.ERASE
    answer = read_answer(form)
    if answer is SimpleAnswer.ERASE:
        await leaving.erase(conn, erasure, message, now)
    elif answer is SimpleAnswer.STOP:
        await leaving.stop(conn, message, now)
    elif answer is SimpleAnswer.RECORD:
        await _show_record(conn, message, now)
    else:
        await _take(conn, numbers, message, answer, now)
    return told(answer)[0]


async def _show_record(conn: asyncpg.Connection, message: LinkedMessage, now: datetime) -> None:
    if person := await addressee.hold(conn, message):
        at = (person.candidate_id, person.applicant_key, message.application_id)
        await ask_for(conn, Purpose.RECORD, *at, now)


async def _take(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    message: LinkedMessage,
    answer: PageAnswer,
    now: datetime,
) -> None:
    person = await _hold(conn, numbers, message, now)
    if isinstance(answer, HatYes):
        answer = reachable(answer, person.channels)
    await _carry_out(conn, numbers, person, message, answer, now)


async def take_as_read(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    applicant_key: str,
    message: LinkedMessage,
    answer: ContactAnswer | Literal[SimpleAnswer.NOT_LOOKING],
    now: datetime,
) -> bool:
    """Acts on what a recruiter read in an applicant's mail, as if they had sent it from the page.

    Tells whether it changed anything; raises InvalidAnswer where it cannot be acted on.
    """
    one = (await people.kin(conn, [applicant_key])).get(applicant_key)
    known = await state(conn, one.candidate_id, now) if one else None
    if one is None or known is None:
        raise InvalidAnswer("unreadable")
    person = Answering(known, one.key, (), leaving.READ_BY_RECRUITER)
    return await _carry_out(conn, numbers, person, message, answer, now)


async def _carry_out(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    person: Answering,
    message: LinkedMessage,
    answer: PageAnswer,
    now: datetime,
) -> bool:
    """Does what was answered, and keeps that it was where it changed anything."""
    if not await _act(conn, numbers, person, message, answer, now):
        return False
    name, facts = told(answer)
    facts |= leaving.origin(message, person.how)
    told_news = isinstance(answer, TellsNews) and bool(answer.pieces)
    await _record(conn, person, name, facts, now, profiled=told_news)
    return True


async def _hold(
    conn: asyncpg.Connection, numbers: StoppedNumbers, message: LinkedMessage, now: datetime
) -> Answering:
    """Returns whoever answers; nobody else changes them until the transaction ends."""
    person = await addressee.hold_kin(conn, message)
    known = await state(conn, person.candidate_id, now) if person else None
    if person is None or known is None:
        raise InvalidAnswer("unreadable")
    reached = await channels(conn, numbers, message, person, known)
    return Answering(known, person.applicant_key, reached)


async def _act(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    person: Answering,
    message: LinkedMessage,
    answer: PageAnswer,
    now: datetime,
) -> bool:
    """Does what was answered; tells whether it changed anything."""
    match answer:
        case HatYes():
            if Channel.SMS in answer.channels:
                theirs = await store.phones(conn, [person.candidate_id])
                shown = [row["phone"] for row in theirs if message.was_sent_to(row["phone"])]
                await numbers.reopen(conn, shown)
            return await _put_in_hat(conn, person, message, answer, now)
        case ContactAnswer():
            return await _hear(conn, person, message, answer, now)
        case TellsNews():
            return await _take_news(conn, person, message, answer, now)
        case Pause(months):
            return await store.pause(conn, person.candidate_id, last_moment(now, months))
        case SimpleAnswer.RESUME:
            return await store.pause(conn, person.candidate_id, None)
        case SimpleAnswer.HAT_NO:
            return await _take_from_hat(conn, person, message, now)
        case SimpleAnswer.NOT_LOOKING:
            took_back = await _take_back_all(conn, person, message, now)
            return await _take_from_hat(conn, person, message, now) or took_back
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
    ended = await store.end_consents(
        conn, PAGE, now, candidate_ids=[person.candidate_id], kept=kept
    )
    await store.begin_consents(
        conn,
        person.applicant_key,
        begun,
        how=PAGE,
        wording_version=message.wording_version,
        now=now,
    )
    lifted = await store.lift_stops(
        conn, [person.candidate_id], sorted(choice.channels), PAGE, now, by=person.applicant_key
    )
    await mailboxes.pass_on(conn, lifted, now)
    changed = bool(ended or begun or lifted)
    return await _hat_answered(conn, person, message, "yes", now, changed=changed)


async def _take_from_hat(
    conn: asyncpg.Connection, person: Answering, message: LinkedMessage, now: datetime
) -> bool:
    ended = await store.end_consents(conn, person.how, now, candidate_ids=[person.candidate_id])
    return await _hat_answered(conn, person, message, "no", now, changed=bool(ended))


async def _take_back_all(
    conn: asyncpg.Connection, person: Answering, message: LinkedMessage, now: datetime
) -> bool:
    """Answers "not now" to all that they had said yes to; tells whether there was anything."""
    said = await said_to(conn, person.candidate_id)
    for one in said:
        answered = replace(
            message,
            message_id=one.message_id,
            purpose=Purpose(one.purpose) if one.purpose else None,
            contact_id=one.contact_id,
            about_application_id=one.application_id,
            vacancy_id=one.vacancy_id,
        )
        whoever = replace(person, applicant_key=one.applicant_key)
        await _hear(conn, whoever, answered, ContactAnswer(Answer.NOT_NOW), now)
    return bool(said)


async def _hat_answered(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    answer: Literal["yes", "no"],
    now: datetime,
    *,
    changed: bool,
) -> bool:
    """Remembers the answer; tells whether it, or what it changed, is news."""
    kept = await store.keep(conn, person.applicant_key, message, "hat", answer, now)
    if kept or changed:
        await store.hat_answered(conn, person.applicant_key, answer, now)
    if kept:
        what = Notable.HAT_YES if answer == "yes" else Notable.HAT_NO
        about = message.about_application_id
        await telling.tell(conn, [Note(person.applicant_key, what, now, about)])
    return kept or changed


async def _hear(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    said: ContactAnswer,
    now: datetime,
) -> bool:
    """Passes on an answer that is news; no vacancy that has closed is said yes to."""
    if said.gap is not None:
        return await _hear_of_gap(conn, person, message, said, now)
    vacancy = await store.vacancy(conn, message.vacancy_id)
    if is_over(message.purpose, vacancy.is_closed) and said.answer is Answer.INTERESTED:
        raise InvalidAnswer("closed")
    question: store.Question = "news" if said.answer is Answer.STILL_LOOKING else "interest"
    news = await store.keep(conn, person.applicant_key, message, question, said.answer, now)
    news |= await _says_it_again(conn, person, message, said.answer)
    if news:
        await _tell(conn, person, message, said.answer, now)
    return news


async def _hear_of_gap(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    said: ContactAnswer,
    now: datetime,
) -> bool:
    """Passes on what they have now, or do not, to those whose role it was missing for."""
    missing = _missing(person.state, message, said.gap)
    if not missing:
        raise InvalidAnswer("gap")
    rejection, _ = missing[0]
    message = replace(
        message,
        about_application_id=rejection.application_id,
        vacancy_id=rejection.vacancy_id,
    )
    gaps = [(at.application_id, gap.requirement_id) for at, gap in missing]
    if said.answer is Answer.NOT_YET:
        return await _take_back(conn, person, message, gaps, now)
    rule = rule_of(message.purpose)
    if rule and rule.asks is Question.GAP:
        before = (person.candidate_id, message.message_id)
        await store.unsay(conn, *before, "interest", Answer.NOT_NOW)
    day = now.date()
    news = [await store.close_gap(conn, person.candidate_id, *gap, day) for gap in gaps]
    if any(news):
        await _tell(conn, person, message, said.answer, now)
    return any(news)


def _missing(
    person: CandidateChanged, message: LinkedMessage, gap_id: str | None
) -> list[tuple[Rejection, Shortfall]]:
    """Returns where something that the page shows was missing: first for what the page is about.

    The page shows once what several decisions, told in one letter, say was missing.
    """
    decision = lacking(person, message)
    shown = [it for it in decision.shortfalls if it.requirement_id == gap_id] if decision else []
    if decision is None or not shown:
        return []
    told = person.told_together(decision)
    told.sort(key=lambda it: it.application_id != decision.application_id)
    return [(it, gap) for it in told for gap in it.shortfalls if shown[0].settles(gap)]


async def _tell(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    answer: Answer,
    now: datetime,
) -> None:
    """Tells the others what was answered, and the recruiters of the role where it is theirs."""
    answered = await _pass_on(conn, person, message, answer, now)
    if answer is not Answer.STILL_LOOKING:
        vacancy = await store.vacancy(conn, message.vacancy_id)
        title = vacancy.title or _applied_for(person, message)
        await interests.hear(conn, person.applicant_key, message, answered, title)


def _applied_for(person: Answering, message: LinkedMessage) -> str | None:
    """Returns the role that a message was about, as the decision named it."""
    rejection = find_rejection(person.state, message.about_application_id)
    same = rejection is not None and rejection.vacancy_id == message.vacancy_id
    return rejection.vacancy_title if rejection and same else None


async def _says_it_again(
    conn: asyncpg.Connection, person: Answering, message: LinkedMessage, answer: Answer
) -> bool:
    """Tells whether a yes is one more, because the one before ended and nobody took it up."""
    if answer is not Answer.INTERESTED:
        return False
    last = await course(conn, person.candidate_id, message)
    return last is not None and last.standing is Standing.LAPSED


async def _take_news(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    said: TellsNews,
    now: datetime,
) -> bool:
    """Keeps what has changed as their own word, closes the gaps that it names; a human gets a note.

    Who they are is taken out of what others will read.
    """
    await refuse_too_many(conn, person.candidate_id, now)
    known = await people.lock_described(conn, [person.candidate_id])
    applied_for = [rejection.vacancy_title for rejection in person.state.rejections]
    told = said.without(known[person.candidate_id].names, applied_for)
    changed = await store.tell(conn, person.applicant_key, told.pieces, now)
    for application_id, gap in gaps_closed(person.state, told.pieces):
        changed |= await store.close_gap(conn, person.candidate_id, application_id, gap, now.date())
    if changed:
        await _pass_on(conn, person, message, Answer.NEWS, now)
    if said.note and await store.keep(conn, person.applicant_key, message, "note", said.note, now):
        await replies.keep(conn, [person.candidate_id], PAGE, now)
        return True
    return changed


async def _pass_on(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    answer: Answer,
    now: datetime,
) -> CandidateAnswered:
    """Tells the others what was answered, and returns it."""
    answered = CandidateAnswered(
        candidate_id=person.candidate_id,
        answer=answer,
        contact_id=message.contact_id,
        application_id=message.about_application_id,
        vacancy_id=message.vacancy_id,
        at=now,
    )
    await outbox.put(conn, RESPONSES, [Event.about(answered, source="intake", at=now)])
    if answer in NOTED:
        about, vacancy = answered.application_id, answered.vacancy_id
        await telling.tell(conn, [Note(person.applicant_key, NOTED[answer], now, about, vacancy)])
    return answered


async def _take_back(
    conn: asyncpg.Connection,
    person: Answering,
    message: LinkedMessage,
    gaps: Collection[tuple[str, str]],
    now: datetime,
) -> bool:
    """Opens gaps again that they had closed, and ends what recruiters were told of them."""
    opened = [await store.open_gap(conn, person.candidate_id, *gap) for gap in gaps]
    if not any(opened):
        return False
    await _pass_on(conn, person, message, Answer.NOT_YET, now)
    its_own = find_rejection(person.state, message.about_application_id)
    of_role = [
        it
        for it in (person.state.told_together(its_own) if its_own else [])
        if it.vacancy_id == message.vacancy_id
    ]
    if any(
        gap.closed_at and (it.application_id, gap.requirement_id) not in gaps
        for it in of_role
        for gap in it.shortfalls
    ):
        await interests.follow(conn, [person.applicant_key])
    else:
        for it in of_role:
            await interests.take_back(conn, person.candidate_id, it.application_id, now)
    return True


async def _record(
    conn: asyncpg.Connection,
    person: Answering,
    kind: str,
    facts: dict[str, Any],
    now: datetime,
    *,
    profiled: bool = False,
) -> None:
    """Keeps what was answered; who agreed is from now on written to as they were there."""
    key = person.applicant_key
    await timeline.note_applicant(conn, key, kind, facts, now)
    regrouped = await joining.regroup(conn, [key], now)
    await joining.publish(conn, regrouped, now, profiled=[key] if profiled else ())
