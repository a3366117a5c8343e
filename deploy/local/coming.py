"""What leaves a local stack next: which message, about what and when, and never to whom."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path

import asyncpg

from deploy.local.program import program
from shared.contract.events.purposes import DECISION_RESTS, UNANSWERED_AFTER
from shared.runtime.clock import Clock
from shared.runtime.sql import Queries
from shared.runtime.terminal import Terminal

_queries = Queries(Path(__file__).with_suffix(".sql"))

LOOK_SECONDS = 2.0
SILENCE = UNANSWERED_AFTER + DECISION_RESTS
"""After so long a letter may leave to whoever no recruiter came back to."""


@dataclass(frozen=True, slots=True)
class Coming:
    """The message that leaves next."""

    at: datetime
    purpose: str
    title: str | None
    is_planned: bool
    """Whether its hour alone is waited for: else it is planned if no recruiter says a word."""

    def told(self, now: datetime) -> str:
        """Says what leaves and when, and how to have it at once."""
        what = ", ".join(part for part in (self.purpose.replace("_", " "), self.title) if part)
        if self.at <= now:
            return f"Leaves now: {what}."
        days = ceil((self.at - now) / timedelta(days=1))
        when = f"{self.at:%a %d %b %Y %H:%M} UTC"
        skip = f"To see it now: {program()} skip {days}d"
        if not self.is_planned:
            return f"Next, if no recruiter says what came of a yes: {what}, from {when}. {skip}"
        return f"Planned next: {what}, on {when}. {skip}"


async def next_message(conn: asyncpg.Connection) -> Coming | None:
    """Returns what leaves next, if anything does."""
    row = await _queries.next_message(conn, silence=SILENCE)
    return Coming(**row) if row else None


async def sent(conn: asyncpg.Connection) -> int:
    """Counts the messages that have left."""
    count: int = await _queries.sent(conn)
    return count


async def tell_what_comes(database_url: str, clock: Clock, console: Terminal) -> None:
    """Says what leaves next whenever that has changed, until it is cancelled."""
    told: Coming | None = None
    conn = await asyncpg.connect(database_url)
    try:
        while True:
            coming = await next_message(conn)
            if coming and coming != told:
                console.print(coming.told(clock.now()), soft_wrap=True)
            told = coming
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        conn.terminate()
