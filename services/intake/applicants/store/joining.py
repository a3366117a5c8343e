"""Moves applicants from one person to another, with all that hangs on them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

import asyncpg

from services.intake.applicants.domain.applications import ApplicationKey, published_ids
from services.intake.applicants.domain.grouping import Refusal, Verdicts
from services.intake.applicants.store import applications, profiles
from shared.contract.events.payload import stable_id
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("joining.sql"))

Key = TypeVar("Key")
Row = TypeVar("Row")

Verdict = Literal["same", "different"]


class Pair(NamedTuple):
    """Two applicants who are one person, or may be."""

    join_id: str
    applicant_key: str
    other_key: str
    because: str


async def verdicts(conn: asyncpg.Connection, keys: Iterable[str]) -> Verdicts:
    """Returns what was decided about pairs of these applicants."""
    rows = await _queries.verdicts(conn, keys=list(keys))
    pairs: dict[Verdict, dict[tuple[str, str], str | None]] = defaultdict(dict)
    for row in rows:
        pairs[row["verdict"]][row["applicant_key"], row["other_key"]] = row["address"]
    return Verdicts(pairs["same"], pairs["different"])


async def decide(
    conn: asyncpg.Connection, pairs: Collection[tuple[str, str]], verdict: Verdict, now: datetime
) -> None:
    """Keeps what a human decided about pairs of applicants."""
    await _decide(conn, pairs, verdict, None, now)


async def verify(
    conn: asyncpg.Connection, pairs: Collection[tuple[str, str]], address: str, now: datetime
) -> None:
    """Keeps that pairs of applicants are one as long as both have this first address."""
    await _decide(conn, pairs, "same", address, now)


async def suggestions(conn: asyncpg.Connection, limit: int) -> list[Pair]:
    """Returns pairs of applicants who may be one person, for a human to say."""
    return [Pair(*row) for row in await _queries.suggestions(conn, limit=limit)]


async def joined(conn: asyncpg.Connection, limit: int) -> list[Pair]:
    """Returns pairs of applicants who are one person, each with the eldest of theirs first."""
    return [Pair(*row) for row in await _queries.joined(conn, limit=limit)]


async def decided(conn: asyncpg.Connection, join_id: str) -> list[Pair]:
    """Returns the pair that was decided about under this id, if one was."""
    return [Pair(join_id, *row) for row in await _queries.decided(conn, join_id=join_id)]


async def refusals(conn: asyncpg.Connection, keys: Collection[str]) -> dict[str, list[Refusal]]:
    """Returns what was refused to applicants, by applicant."""
    found: dict[str, list[Refusal]] = defaultdict(list)
    if keys:
        for row in await _queries.refusals(conn, keys=list(keys)):
            said = Refusal(*row[1:])
            found[row["applicant_key"]].append(said)
    return found


async def move(conn: asyncpg.Connection, placed: Mapping[str, str]) -> None:
    """Makes applicants those of other candidates, by applicant."""
    keys, ids = list(placed), list(placed.values())
    colliding = await _queries.colliding(conn, keys=keys, ids=ids)
    if colliding:
        renamed = [tuple(row) for row in colliding]
        await _queries.rename(
            conn,
            keys=[key for key, _ in renamed],
            source_ids=[source_id for _, source_id in renamed],
            application_ids=[stable_id(*each) for each in renamed],
            ids=[placed[key] for key, _ in renamed],
        )
    await _queries.move_places(conn, keys=keys, ids=ids)
    await _queries.move(conn, keys=keys, ids=ids)


async def stop_again(conn: asyncpg.Connection, candidate_ids: Collection[str]) -> None:
    """Restores stops that were lifted by somebody who is another person now."""
    await _queries.stop_again(conn, ids=list(candidate_ids))


async def delete_empty(conn: asyncpg.Connection, candidate_ids: Collection[str]) -> list[str]:
    """Deletes people of whom no applicant is left; returns those whom others were told about."""
    rows = await _queries.delete_empty(conn, ids=list(candidate_ids))
    return [row["candidate_id"] for row in rows]


async def erase_claims(conn: asyncpg.Connection, erased: Mapping[str, datetime]) -> list[str]:
    """Deletes what was said of applicants until they were erased, and remembers when that was.

    Returns those of whom nothing is left to be kept.
    """
    until = {"keys": list(erased), "erased_at": list(erased.values())}
    await _queries.erase_claims(conn, **until)
    await _queries.mark_erased(conn, **until)
    rows = await _queries.without_rejection(conn, keys=until["keys"])
    return [row["applicant_key"] for row in rows]


async def delete(conn: asyncpg.Connection, keys: Collection[str]) -> None:
    """Deletes applicants with all that hangs on them."""
    await _queries.delete(conn, keys=list(keys))


async def recognise_as(conn: asyncpg.Connection, merged: Mapping[str, str]) -> None:
    """Points what recognises a merged applicant to the one who remains."""
    if merged:
        await _queries.repoint(conn, old=list(merged), new=list(merged.values()))


async def merge(
    conn: asyncpg.Connection, merged: Mapping[str, str], candidate_ids: Mapping[str, str]
) -> set[str]:
    """Makes one applicant of two; `candidate_ids` are those of the ones who remain.

    Returns those who have another profile by it.
    """
    changed: set[str] = set()
    if not merged:
        return changed
    old, new = list(merged), list(merged.values())
    await _merge_applications(conn, merged, candidate_ids)
    able = await profiles.of_applicants(conn, old)
    for turn in _one_by_one((merged[row[0]], row) for row in able):
        rows = [(key, candidate_ids[key], *row[2:]) for key, row in turn.items()]
        changed |= await profiles.keep(conn, rows)
    await _queries.take_over(conn, old=old, new=new)
    await _queries.delete(conn, keys=old)
    return changed


async def _merge_applications(
    conn: asyncpg.Connection, merged: Mapping[str, str], candidate_ids: Mapping[str, str]
) -> None:
    gaps = await _queries.gaps(conn, keys=list(merged))
    rows = await applications.of(conn, list(merged))
    if not rows:
        return
    published = await _queries.published(conn, keys=list(merged))
    await _queries.delete_applications(conn, keys=list(merged))
    moved = [(ApplicationKey(merged[row[1]], row[3], row[4]), row) for row in rows]
    taken = await applications.taken(conn, candidate_ids.values())
    for turn in _one_by_one(moved):
        ids = published_ids(turn, candidate_ids, taken)
        await applications.keep(
            conn,
            [
                (candidate_ids[key.applicant_key], key.applicant_key, ids[key], *row[3:])
                for key, row in turn.items()
            ],
        )
    await _queries.put_gaps(
        conn,
        keys=[merged[row["applicant_key"]] for row in gaps],
        source_ids=[row["source_application_id"] for row in gaps],
        requirement_ids=[row["requirement_id"] for row in gaps],
        closed=[row["closed_at"] for row in gaps],
    )
    await _queries.put_published(
        conn,
        keys=[merged[row["applicant_key"]] for row in published],
        source_ids=[row["source_application_id"] for row in published],
        ids=[row["candidate_id"] for row in published],
        application_ids=[row["application_id"] for row in published],
    )


async def _decide(
    conn: asyncpg.Connection,
    pairs: Collection[tuple[str, str]],
    verdict: Verdict,
    address: str | None,
    now: datetime,
) -> None:
    if pairs:
        keys, others = map(list, zip(*pairs, strict=True))
        await _queries.decide(
            conn, keys=keys, others=others, verdict=verdict, address=address, now=now
        )


def _one_by_one(pairs: Iterable[tuple[Key, Row]]) -> list[dict[Key, Row]]:
    """Splits what comes so that no key stands twice in one statement."""
    turns: dict[Key, int] = defaultdict(int)
    rounds: list[dict[Key, Row]] = []
    for key, row in pairs:
        if turns[key] == len(rounds):
            rounds.append({})
        rounds[turns[key]][key] = row
        turns[key] += 1
    return rounds
