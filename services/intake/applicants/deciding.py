"""What a human decides about who is one person."""

from collections.abc import Collection
from datetime import datetime
from itertools import product

import asyncpg

from services.intake.applicants import joining
from services.intake.applicants.domain.people import Applicant
from services.intake.applicants.store import joining as store
from services.intake.applicants.store import people
from services.intake.applicants.store.joining import Pair, Verdict

ALL = 1_000_000


async def accept(conn: asyncpg.Connection, join_id: str, now: datetime) -> bool:
    """Makes one person of two; whatever a human said before to the contrary holds no more."""
    pair = await _find(conn, join_id, suggested=True)
    if pair is None:
        return False
    held = await people.kin(conn, [pair.applicant_key, pair.other_key])
    ours, theirs = (_of_candidate(held, key) for key in (pair.applicant_key, pair.other_key))
    across = {*product(ours, theirs), *product(theirs, ours)}
    apart = (await store.verdicts(conn, held)).different
    pairs = {(pair.applicant_key, pair.other_key), *across.intersection(apart)}
    await _decide(conn, pairs, "same", now)
    return True


async def reject(conn: asyncpg.Connection, join_id: str, now: datetime) -> bool:
    """Keeps that two who may be one person are two."""
    pair = await _find(conn, join_id, suggested=True)
    if pair:
        await _decide(conn, [(pair.applicant_key, pair.other_key)], "different", now)
    return pair is not None


async def undo(conn: asyncpg.Connection, join_id: str, now: datetime) -> bool:
    """Makes two people of one: the younger applicant leaves, with those who are as that one is."""
    pair = await _find(conn, join_id, suggested=False)
    if pair is None:
        return False
    held = await people.kin(conn, [pair.applicant_key, pair.other_key])
    leaver = held[pair.other_key]
    going = {leaver.key}
    if not _are_alike(leaver, held[pair.applicant_key]):
        going |= {one.key for one in held.values() if _are_alike(one, leaver)}
    staying = set(_of_candidate(held, leaver.key)) - going
    await _decide(conn, set(product(going, staying)), "different", now)
    return True


async def _decide(
    conn: asyncpg.Connection, pairs: Collection[tuple[str, str]], verdict: Verdict, now: datetime
) -> None:
    await store.decide(conn, pairs, verdict, now)
    keys = {key for pair in pairs for key in pair}
    await joining.publish(conn, await joining.regroup(conn, keys, now), now)


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
