"""Mailboxes that said stop, or wrote what waits for a human: it holds for all who may be who did.

Systems give one person several ids, and write a name in several ways. So what somebody says holds
for everybody whose first address is one that they ever had, and whose name does not contradict all
of theirs, known already or recorded later: "R. Doe" and no name at all may be Rex Doe, and Ada Doe,
who reads the same mail, is not; nor is whom a human told apart. Of what was said there the newest
holds. Of those who have left keyed hashes are kept (`applicants/domain/erased_names.py`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import asyncpg
from pydantic import ValidationError

from services.intake.applicants import publishing
from services.intake.applicants.domain.agreement import (
    name_key,
    words_contradict,
    words_of,
)
from services.intake.applicants.domain.erased_names import (
    KeptName,
    addresses_and_names,
    kept_of,
    kept_of_all,
)
from services.intake.applicants.domain.identity import IdentityHash, normal_email
from services.intake.applicants.domain.normalisation import TimelineEntry
from services.intake.applicants.store import people, timeline
from services.intake.consent import store
from services.intake.outgoing import telling
from shared.contract.events.people import Channel, PersonName
from shared.runtime.sql import Queries

BY_MAILBOX: Final = "mailbox"
"""How a channel is stopped to whoever may be somebody who stopped it."""

_NOTED = {Channel.EMAIL: "email_stopped", Channel.SMS: "sms_stopped"}

_queries = Queries(Path(__file__).with_name("mailboxes.sql"))


class Said(NamedTuple):
    """A stop of a channel, or a yes that lifted one; of two at one moment the yes holds."""

    channel: Channel
    at: datetime
    opens: bool = False


@dataclass(frozen=True, slots=True)
class SilentName(KeptName):
    """What is left of somebody who had stopped a channel when they left."""

    said: Said


@dataclass(frozen=True, slots=True)
class _Speaker:
    """An applicant who said something, as they are and were known."""

    addresses: Collection[str]
    names: Collection[tuple[str, ...]]

    def may_be(self, address: str, words: Sequence[str]) -> bool:
        """Tells whether they may be whoever has this first address and name."""
        agrees = (not words_contradict(words, name) for name in self.names)
        return address in self.addresses and any(agrees)


class _Heard(NamedTuple):
    """What holds for an applicant, for they may be who said it."""

    applicant_key: str
    candidate_id: str
    said: Sequence[Said]
    waiting: Sequence[tuple[str, datetime]]
    """Whose mails a human has still to read, and since when."""


NOBODY: Mapping[str, Sequence[Said]] = MappingProxyType({})


async def lock(conn: asyncpg.Connection, candidate_ids: Collection[str]) -> list[str]:
    """Locks people, and all for whom it may hold what they say; returns those in the record."""
    return await people.lock(conn, {*candidate_ids, *await _near(conn, candidate_ids)})


async def pass_on(conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime) -> None:
    """Applies what these people have just said to whoever may be them, and publishes those."""
    others = await _near(conn, candidate_ids) - set(candidate_ids)
    held = await hold_for(conn, others, now)
    await publishing.publish_candidates(conn, held, now)


async def hear_anew(
    conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime
) -> None:
    """Applies to people only what still holds, once a human has told them apart from others."""
    await lock(conn, candidate_ids)
    ids = sorted(candidate_ids)
    await store.lift_stops(conn, ids, list(Channel), BY_MAILBOX, now, made_by=[BY_MAILBOX])
    await _queries.wait_no_more(conn, ids=ids)
    await hold_for(conn, ids, now)
    await publishing.publish_candidates(conn, ids, now)


async def hold_for(
    conn: asyncpg.Connection,
    candidate_ids: Collection[str],
    now: datetime,
    left: Mapping[str, Sequence[Said]] = NOBODY,
) -> list[str]:
    """Applies to these people what was said at their mailboxes by whoever may be them.

    `left` is what those have said who are in the record no more, by the applicants who may be them.
    Returns for whom anything is new.
    """
    heard = await _heard(conn, candidate_ids, left)
    changed = {it for channel in Channel for it in await _hold(conn, heard, channel, now)}
    waiting = [(it.applicant_key, *each) for it in heard for each in it.waiting[:1]]
    if waiting:
        keys, becauses, sinces = map(list, zip(*waiting, strict=True))
        rows = await _queries.wait(conn, keys=keys, becauses=becauses, sinces=sinces)
        changed |= {row["candidate_id"] for row in rows}
    return sorted(changed)


async def outlive(conn: asyncpg.Connection, identity: IdentityHash, keys: Collection[str]) -> None:
    """Keeps what these applicants, who leave, have stopped: by hashes of all they were known as."""
    said = await _queries.stops(conn, keys=list(keys))
    rows = [
        (*kept, each["channel"], each["at"])
        for one in await _known_as(conn, {each["applicant_key"] for each in said})
        for kept in kept_of_all(identity, _telling(one["known_as"])).union(
            kept_of(identity, one["first_email"], _name(one["name"])) if one["first_email"] else ()
        )
        for each in said
        if each["applicant_key"] == one["applicant_key"]
    ]
    if rows:
        addresses, parts, channels, ats = map(list, zip(*sorted(rows), strict=True))
        await _queries.outlive(conn, addresses=addresses, parts=parts, channels=channels, ats=ats)


async def outlived(conn: asyncpg.Connection, addresses: Collection[bytes]) -> list[SilentName]:
    """Returns what is left of those who had stopped anything when they left, by address."""
    if not addresses:
        return []
    rows = await _queries.outlived(conn, addresses=list(addresses))
    return [
        SilentName(address, parts, Said(Channel(channel), at))
        for address, parts, channel, at in rows
    ]


async def _near(conn: asyncpg.Connection, candidate_ids: Collection[str]) -> set[str]:
    rows = await _queries.sharing(conn, ids=list(candidate_ids)) if candidate_ids else ()
    return {row["candidate_id"] for row in rows}


async def _heard(
    conn: asyncpg.Connection, candidate_ids: Collection[str], left: Mapping[str, Sequence[Said]]
) -> list[_Heard]:
    ids = list(candidate_ids)
    rows = await _queries.said(conn, ids=ids) if ids else ()
    if not (rows or left):
        return []
    speakers = await _known_as(conn, {row["applicant_key"] for row in rows})
    known = {one["applicant_key"]: _speaker(one) for one in speakers}
    whose = {one["applicant_key"]: one["candidate_id"] for one in speakers}
    apart = set(map(tuple, await _queries.apart(conn, ids=ids))) if rows else set()
    found = []
    for one in await _queries.whom(conn, ids=ids):
        key, address, words = one["applicant_key"], one["first_email"], words_of(_name(one["name"]))
        theirs = [
            row
            for row in rows
            if known[row["applicant_key"]].may_be(address, words)
            and (one["candidate_id"], whose[row["applicant_key"]]) not in apart
        ]
        said = [
            Said(Channel(row["channel"]), row["at"], row["opens"])
            for row in theirs
            if row["channel"]
        ]
        waiting = [(row["applicant_key"], row["at"]) for row in theirs if not row["channel"]]
        found.append(_Heard(key, one["candidate_id"], [*said, *left.get(key, ())], waiting))
    return found


async def _hold(
    conn: asyncpg.Connection, heard: Sequence[_Heard], channel: Channel, now: datetime
) -> set[str]:
    """Stops a channel to whom the newest word says so, and opens what was stopped by an older one.

    Returns for whom that is new.
    """
    closed: dict[str, str] = {}
    opened: set[str] = set()
    for one in heard:
        newest = max((said for said in one.said if said.channel == channel), default=None)
        if newest and newest.opens:
            opened.add(one.candidate_id)
        elif newest:
            closed[one.applicant_key] = one.candidate_id
    stopped = await _stop(conn, closed, channel, now) if closed else set()
    opened -= set(closed.values())
    if opened:
        how = (BY_MAILBOX, now)
        stopped |= set(
            await store.lift_stops(conn, sorted(opened), [channel], *how, made_by=[BY_MAILBOX])
        )
    return stopped


async def _stop(
    conn: asyncpg.Connection, whose: Mapping[str, str], channel: Channel, now: datetime
) -> set[str]:
    before = await _queries.stopped(conn, ids=list(whose.values()), channel=channel)
    found = await store.stop(conn, [], [channel], BY_MAILBOX, now, keys=list(whose))
    news = set(found) - {row["candidate_id"] for row in before}
    noted = TimelineEntry(now, _NOTED[channel], {"how": BY_MAILBOX})
    await timeline.add_entries(conn, [(key, noted) for key, at in whose.items() if at in news])
    await telling.tell_stopped(conn, sorted(news), [channel], now)
    return news


async def _known_as(conn: asyncpg.Connection, keys: Collection[str]) -> Sequence[asyncpg.Record]:
    rows: Sequence[asyncpg.Record] = await _queries.known_as(conn, keys=list(keys)) if keys else ()
    return rows


def _telling(known_as: Sequence[str]) -> list[str]:
    """Returns the addresses, and the whole names: a part of one is that of a family too."""
    return [it for it in known_as if normal_email(it) or name_key(PersonName(full_name=it))]


def _speaker(one: asyncpg.Record) -> _Speaker:
    addresses, names = addresses_and_names(_telling(one["known_as"]))
    first = filter(None, [one["first_email"]])
    return _Speaker(addresses.union(first), {words_of(_name(one["name"])), *names})


def _name(stored: str | None) -> PersonName | None:
    """Reads a name; one that cannot be read is none, so that it keeps nobody from leaving."""
    try:
        return PersonName.model_validate_json(stored) if stored else None
    except ValidationError:
        return None
