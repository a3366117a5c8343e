"""What the short links in text messages stand for, and by what mails are known that come back.

notifier tells of each in the transaction that lets its message leave, so a link is known here
within a second. Whoever is quicker, or presses while that news still waits, finds nothing yet,
and is asked to try again in a minute. A restored database is told again with all that follows.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from services.intake.applicants.store.people import Addressee
from shared.contract.events.notifications import LinkShortened
from shared.runtime.links import LinkPurpose
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_suffix(".sql"))


OF_RECRUITERS = frozenset({LinkPurpose.SHORTLIST, LinkPurpose.INTEREST})
"""What these lead to is for people of whom there is no record."""

_OUTLIVING = [LinkPurpose.CANDIDATE, LinkPurpose.UNSUBSCRIBE, LinkPurpose.MAIL]
"""These work past their day for as long as what their reader has agreed to."""


@dataclass(frozen=True, slots=True)
class FullLink:
    """What a short link stands for."""

    purpose: LinkPurpose
    claims: dict[str, str]
    expires_at: datetime


async def keep(
    conn: asyncpg.Connection, links: Sequence[tuple[LinkShortened, Addressee | None]]
) -> None:
    """Keeps what links stand for; a candidate's as long as the applicant it was sent to."""
    kept = [
        (link, to and to.applicant_key)
        for link, to in links
        if link.purpose in OF_RECRUITERS or (link.purpose in set(LinkPurpose) and to)
    ]
    await _queries.keep(
        conn,
        hashes=[link.token_hash for link, _ in kept],
        keys=[key for _, key in kept],
        purposes=[link.purpose for link, _ in kept],
        claims=[json.dumps(link.claims) for link, _ in kept],
        ends=[link.expires_at for link, _ in kept],
    )


async def hand_over(conn: asyncpg.Connection, keys: Collection[str]) -> None:
    """Keeps it known by what the letters of applicants who leave come back, for whom they told."""
    await _queries.hand_over(conn, keys=list(keys), purpose=LinkPurpose.MAIL)


async def find(conn: asyncpg.Connection, hashes: Sequence[str], now: datetime) -> FullLink | None:
    """Returns what the link of one of these hashes stands for, as long as it holds."""
    row = await _queries.find(conn, hashes=list(hashes), outliving=_OUTLIVING, now=now)
    if row is None:
        return None
    return FullLink(LinkPurpose(row["purpose"]), json.loads(row["claims"]), row["expires_at"])


async def forget(conn: asyncpg.Connection, now: datetime, limit: int) -> int:
    """Deletes links that have run out and that no yes keeps, and returns how many."""
    return len(await _queries.forget(conn, outliving=_OUTLIVING, now=now, limit=limit))
