"""Telephone numbers that said stop: it holds for whoever has them, had them or gets them later.

A number changes hands, and what the record says of it changes more often. So it is remembered by a
keyed hash until it says start, or somebody says yes to text messages behind a link that came to it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import asyncpg

from services.intake.applicants.domain.identity import IdentityHash
from services.intake.applicants.domain.normalisation import TimelineEntry
from services.intake.applicants.store import people, timeline
from services.intake.consent import store
from shared.contract.events.people import Channel
from shared.runtime.sql import Queries

BY_TEXT: Final = "sms"
"""How a number says stop, and by what start is said."""

_queries = Queries(Path(__file__).with_name("numbers.sql"))


class StoppedNumbers:
    """What numbers, in E.164, said themselves, recognised under every key there has been."""

    def __init__(self, identity: IdentityHash) -> None:
        self._identity = identity

    async def begin_hearing(self, conn: asyncpg.Connection) -> None:
        """Waits until nobody records numbers, and keeps others from it while one is heard.

        Else a number said stop just while it is given to somebody, and neither sees the other. It
        comes before all other locks.
        """
        await _queries.begin_hearing(conn)

    async def begin_recording(self, conn: asyncpg.Connection) -> None:
        """Waits until no number is being heard; it comes before all other locks."""
        await _queries.begin_recording(conn)

    async def ever_of(self, conn: asyncpg.Connection, phone: str) -> list[str]:
        """Returns everybody who has that number or ever had it."""
        return await people.with_likeness(conn, self._identity.phone(phone))

    async def silence(self, conn: asyncpg.Connection, phone: str, now: datetime) -> None:
        """Remembers that a number said stop, whether or not anybody is known to have it."""
        await _queries.silence(conn, hash=self._identity.phone(phone)[0], now=now)

    async def reopen(self, conn: asyncpg.Connection, phones: Collection[str]) -> None:
        """Forgets that these numbers said stop."""
        hashes = [each for phone in phones for each in self._identity.phone(phone)]
        if hashes:
            await _queries.reopen(conn, hashes=hashes)

    async def begin_having(
        self, conn: asyncpg.Connection, keys: Collection[str], phone: str
    ) -> None:
        """Remembers that these applicants have that number, beside what their sources say."""
        hashes = self._identity.phone(phone)
        await people.keep_likenesses(conn, [(each, key) for each in hashes for key in keys])

    async def hold_for(
        self, conn: asyncpg.Connection, candidate_ids: Collection[str], now: datetime
    ) -> None:
        """Stops text messages to those of these people who have a number that said stop."""
        rows = await store.phones(conn, list(candidate_ids))
        silent = await self.silent(conn, {row["applicant_key"]: row["phone"] for row in rows})
        whose = {
            row["candidate_id"]: row["applicant_key"]
            for row in rows
            if row["applicant_key"] in silent
        }
        if whose:
            stopped = await store.stop(conn, sorted(whose), [Channel.SMS], BY_TEXT, now)
            noted = TimelineEntry(now, "sms_stopped", {"how": BY_TEXT})
            await timeline.add_entries(conn, [(whose[each], noted) for each in stopped])

    async def silent(self, conn: asyncpg.Connection, phones: Mapping[str, str]) -> set[str]:
        """Returns to whom of these, each with a number, no text message may go."""
        hashes = {phone: self._identity.phone(phone) for phone in set(phones.values())}
        asked = [each for every in hashes.values() for each in every]
        if not asked:
            return set()
        found = {row["hash"] for row in await _queries.silent(conn, hashes=asked)}
        return {whose for whose, phone in phones.items() if not found.isdisjoint(hashes[phone])}
