"""What a human decides about who is one person."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import product
from typing import NamedTuple

import asyncpg

from services.intake.applicants import joining, publishing
from services.intake.applicants.domain.people import Applicant
from services.intake.applicants.store import applications, people
from services.intake.applicants.store import joining as store
from services.intake.applicants.store.joining import Pair, Verdict
from services.intake.consent import mailboxes
from shared.contract.events.candidates import Rejection

ALL = 1_000_000


class Decided(NamedTuple):
    """What a decision came to."""

    people: set[str]
    """Whom it concerned, as they were and as they are."""
    owed: Sequence[Rejection] = ()
    """The decisions of which they are told by a letter now that was not owed before."""


async def accept(conn: asyncpg.Connection, join_id: str, now: datetime) -> Decided | None:
    """Makes one person of two; whatever a human said before to the contrary holds no more.

    None if they were not suggested.
    """
    pair = await _find(conn, join_id, suggested=True)
    if pair is None:
        return None
    held = await people.kin(conn, [pair.applicant_key, pair.other_key])
    ours, theirs = (_of_candidate(held, key) for key in (pair.applicant_key, pair.other_key))
    across = {*product(ours, theirs), *product(theirs, ours)}
    apart = (await store.verdicts(conn, held)).different
    pairs = {(pair.applicant_key, pair.other_key), *across.intersection(apart)}
    return Decided(await _decide(conn, pairs, "same", now))


async def reject(conn: asyncpg.Connection, join_id: str, now: datetime) -> Decided | None:
    """Keeps that two who may be one person are two, and neither is stopped for the other.

    None if they were not suggested.
    """
    pair = await _find(conn, join_id, suggested=True)
    if pair is None:
        return None
    keys = (pair.applicant_key, pair.other_key)
    concerned = await _decide(conn, [keys], "different", now)
    await mailboxes.hear_anew(conn, await _whose(conn, keys), now)
    return Decided(concerned)


async def undo(conn: asyncpg.Connection, join_id: str, now: datetime) -> Decided | None:
    """Makes two people of one: the younger applicant leaves, with those who are as that one is.

    None if there is nothing to take back.
    """
    pair = await _find(conn, join_id, suggested=False)
    if pair is None:
        return None
    before = await _owed(conn, pair, now)
    held = await people.kin(conn, [pair.applicant_key, pair.other_key])
    leaver = held[pair.other_key]
    going = {leaver.key}
    if not _are_alike(leaver, held[pair.applicant_key]):
        going |= {one.key for one in held.values() if _are_alike(one, leaver)}
    staying = set(_of_candidate(held, leaver.key)) - going
    concerned = await _decide(conn, set(product(going, staying)), "different", now)
    after = await _owed(conn, pair, now)
    return Decided(concerned, [no for said, no in after.items() if said not in before])


async def _decide(
    conn: asyncpg.Connection, pairs: Collection[tuple[str, str]], verdict: Verdict, now: datetime
) -> set[str]:
    """Keeps a decision; returns whom it concerned, as they were and as they are."""
    await store.decide(conn, pairs, verdict, now)
    keys = {key for pair in pairs for key in pair}
    were = await _whose(conn, keys)
    regrouped = await joining.regroup(conn, keys, now)
    if verdict == "different" and regrouped.moved:
        await applications.part_letters(conn, regrouped.people)
    await joining.publish(conn, regrouped, now)
    return were | await _whose(conn, keys)


async def _owed(
    conn: asyncpg.Connection, pair: Pair, now: datetime
) -> dict[tuple[str, datetime], Rejection]:
    """Returns the decisions that those of a pair are still to be told of."""
    whose = await _whose(conn, [pair.applicant_key, pair.other_key])
    found: dict[tuple[str, datetime], Rejection] = {}
    for candidate_id in sorted(whose):
        if state := await publishing.state_of(conn, candidate_id, now):
            candidate, recipient = state
            owed = {it.application_id for it in recipient.applications if it.answer_owed}
            mine = (no for no in candidate.rejections if no.application_id in owed)
            found |= {(no.vacancy_id, no.decided_at): no for no in mine}
    return found


async def _whose(conn: asyncpg.Connection, keys: Collection[str]) -> set[str]:
    """Returns the people whom these applicants are."""
    return {one.candidate_id for one in (await people.by_key(conn, keys)).values()}


async def _find(conn: asyncpg.Connection, join_id: str, *, suggested: bool) -> Pair | None:
    if suggested:
        found = [*await store.suggestions(conn, ALL), *await store.decided(conn, join_id)]
    else:
        found = await store.joined(conn, ALL)
    return next((pair for pair in found if pair.join_id == join_id), None)


def _of_candidate(held: dict[str, Applicant], key: str) -> list[str]:
    """Returns the applicants of the person of whom this one is."""
    if key not in held:
        return []
    candidate_id = held[key].candidate_id
    return [one.key for one in held.values() if one.candidate_id == candidate_id]


def _are_alike(one: Applicant, other: Applicant) -> bool:
    return one.name_key is not None and (one.first_email, one.name_key) == (
        other.first_email,
        other.name_key,
    )
