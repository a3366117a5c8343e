"""Who may be listed, as sets: what the rules in `domain` say of one person, for everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from services.matcher.domain.eligibility import PersonOutcome, Span, barred, spans
from services.matcher.domain.vacancies import Opening
from shared.contract.events.candidates import CandidateChanged
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_suffix(".sql"))


@dataclass(frozen=True)
class Eligibility:
    """What follows from people's states: what bars whom, and when who may be listed."""

    barred: Mapping[int, PersonOutcome | None]
    spans: Sequence[tuple[int, Span]]

    @classmethod
    def of(cls, states: Mapping[int, CandidateChanged]) -> "Eligibility":
        return cls(
            {number: barred(state) for number, state in states.items()},
            [(number, span) for number, state in states.items() for span in spans(state)],
        )


async def keep_candidates(
    conn: asyncpg.Connection,
    states: Mapping[int, CandidateChanged],
    seen_by: Mapping[int, str],
) -> None:
    """Keeps people's states, and what follows from them; some as one system alone sees them."""
    derived = Eligibility.of(states)
    await _queries.keep_candidates(
        conn,
        numbers=list(states),
        states=[
            state.model_dump_json(by_alias=True, exclude_none=True) for state in states.values()
        ],
        barred=[derived.barred[number] for number in states],
        seen_by=[seen_by.get(number) for number in states],
    )
    await _keep_spans(conn, derived)


async def derive_again(conn: asyncpg.Connection, states: Mapping[int, CandidateChanged]) -> None:
    """Keeps what this version makes of states that an earlier one has kept."""
    derived = Eligibility.of(states)
    await _queries.keep_barred(
        conn, numbers=list(derived.barred), barred=list(derived.barred.values())
    )
    await _keep_spans(conn, derived)


async def _keep_spans(conn: asyncpg.Connection, derived: Eligibility) -> None:
    await _queries.clear_spans(conn, numbers=list(derived.barred))
    await _queries.keep_spans(
        conn,
        numbers=[number for number, _ in derived.spans],
        since=[span.since for _, span in derived.spans],
        until=[span.until for _, span in derived.spans],
    )


@dataclass(frozen=True)
class PackedPool:
    """Everybody known, for one vacancy and moment; people as packed big-endian 64-bit numbers."""

    listable: bytes
    """Whom nothing keeps off the list, in no order."""
    decided: bytes
    """About whom it was decided since the vacancy opened."""
    kept_off: Mapping[PersonOutcome, int]
    """How many people what keeps off the list."""


async def pool(conn: asyncpg.Connection, opening: Opening, now: datetime) -> PackedPool:
    """Returns everybody known by what keeps them off this list, not unpacked."""
    row = await _queries.pool(
        conn,
        vacancy_id=opening.vacancy.vacancy_id,
        source=opening.source,
        searches_pool=opening.searches_pool,
        reopened=opening.reopened,
        opened_at=opening.opened_at,
        now=now,
    )
    kept_off = {outcome: row[outcome] for outcome in PersonOutcome if row.get(outcome)}
    return PackedPool(row["listable"] or b"", row["decided"] or b"", kept_off)


async def decided(
    conn: asyncpg.Connection, opening: Opening, candidates: Sequence[str]
) -> set[str]:
    """Tells about whom of these it was decided since the vacancy opened."""
    rows = await _queries.decided(
        conn,
        vacancy_id=opening.vacancy.vacancy_id,
        opened_at=opening.opened_at,
        candidates=candidates,
    )
    return {row["candidate_id"] for row in rows}


async def rejected_for(conn: asyncpg.Connection, opening: Opening) -> list[asyncpg.Record]:
    """Returns, not parsed, the states of everybody whom a vacancy turned down, as it sees them."""
    rows: list[asyncpg.Record] = await _queries.rejected_for(
        conn,
        vacancy_id=opening.vacancy.vacancy_id,
        source=opening.source,
        searches_pool=opening.searches_pool,
    )
    return rows


async def written_to(conn: asyncpg.Connection, opening: Opening) -> dict[str, datetime]:
    """Returns who was written to about a vacancy, and when last, for whoever approved them."""
    rows = await _queries.written_to(conn, vacancy_id=opening.vacancy.vacancy_id)
    return {row["candidate_id"]: row["at"] for row in rows}


async def states_of(
    conn: asyncpg.Connection, opening: Opening, candidates: Sequence[str]
) -> list[asyncpg.Record]:
    """Returns, not parsed, the states of those of these who are known, as a vacancy sees them."""
    rows: list[asyncpg.Record] = await _queries.states_of(
        conn,
        candidates=candidates,
        source=opening.source,
        searches_pool=opening.searches_pool,
    )
    return rows
