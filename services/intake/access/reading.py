"""Who may read and put right what we hold: whoever reads at the address that a link was sent to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import uuid4

import asyncpg

from services.intake.access.asking import ask_for, is_too_often
from services.intake.access.corrections import is_number, told_apart, verified
from services.intake.applicants import joining, publishing
from services.intake.applicants.domain.register import PersonalData
from services.intake.applicants.store import people, timeline
from services.intake.applicants.store.people import Addressee
from services.intake.consent import addressee
from services.intake.consent import store as consents
from services.intake.consent.domain import LinkedMessage
from services.intake.consent.forms import InvalidAnswer
from services.intake.consent.leaving import PAGE
from services.intake.consent.numbers import StoppedNumbers
from shared.contract.events.people import Channel
from shared.contract.events.purposes import Purpose
from shared.contract.text_numbers import may_be_texted
from shared.runtime import parking
from shared.runtime.postgres import Database

KEPT_UNVERIFIED = timedelta(days=2)
_AT_A_TIME = 100

UNVERIFIED = "unverified addresses"
"""By this name applicants are parked whose unverified addresses cannot be deleted."""


@dataclass(frozen=True, slots=True)
class Reader:
    candidate_id: str
    applicant_key: str
    """Behind whose letter the link was asked for."""
    keys: Collection[str]
    """The applicants who are written to at that address; of others nothing is shown or changed."""


class Shown(NamedTuple):
    """What came of showing that an address or number is theirs."""

    any: bool
    """Whether there was one that they had been asked about."""
    is_number: bool
    ended_for_number: bool
    """Whether something that they had agreed to for another number ended with that."""


async def reader(conn: asyncpg.Connection, message: LinkedMessage) -> Reader | None:
    """Returns who reads where a link was sent, as long as somebody is written to there.

    Nobody else changes them until the transaction ends.
    """
    person = await addressee.hold_kin(conn, message)
    if person is None:
        return None
    reached = await people.reached(conn, person.candidate_id)
    keys = [it.applicant_key for it in reached if any(map(message.was_sent_to, it.addresses))]
    return Reader(person.candidate_id, person.applicant_key, keys) if keys else None


async def correct(
    conn: asyncpg.Connection,
    who: Reader,
    corrected: PersonalData,
    now: datetime,
) -> None:
    """Makes what somebody put right hold, from now on and against what sources say later."""
    corrected = await _greeted_as_before(conn, who, corrected)
    await people.correct(conn, who.keys, corrected)
    await timeline.note_applicant(conn, who.applicant_key, "corrected", {}, now)
    await _publish(conn, who.keys, now)


async def _greeted_as_before(
    conn: asyncpg.Connection, who: Reader, corrected: PersonalData
) -> PersonalData:
    """Tells apart the given name in a corrected one, where the name that was known does."""
    if corrected.name is None:
        return corrected
    known = (await people.by_key(conn, who.keys)).values()
    names = [one.put_right.name.value for one in known if one.put_right.name]
    name = told_apart(corrected.name.value, names)
    return replace(corrected, name=replace(corrected.name, value=name))


async def give_number(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    who: Reader,
    phone: str,
    message: LinkedMessage,
    countries: Collection[str],
    now: datetime,
) -> None:
    """Asks at a new number whether it is theirs; until that is confirmed nothing else goes there.

    Raises InvalidAnswer for one that no text message may go to, a number that said stop among them.
    """
    if not countries:
        raise InvalidAnswer("no_texts")
    if not may_be_texted(phone, countries) or await numbers.silent(conn, {phone: phone}):
        raise InvalidAnswer("number")
    await _refuse_too_often(conn, who, now)
    request_id = str(uuid4())
    await people.put_to_verify(conn, who.keys, now, phone=phone, request_id=request_id)
    await _ask(conn, who, message, Channel.SMS, request_id, now)


async def give_address(
    conn: asyncpg.Connection, who: Reader, address: str, message: LinkedMessage, now: datetime
) -> None:
    """Asks at a new address whether it is theirs; until that is confirmed nothing else goes there.

    Raises InvalidAnswer where so many links were sent already that this one would not be.
    """
    await _refuse_too_often(conn, who, now)
    request_id = str(uuid4())
    await people.put_to_verify(conn, who.keys, now, email=address, request_id=request_id)
    await _ask(conn, who, message, Channel.EMAIL, request_id, now)


Asked = Literal["email", "number", "known", "over"]
"""What a link sent to a new address asks of; whether it is known to be theirs, or nothing."""


async def asked(conn: asyncpg.Connection, message: LinkedMessage) -> Asked:
    """Tells what is left to confirm behind a link that was sent to a new address or number."""
    person = await addressee.find(conn, message)
    reached = await people.reached(conn, person.candidate_id) if person else []
    waiting = {each for it in reached for each in it.to_verify if message.was_sent_to(each)}
    for address in waiting:
        return "number" if is_number(address) else "email"
    is_theirs = any(message.was_sent_to(each) for it in reached for each in it.addresses)
    return "known" if is_theirs else "over"


async def verify(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    message: LinkedMessage,
    now: datetime,
) -> Shown:
    """Takes an address or number for theirs that was shown to be so, if one is asked for."""
    person = await addressee.hold_kin(conn, message)
    if person is None:
        return Shown(any=False, is_number=False, ended_for_number=False)
    waiting = await people.reached(conn, person.candidate_id)
    ended = False
    shown = {address for it in waiting for address in it.to_verify if message.was_sent_to(address)}
    for address in shown:
        keys = [it.applicant_key for it in waiting if address in it.to_verify]
        await people.end_verifying(conn, keys, address)
        await people.correct(conn, keys, verified(address, now))
        if is_number(address):
            ended |= await _begin_having(conn, numbers, person, keys, address, now)
        kind = "number_verified" if is_number(address) else "address_verified"
        await timeline.note_applicant(conn, person.applicant_key, kind, {}, now)
        await _publish(conn, keys, now)
    return Shown(any=bool(shown), is_number=any(map(is_number, shown)), ended_for_number=ended)


async def forget_unverified(database: Database, now: datetime) -> bool:
    """Deletes new addresses that nobody showed to be theirs; tells whether more are left.

    Applicants for whom that fails are parked.
    """

    async def forget(conn: asyncpg.Connection, keys: Sequence[str]) -> None:
        gone = await people.forget_unverified(conn, keys)
        await publishing.publish_candidates(conn, gone, now)

    async with database.transaction() as conn:
        keys = await people.unverified(conn, UNVERIFIED, now - KEPT_UNVERIFIED, _AT_A_TIME)
        await parking.work(conn, UNVERIFIED, keys, forget, key=str)
    return len(keys) == _AT_A_TIME


async def _refuse_too_often(conn: asyncpg.Connection, who: Reader, now: datetime) -> None:
    if await is_too_often(conn, Purpose.ADDRESS, who.applicant_key, now):
        raise InvalidAnswer("too_often")


async def _ask(
    conn: asyncpg.Connection,
    who: Reader,
    message: LinkedMessage,
    over: Channel,
    request_id: str,
    now: datetime,
) -> None:
    await _publish(conn, who.keys, now)
    about = who.candidate_id, who.applicant_key, message.application_id
    await ask_for(conn, Purpose.ADDRESS, *about, now, channel=over, request_id=request_id)


async def _begin_having(
    conn: asyncpg.Connection,
    numbers: StoppedNumbers,
    person: Addressee,
    keys: Collection[str],
    phone: str,
    now: datetime,
) -> bool:
    """Ends what was agreed for another number, and tells whether there was anything.

    A number that said stop is not opened by having it.
    """
    ended = await consents.end_consents(conn, PAGE, now, keys=keys, channels=[Channel.SMS])
    await numbers.begin_having(conn, keys, phone)
    await numbers.hold_for(conn, [person.candidate_id], now)
    return bool(ended)


async def _publish(conn: asyncpg.Connection, keys: Collection[str], now: datetime) -> None:
    await joining.publish(conn, await joining.regroup(conn, keys, now), now)
