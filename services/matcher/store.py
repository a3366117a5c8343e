"""What the matcher knows and what it has to do, as tables; the search ledger has its own module."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import numpy as np

from services.matcher.domain.people import Outcome, Span
from services.matcher.domain.vacancies import Opening
from services.matcher.ranking.bags import Numbers
from shared.contract.events.candidates import CandidateChanged
from shared.contract.events.profile import Profile
from shared.contract.events.vacancies import Vacancy
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("queries.sql"))

PAGE = 2000


@dataclass(frozen=True)
class Person:
    """What is kept of one person; nothing of it where they are not known, or not any more."""

    number: int
    state: CandidateChanged | None
    profile: Profile


@dataclass(frozen=True)
class PackedBags:
    number: int
    words: bytes = b""
    titles: bytes = b""


@dataclass(frozen=True)
class Run:
    """A search to be made, and the lease under which this process makes it."""

    id: str
    vacancy_id: str
    newcomers: Sequence[str] | None
    attempts: int
    lease: UUID
    correlation_id: str | None
    causation_id: str | None


async def enrol(conn: asyncpg.Connection, ids: Sequence[str]) -> dict[str, int]:
    """Gives the numbers of those who were not erased, from now on waiting to be read again."""
    rows = await _queries.enrol(conn, ids=ids)
    return {row["candidate_id"]: row["number"] for row in rows}


async def keep_candidates(
    conn: asyncpg.Connection,
    states: Mapping[int, CandidateChanged],
    barred: Mapping[int, Outcome | None],
    spans: Sequence[tuple[int, Span]],
) -> None:
    """Keeps people's states, what bars them, and when they may be listed."""
    numbers = list(states)
    await _queries.keep_candidates(
        conn,
        numbers=numbers,
        states=[_json(states[number]) for number in numbers],
        barred=[barred[number] for number in numbers],
    )
    await _queries.clear_spans(conn, numbers=numbers)
    await _queries.keep_spans(
        conn,
        numbers=[number for number, _ in spans],
        since=[span.since for _, span in spans],
        until=[span.until for _, span in spans],
    )


async def keep_profiles(conn: asyncpg.Connection, profiles: Mapping[int, Profile]) -> None:
    """Keeps what people can do."""
    await _queries.keep_profiles(
        conn, numbers=list(profiles), profiles=[_json(at) for at in profiles.values()]
    )


async def erase(conn: asyncpg.Connection, ids: Sequence[str]) -> None:
    """Leaves of these people nothing but their random ids and numbers."""
    marked = await _queries.mark_erased(conn, ids=ids)
    numbers = [row["number"] for row in marked]
    await _queries.forget_candidates(conn, numbers=numbers)
    await _queries.forget_the_rest(conn, numbers=numbers, ids=ids)


async def unread(conn: asyncpg.Connection, analysis: int, limit: int) -> list[Person]:
    """Gives, and locks, people whose profiles wait to be read; the longest waiting first."""
    return [_person(row) for row in await _queries.unread(conn, analysis=analysis, limit=limit)]


async def keep_bags(conn: asyncpg.Connection, bags: Sequence[PackedBags], analysis: int) -> None:
    """Keeps what was read, and from when on replicas find it."""
    await _queries.keep_bags(
        conn,
        numbers=[at.number for at in bags],
        words=[at.words for at in bags],
        titles=[at.titles for at in bags],
        analysis=analysis,
    )


async def horizon(conn: asyncpg.Connection) -> int:
    """Gives a mark: whatever commits from now on is found by `changes` since that mark."""
    return int(await _queries.horizon(conn))


async def changes(conn: asyncpg.Connection, since: int) -> AsyncIterator[list[PackedBags]]:
    """Gives page by page who changed since a mark; with empty bags who is not known any more.

    Needs a transaction whose snapshot does not move.
    """
    cursor = await conn.cursor(_queries.statements["changes"], since)
    while rows := await cursor.fetch(PAGE):
        yield [PackedBags(at["number"], at["words"] or b"", at["titles"] or b"") for at in rows]


async def openings(conn: asyncpg.Connection, ids: Sequence[str]) -> dict[str, Opening]:
    """Gives those vacancies that are known."""
    rows = await _queries.openings(conn, ids=ids)
    return {
        row["vacancy_id"]: Opening(
            vacancy=Vacancy.model_validate_json(row["vacancy"]),
            version=row["version"],
            opened_at=row["opened_at"],
            reopened=row["reopened"],
            closed_at=row["closed_at"],
        )
        for row in rows
    }


