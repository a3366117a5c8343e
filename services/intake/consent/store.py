"""What candidates answered: consents begun and ended, stops, pauses, gaps that are closed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import asyncpg

from services.intake.applicants.domain.bounds import MOST_NEWS
from services.intake.consent.domain import LinkedMessage
from services.intake.consent.news import Piece
from shared.contract.events.people import Channel, Consent
from shared.contract.events.profile import NewsKind
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))

Question = Literal["hat", "interest", "news", "note"]

VACANCIES_READ = 200
WORDS_OFFERED = 50


async def end_consents(
    conn: asyncpg.Connection,
    how: str,
    now: datetime,
    *,
    candidate_ids: Collection[str] = (),
    keys: Collection[str] = (),
    channels: Collection[Channel] = tuple(Channel),
    kept: Sequence[Consent] = (),
) -> list[str]:
    """Ends what people, or applicants alone, agreed to for channels, except what is kept.

    Returns of whom anything ended.
    """
    rows = await _queries.end_consents(
        conn,
        candidate_ids=list(candidate_ids),
        keys=list(keys),
        channels=list(channels),
        how=how,
        now=now,
        **{f"kept_{name}": column for name, column in _columns(kept).items()},
    )
    return [row["candidate_id"] for row in rows]


async def begin_consents(
    conn: asyncpg.Connection,
    applicant_key: str,
    begun: Sequence[Consent],
    *,
    how: str,
    wording_version: str,
    now: datetime,
) -> None:
    """Adds consents to the wording of a letter to an applicant, which hold from now."""
    await _queries.begin_consents(
        conn,
        applicant_key=applicant_key,
        how=how,
        wording_version=wording_version,
        now=now,
        **_columns(begun),
    )


async def assert_consents(
    conn: asyncpg.Connection, said: Sequence[tuple[str, Consent]], now: datetime
) -> None:
    """Adds what sources say that applicants agreed to, each once, and none against their word."""
    await _queries.assert_consents(
        conn,
        keys=[key for key, _ in said],
        sinces=[consent.since for _, consent in said],
        now=now,
        **_columns([consent for _, consent in said]),
    )


async def has_agreed(conn: asyncpg.Connection, candidate_id: str, now: datetime) -> bool:
    """Tells whether anything holds that somebody agreed to."""
    return bool(await _queries.has_agreed(conn, candidate_id=candidate_id, now=now))


async def stop(
    conn: asyncpg.Connection,
    candidate_ids: Sequence[str],
    channels: Sequence[Channel],
    how: str,
    now: datetime,
    *,
    keys: Sequence[str] = (),
) -> list[str]:
    """Stops channels and ends all consents for them, of people or of applicants alone.

    Returns those for whom that was new.
    """
    whose: dict[str, Any] = {"candidate_ids": list(candidate_ids), "keys": list(keys)}
    rows = await _queries.stop(conn, **whose, channels=list(channels), how=how, now=now)
    ended = await end_consents(conn, how, now, **whose, channels=channels)
    return sorted({row["candidate_id"] for row in rows}.union(ended))


async def opened_since(
    conn: asyncpg.Connection, said: Mapping[str, datetime], channel: Channel
) -> set[str]:
    """Returns the applicants whose people have opened a channel themselves since something."""
    rows = await _queries.opened_since(
        conn, keys=list(said), times=list(said.values()), channel=channel
    )
    return {row["applicant_key"] for row in rows}


async def lift_stops(
    conn: asyncpg.Connection,
    candidate_ids: Sequence[str],
    channels: Sequence[Channel],
    how: str,
    now: datetime,
    *,
    keys: Sequence[str] = (),
    made_by: Sequence[str] | None = None,
    by: str | None = None,
) -> list[str]:
    """Opens stopped channels again, or those stopped in these ways; returns for whom one was.

    They are those of people, or of applicants alone.
    `by` is the applicant whose letter was answered with a yes: it lifts no stop of another person.
    """
    rows = await _queries.lift_stops(
        conn,
        how=how,
        candidate_ids=list(candidate_ids),
        keys=list(keys),
        channels=list(channels),
        made_by=made_by and list(made_by),
        by=by,
        now=now,
    )
    return sorted({row["candidate_id"] for row in rows})


async def keep(
    conn: asyncpg.Connection,
    applicant_key: str,
    message: LinkedMessage,
    question: Question,
    answer: str,
    now: datetime,
) -> bool:
    """Keeps the latest answer to a question of a message; tells whether it is a new one."""
    kept = await _queries.keep(
        conn,
        applicant_key=applicant_key,
        message_id=message.message_id,
        question=question,
        answer=answer,
        vacancy_id=message.vacancy_id,
        now=now,
    )
    return kept is not None


async def unsay(
    conn: asyncpg.Connection, candidate_id: str, message_id: str, question: Question, answer: str
) -> None:
    """Forgets an answer that something said later has taken the place of."""
    await _queries.unsay(
        conn, candidate_id=candidate_id, message_id=message_id, question=question, answer=answer
    )


async def answered(conn: asyncpg.Connection, candidate_id: str, message_id: str) -> dict[str, str]:
    """Returns what was answered to a message, by question."""
    rows = await _queries.answered(conn, candidate_id=candidate_id, message_id=message_id)
    return {row["question"]: row["answer"] for row in rows}


async def hat_answered(
    conn: asyncpg.Connection, applicant_key: str, answer: Literal["yes", "no"], now: datetime
) -> None:
    """Keeps that the question about the hat was answered, so that it is not repeated."""
    refused = answer == "no"
    await _queries.hat_answered(conn, applicant_key=applicant_key, refused=refused, now=now)


async def continued(conn: asyncpg.Connection, candidate_id: str) -> set[str]:
    """Returns the applications of which we wrote that their role is open again: once each."""
    rows = await _queries.continued(conn, candidate_id=candidate_id)
    return {row["application_id"] for row in rows}


async def pause(conn: asyncpg.Connection, candidate_id: str, until: datetime | None) -> bool:
    """Sets or ends a pause; tells whether that changed anything."""
    return await _queries.pause(conn, candidate_id=candidate_id, until=until) is not None


async def close_gap(
    conn: asyncpg.Connection,
    candidate_id: str,
    application_id: str,
    requirement_id: str,
    closed_at: date,
) -> bool:
    """Keeps the day on which somebody says that a gap is closed; tells whether it is news."""
    closed = await _queries.close_gap(
        conn,
        candidate_id=candidate_id,
        application_id=application_id,
        requirement_id=requirement_id,
        closed_at=closed_at,
    )
    return closed is not None


async def open_gap(
    conn: asyncpg.Connection, candidate_id: str, application_id: str, requirement_id: str
) -> bool:
    """Forgets that a gap is closed; tells whether it was."""
    opened = await _queries.open_gap(
        conn,
        candidate_id=candidate_id,
        application_id=application_id,
        requirement_id=requirement_id,
    )
    return opened is not None


async def tell(
    conn: asyncpg.Connection, applicant_key: str, pieces: Sequence[Piece], now: datetime
) -> bool:
    """Keeps what somebody says has changed for them; tells whether any of it is news."""
    rows = await _queries.tell(
        conn,
        applicant_key=applicant_key,
        kinds=[kind for kind, _ in pieces],
        names=[name for _, name in pieces],
        now=now,
        most=MOST_NEWS,
    )
    return bool(rows)


class ToldPiece(NamedTuple):
    """One thing that somebody told us has changed."""

    kind: NewsKind
    name: str
    on: date


async def told(conn: asyncpg.Connection, candidate_id: str, since: datetime) -> list[ToldPiece]:
    """Returns what somebody has told us since then, as their own word."""
    rows = await _queries.told(conn, candidate_id=candidate_id, since=since)
    return [ToldPiece(NewsKind(row["kind"]), row["name"], row["told_at"].date()) for row in rows]


async def vocabulary(conn: asyncpg.Connection, sources: Sequence[str]) -> dict[NewsKind, list[str]]:
    """Returns the words of these sources' open vacancies, for what may have changed of each kind.

    They are of the newest vacancies, and a bounded number.
    """
    rows = await _queries.vocabulary(
        conn, sources=list(sources), vacancies=VACANCIES_READ, most=WORDS_OFFERED
    )
    found: dict[NewsKind, list[str]] = {kind: [] for kind in NewsKind}
    for row in rows:
        if row["kind"] in set(NewsKind):
            found[NewsKind(row["kind"])].append(row["name"])
    return found


async def phones(
    conn: asyncpg.Connection, candidate_ids: Sequence[str]
) -> Sequence[asyncpg.Record]:
    """Returns the numbers that people have now, in E.164, one for each applicant of theirs."""
    rows: Sequence[asyncpg.Record] = await _queries.phones(conn, candidate_ids=list(candidate_ids))
    return rows


@dataclass(frozen=True, slots=True)
class MeantVacancy:
    """The vacancy that a message was about, as far as it is known."""

    title: str | None = None
    is_closed: bool = False


async def vacancy(conn: asyncpg.Connection, vacancy_id: str | None) -> MeantVacancy:
    """Returns a vacancy as a candidate may see it."""
    row = await _queries.vacancy(conn, vacancy_id=vacancy_id)
    return MeantVacancy(**row) if row else MeantVacancy()


def _columns(consents: Sequence[Consent]) -> dict[str, Any]:
    return {
        "purposes": [consent.purpose for consent in consents],
        "channels": [consent.channel for consent in consents],
        "untils": [consent.until for consent in consents],
    }
