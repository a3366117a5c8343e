"""Brings it about that applicants who are one person are one, and those who are not are not.

Whoever changes what is known of applicants calls it in the same transaction. It looks at all whom
they may be, decides anew, and moves whoever belongs elsewhere: a join and its undoing are the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

import asyncpg

from services.intake.applicants import publishing
from services.intake.applicants.domain.grouping import group, place
from services.intake.applicants.domain.people import Applicant, as_one
from services.intake.applicants.domain.register import PersonalData
from services.intake.applicants.store import joining, people
from services.intake.interests import recording as interests
from services.intake.privacy import store as privacy
from services.intake.privacy.rescrubbing import scrub_again
from shared.contract.events.cloudevents import Event


@dataclass(frozen=True, slots=True)
class Regrouped:
    """Whom it concerned."""

    people: Mapping[str, PersonalData] = field(default_factory=dict)
    """Those who are in the record, as they are by now."""
    candidate_ids: Mapping[str, str] = field(default_factory=dict)
    """Whose applicants they are."""
    moved: Collection[str] = ()
    """Applicants who are of another candidate now."""
    profiled: Collection[str] = ()
    """People whose profile may be another now."""


async def regroup(
    conn: asyncpg.Connection,
    keys: Collection[str],
    now: datetime,
    *,
    concerned: Collection[str] = (),
    said: Collection[tuple[str, str | None]] = (),
    scrubbed: Mapping[str, tuple[str, ...]] | None = None,
    locked: AbstractSet[str] = frozenset(),
) -> Regrouped:
    """Decides anew who these applicants are, and buries whoever is no more.

    `concerned` are people whose applicants have gone; `said` the first addresses and names that
    these had. `scrubbed` tells for which names an applicant's texts were scrubbed, where others
    than all that their candidate had. `locked` are candidates whom this transaction has locked or
    begun already.
    """
    kin = await people.kin(conn, keys, said, locked=locked)
    placed = await _placed(conn, kin)
    moved = {key: at for key, at in placed.items() if at != kin[key].candidate_id}
    if moved:
        there = {one.candidate_id for one in kin.values()}
        await people.begin(conn, set(moved.values()) - there)
        await joining.move(conn, moved)
    left = {kin[key].candidate_id for key in moved}
    theirs = _by_candidate(kin, placed)
    changed = {*concerned, *left, *moved.values(), *(placed[key] for key in keys if key in placed)}
    described = {it: as_one(theirs[it]) for it in changed if it in theirs}
    before = await people.lock_described(conn, described)
    await people.describe(conn, described)
    if moved:
        await joining.stop_again(conn, described)
    await _bury_empty(conn, changed - described.keys(), now)
    texts = dict.fromkeys(moved, ()) | dict(scrubbed or {})
    renamed = _renamed(described, before, theirs, texts)
    profiled = await scrub_again(conn, {it: described[it].names for it in renamed})
    others = {*profiled, *concerned, *left, *moved.values()} & described.keys()
    return Regrouped(described, placed, moved.keys(), others)


async def publish(
    conn: asyncpg.Connection,
    regrouped: Regrouped,
    now: datetime,
    causes: Mapping[str, Event] | None = None,
    *,
    profiled: Collection[str] = (),
) -> None:
    """Tells others of everybody whom it concerned.

    `causes` are the events by which applicants have changed, `profiled` those with another profile.
    """
    at = regrouped.candidate_ids
    caused: dict[str, Event | None] = dict.fromkeys(regrouped.people)
    caused |= {at[key]: event for key, event in (causes or {}).items() if key in at}
    profiles = {*regrouped.profiled, *(at[key] for key in profiled if key in at)}
    await publishing.publish(conn, caused, now, profiles=profiles)
    await interests.follow(conn, regrouped.moved)


async def _placed(conn: asyncpg.Connection, kin: Mapping[str, Applicant]) -> dict[str, str]:
    """Returns the candidate id of each applicant."""
    if len(kin) < 2:
        return {key: one.candidate_id for key, one in kin.items()}
    verdicts = await joining.verdicts(conn, kin)
    near = _at_one_address(kin.values())
    groups = group(list(kin.values()), verdicts, await joining.refusals(conn, near))
    return place(groups, lambda: str(uuid4()))


def _at_one_address(applicants: Iterable[Applicant]) -> list[str]:
    """Returns those who share a first address with another, unless that is the address of many."""
    near: dict[str, list[Applicant]] = defaultdict(list)
    for one in applicants:
        if one.first_email and not one.at_crowded_address:
            near[one.first_email].append(one)
    return [one.key for sharing in near.values() if len(sharing) > 1 for one in sharing]


def _by_candidate(
    kin: Mapping[str, Applicant], placed: Mapping[str, str]
) -> dict[str, list[Applicant]]:
    theirs: dict[str, list[Applicant]] = defaultdict(list)
    for key, candidate_id in placed.items():
        theirs[candidate_id].append(replace(kin[key], candidate_id=candidate_id))
    return theirs


def _renamed(
    described: Mapping[str, PersonalData],
    before: Mapping[str, PersonalData],
    theirs: Mapping[str, Collection[Applicant]],
    scrubbed: Mapping[str, Collection[str]],
) -> list[str]:
    """Returns those of whose texts some were not scrubbed for the names that they have now."""
    return [
        candidate_id
        for candidate_id, now in described.items()
        if any(
            scrubbed.get(one.key, before[candidate_id].names) != now.names
            for one in theirs[candidate_id]
        )
    ]


async def _bury_empty(
    conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime
) -> None:
    if not candidate_ids:
        return
    published = await joining.delete_empty(conn, candidate_ids)
    await privacy.remember(conn, published, now)
    await publishing.bury(conn, published, now)