async def keep_openings(conn: asyncpg.Connection, openings: Sequence[Opening]) -> None:
    """Keeps vacancies, without their recruiters."""
    await _queries.keep_openings(
        conn,
        ids=[at.vacancy.vacancy_id for at in openings],
        versions=[at.version for at in openings],
        vacancies=[
            at.vacancy.model_dump_json(by_alias=True, exclude_none=True, exclude={"recruiters"})
            for at in openings
        ],
        opened=[at.opened_at for at in openings],
        reopened=[at.reopened for at in openings],
        closed=[at.closed_at for at in openings],
    )


async def close_openings(conn: asyncpg.Connection, ids: Sequence[str], at: datetime) -> None:
    """Has vacancies be closed."""
    await _queries.close_openings(conn, ids=ids, at=at)


async def cancel_runs(conn: asyncpg.Connection, vacancy_ids: Sequence[str]) -> None:
    """Has none of the searches under way for these vacancies lead to anything."""
    await _queries.cancel_runs(conn, ids=vacancy_ids)


async def ask_for_searches(
    conn: asyncpg.Connection,
    runs: Sequence[tuple[str, str, str | None, str]],
    settle_seconds: float,
) -> None:
    """Asks for searches: (run id, vacancy id, correlation id, causation id)."""
    ids, vacancies, correlations, causations = zip(*runs, strict=True) if runs else ((),) * 4
    await _queries.ask_for_searches(
        conn,
        ids=ids,
        vacancies=vacancies,
        correlations=correlations,
        causations=causations,
        settle=settle_seconds,
    )


async def ask_about_newcomers(
    conn: asyncpg.Connection,
    candidates: Sequence[str],
    *,
    event_id: str,
    correlation_id: str,
    settle_seconds: float,
) -> None:
    """Asks, for every open vacancy, whether these people should be shown too."""
    await _queries.ask_about_newcomers(
        conn,
        candidates=candidates,
        event_id=event_id,
        correlation_id=correlation_id,
        settle=settle_seconds,
    )


async def claim(conn: asyncpg.Connection, lease: UUID, seconds: float, analysis: int) -> Run | None:
    """Takes the search that waited longest, or was left by a process that died."""
    row = await _queries.claim(conn, lease=lease, seconds=seconds, analysis=analysis)
    return Run(**row, lease=lease) if row else None


async def finish(conn: asyncpg.Connection, run: Run, state: str) -> bool:
    """Ends a run; False if it was cancelled, or somebody else has taken it over."""
    return await _queries.finish(conn, id=run.id, lease=run.lease, state=state) is not None


async def pool(
    conn: asyncpg.Connection, opening: Opening, now: datetime
) -> dict[Outcome | None, Numbers]:
    """Gives everybody known, by what keeps them off this list: None where nothing does."""
    rows = await _queries.pool(
        conn,
        vacancy_id=opening.vacancy.vacancy_id,
        reopened=opening.reopened,
        opened_at=opening.opened_at,
        now=now,
    )
    return {
        row["outcome"] and Outcome(row["outcome"]): np.array(row["numbers"], np.int64)
        for row in rows
    }


async def rejected_for(conn: asyncpg.Connection, vacancy_id: str) -> dict[int, CandidateChanged]:
    """Gives everybody whom a vacancy turned down."""
    rows = await _queries.rejected_for(conn, vacancy_id=vacancy_id)
    return {row["number"]: CandidateChanged.model_validate_json(row["state"]) for row in rows}


async def everything_known(
    conn: asyncpg.Connection, numbers: Sequence[int]
) -> list[asyncpg.Record]:
    """Gives unparsed what is known of some people, so that parsing can go to another thread."""
    rows: list[asyncpg.Record] = await _queries.everything_known(conn, numbers=numbers)
    return rows


async def still_there(conn: asyncpg.Connection, numbers: Sequence[int]) -> set[int]:
    """Tells who was not erased, and holds their erasure back until this transaction ends."""
    return {row["number"] for row in await _queries.still_there(conn, numbers=numbers)}


def _person(row: asyncpg.Record) -> Person:
    state = row["state"] and CandidateChanged.model_validate_json(row["state"])
    return Person(row["number"], state or None, Profile.model_validate_json(row["profile"] or "{}"))


def _json(model: CandidateChanged | Profile) -> str:
    return model.model_dump_json(by_alias=True, exclude_none=True)
