"""Indexes profiles once, for all replicas.

Consuming only stores what came. Whichever replica is free reads it into bags, which are stored
too; so a process that starts loads bags instead of reading every profile again. A new version of
the analysis replaces the old bags by itself, and what was concluded from people's states. A
profile that cannot be read is parked, and searches no longer wait for it. Bags that cannot be read
are discarded: whose they were is parked as well, left out meanwhile, and indexed anew in a minute.
"""

import asyncio
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.matcher.ranking import Document
from services.matcher.ranking.bags import pack, unpack
from services.matcher.ranking.documents import ANALYSIS, title_bags, word_bags
from services.matcher.store import bags, eligibility
from services.matcher.store.bags import PackedBags
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.profile import NEWS_JSON, Profile
from shared.runtime import parking
from shared.runtime.postgres import Database

INDEXING = "indexing"
"""The job's name, under which it parks people by their candidate id."""

AT_ONCE = 200


class Indexing:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, _: datetime) -> bool:
        """Indexes some of those who wait; True if there may be more."""
        async with self._database.transaction() as conn:
            rows = await bags.unread(conn, INDEXING, ANALYSIS, AT_ONCE)
            await parking.work(conn, INDEXING, rows, _index, key=lambda row: row["candidate_id"])
        return len(rows) == AT_ONCE


def document_of(packed: PackedBags) -> Document | None:
    """Returns what a ranker is to know of somebody; None if their bags cannot be read."""
    try:
        return Document(packed.number, unpack(packed.words), unpack(packed.titles))
    except (ValueError, struct.error):
        return None


async def index_anew(database: Database, numbers: Sequence[int]) -> None:
    """Discards bags that cannot be read, and parks whose they were until they are indexed again."""
    async with database.transaction() as conn:
        ids = await bags.discard(conn, numbers)
        await parking.park(conn, INDEXING, dict.fromkeys(ids, "unreadable_bags"))


async def _index(conn: asyncpg.Connection, rows: Sequence[asyncpg.Record]) -> None:
    read = await asyncio.to_thread(lambda: [_read(row) for row in rows])
    await bags.keep_bags(conn, [at.bags for at in read], ANALYSIS)
    outdated = {at.bags.number: at.state for at in read if at.state and at.outdated}
    if outdated:
        await eligibility.derive_again(conn, outdated)


@dataclass(frozen=True)
class _Read:
    bags: PackedBags
    state: CandidateChanged | None
    outdated: bool
    """Whether an earlier version has drawn its conclusions from the state."""


def _read(row: asyncpg.Record) -> _Read:
    profile = Profile.model_validate_json(row["profile"] or "{}")
    state = CandidateChanged.model_validate_json(row["state"]) if row["state"] else None
    packed = PackedBags(
        row["number"],
        words=pack(word_bags(profile, NEWS_JSON.validate_json(row["news"] or "[]"))),
        titles=pack(title_bags(profile, state.rejections if state else [])),
    )
    return _Read(packed, state, outdated=row["analysed"] > 0)
