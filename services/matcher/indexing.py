"""Indexes profiles once, for all replicas.

Consuming only stores what came. Whichever replica is free reads it into bags, which are stored
too; so a process that starts loads bags instead of reading every profile again, and a new way of
reading replaces the old bags by itself. A profile that cannot be read is parked with the reason:
nobody finds it until its next state, a newer version of this program or an operator tries again.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import asyncpg
import structlog
from pydantic import ValidationError

from services.matcher.metrics import IndexMetrics
from services.matcher.ranking.bags import pack
from services.matcher.ranking.documents import ANALYSIS, title_bags, word_bags
from services.matcher.store import bags
from services.matcher.store.bags import PackedBags
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.profile import Profile
from shared.runtime.postgres import Database

_log = structlog.get_logger()

AT_ONCE = 200


class Indexing:
    def __init__(self, database: Database, metrics: IndexMetrics) -> None:
        self._database = database
        self._metrics = metrics

    async def run_once(self, _: datetime) -> bool:
        """Indexes some of those who wait; True if there may be more."""
        async with self._database.transaction() as conn:
            rows = await bags.unread(conn, ANALYSIS, AT_ONCE)
            if rows:
                read = await asyncio.to_thread(_all_bags, rows)
                await bags.keep_bags(conn, read, ANALYSIS)
        return len(rows) == AT_ONCE

    async def count_parked(self, _: datetime) -> bool:
        """Counts the profiles that could not be indexed."""
        async with self._database.connection() as conn:
            self._metrics.parked.set(await bags.parked_count(conn))
        return False


def _all_bags(rows: Sequence[asyncpg.Record]) -> list[PackedBags]:
    return [_bags_or_reason(row) for row in rows]


def _bags_or_reason(row: asyncpg.Record) -> PackedBags:
    try:
        return _read(row)
    except Exception as error:  # noqa: BLE001 - one profile, whatever is in it, costs only itself
        reason = _reason(error)
        _log.warning("matcher.profile_parked", number=row["number"], reason=reason)
        return PackedBags(row["number"], parked_because=reason)


def _read(row: asyncpg.Record) -> PackedBags:
    profile = Profile.model_validate_json(row["profile"] or "{}")
    state = row["state"] and CandidateChanged.model_validate_json(row["state"])
    return PackedBags(
        row["number"],
        words=pack(word_bags(profile)),
        titles=pack(title_bags(profile, state.rejections if state else [])),
    )


def _reason(error: Exception) -> str:
    """Says what is wrong without a word of what somebody wrote."""
    if not isinstance(error, ValidationError):
        return type(error).__name__
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['type']}"[:200]
