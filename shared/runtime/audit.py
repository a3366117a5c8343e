"""Who saw and did what: kept in the transaction of what it tells of, and never changed.

Ids alone stand in it, so an erasure leaves it as it is. The service's role may add to it and read
it; the database refuses it everything else.
"""

import getpass
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

import asyncpg

from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("audit.sql"))


class Actor(NamedTuple):
    """Somebody who sees and does things."""

    kind: Literal["operator", "recruiter", "key"]
    name: str
    """An account of the operating system, or the id of a recruiter or a key."""


def recruiter(recruiter_id: str) -> Actor:
    """Returns a recruiter, who has followed a link of theirs."""
    return Actor("recruiter", recruiter_id)


def operator() -> Actor:
    """Returns whoever runs this process, by their account."""
    try:
        return Actor("operator", getpass.getuser())
    except (KeyError, OSError):
        return Actor("operator", f"uid {os.getuid()}")


async def note(
    conn: asyncpg.Connection,
    actor: Actor,
    act: str,
    about: Iterable[str],
    now: datetime,
    subject: str | None = None,
) -> None:
    """Keeps what somebody saw or did, about which people and with what, by ids alone."""
    await _queries.note(
        conn,
        at=now,
        kind=actor.kind,
        actor=actor.name,
        act=act,
        about=sorted(set(about)),
        subject=subject,
    )


async def listed(
    conn: asyncpg.Connection, person: str | None, since: datetime | None, limit: int
) -> list[asyncpg.Record]:
    """Lists what was seen and done, or what was about one person: the latest, in order."""
    return list(await _queries.listed(conn, person=person, since=since, limit=limit))


async def forget(conn: asyncpg.Connection) -> None:
    """Deletes what is older than it is kept."""
    await _queries.forget(conn)
