"""The systems that call us, with their secrets, which are kept sealed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from services.intake.sources.domain import APPLIED_DAYS, LETTER_DAYS, Source, Speaks
from services.intake.webhooks.adapter import OfJob
from shared.runtime.sealing import Seal
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))


@dataclass(frozen=True, slots=True)
class Refusals:
    """The calls for a source that were not believed lately."""

    count: int
    at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """How a source's API is read."""

    token: bytes | None
    """Sealed."""
    url: str | None
    """Where it is, unless where it is for everybody."""
    refused_at: datetime | None
    """When it took the token no more."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A source, and what stands about it."""

    source: Source
    sealed: tuple[bytes, ...]
    """Its secrets, the newest first."""
    added_at: datetime
    refusals: Refusals | None
    api: ApiAccess

    def secrets(self, seal: Seal) -> list[str]:
        """Returns those of its secrets that can be opened."""
        return [plain.decode() for each in self.sealed if (plain := seal.open(each))]


async def add(
    conn: asyncpg.Connection, name: str, system: str, secret: str, seal: Seal, now: datetime
) -> bool:
    """Adds a source, of which nothing is recorded until it is started; False if it is there."""
    added = await _queries.add(
        conn,
        name=name,
        system=system,
        secret=seal.close(secret.encode()),
        letter_days=LETTER_DAYS,
        applied_days=APPLIED_DAYS,
        now=now,
    )
    return added is not None


async def every(conn: asyncpg.Connection) -> dict[str, Registered]:
    """Returns all sources by name."""
    return {row["name"]: _registered(row) for row in await _queries.every(conn)}


async def rotate(conn: asyncpg.Connection, name: str, secret: str, seal: Seal) -> None:
    """Sets a new secret for a source; the one before it goes on working, older ones do not."""
    await _queries.rotate(conn, name=name, secret=seal.close(secret.encode()))


async def end_former(conn: asyncpg.Connection, name: str) -> None:
    """Lets only the newest secret of a source work."""
    await _queries.end_former(conn, name=name)


async def speak(conn: asyncpg.Connection, name: str, speaks: Speaks) -> None:
    """Says who tells people no."""
    await _queries.speak(conn, name=name, speaks=speaks)


async def speak_of(
    conn: asyncpg.Connection, name: str, vacancy_id: str, speaks: Speaks | None
) -> None:
    """Says who does of one vacancy; None for whoever does of all others."""
    await _queries.speak_of(conn, name=name, vacancy_id=vacancy_id, speaks=speaks)


async def set_options(conn: asyncpg.Connection, name: str, options: Mapping[str, Any]) -> None:
    """Keeps what a source's own words mean."""
    await _queries.set_options(conn, name=name, options=json.dumps(options))


async def say_of_jobs(conn: asyncpg.Connection, said: Sequence[tuple[str, OfJob]]) -> None:
    """Keeps which jobs their sources themselves call confidential, or do so no more."""
    await _queries.say_of_jobs(
        conn,
        sources=[source for source, _ in said],
        ids=[job.job_id for _, job in said],
        confidential=[job.is_confidential for _, job in said],
        times=[job.at for _, job in said],
    )


async def start(
    conn: asyncpg.Connection, name: str, letter_days: int, applied_days: int, now: datetime
) -> None:
    """Starts recording what a source says."""
    await _queries.start(
        conn, name=name, letter_days=letter_days, applied_days=applied_days, now=now
    )


async def pause(conn: asyncpg.Connection, name: str, now: datetime) -> bool:
    """Only looks at what a source says until it is started; False if it does so already."""
    return await _queries.pause(conn, name=name, now=now) is not None


async def note_refusals(conn: asyncpg.Connection, refusals: Mapping[str, Refusals]) -> None:
    """Keeps how many more calls were not believed, and why the last was not."""
    await _queries.note_refusals(
        conn,
        names=list(refusals),
        counts=[each.count for each in refusals.values()],
        times=[each.at for each in refusals.values()],
        reasons=[each.because for each in refusals.values()],
    )


async def set_token(
    conn: asyncpg.Connection, name: str, token: str, url: str | None, seal: Seal
) -> None:
    """Starts reading a source's API with a token."""
    await _queries.set_token(conn, name=name, token=seal.close(token.encode()), url=url)


async def refuse_token(conn: asyncpg.Connection, name: str, token: bytes, now: datetime) -> bool:
    """Stops reading a source's API with a sealed token that it does not take.

    False if it is not read with that one by now anyway.
    """
    refused = await _queries.refuse_token(conn, name=name, token=token, now=now)
    return refused is not None


async def rest(conn: asyncpg.Connection, name: str, seconds: float) -> None:
    """Stops reading a source's API for so many seconds."""
    await _queries.rest(conn, name=name, seconds=seconds)


def _registered(row: asyncpg.Record) -> Registered:
    source = Source(
        name=row["name"],
        system=row["system"],
        speaks=Speaks(row["speaks"]),
        speaks_of={of: Speaks(who) for of, who in json.loads(row["speaks_of"]).items()},
        options=json.loads(row["options"]),
        confidential_jobs=tuple(row["confidential_jobs"]),
        letter_days=row["letter_days"],
        applied_days=row["applied_days"],
        started_at=row["started_at"],
        paused_at=row["paused_at"],
    )
    refusals = (
        Refusals(row["refused"], row["refused_at"], row["refused_because"])
        if row["refused_at"]
        else None
    )
    api = ApiAccess(row["api_token"], row["api_url"], row["api_refused_at"])
    return Registered(source, tuple(row["secrets"]), row["added_at"], refusals, api)
