"""What is left of somebody who leaves the record, and who is to leave it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

import asyncpg

from services.intake.privacy.jurisdictions import Jurisdictions
from shared.contract.events.decoding import Record
from shared.contract.events.people import PersonName
from shared.runtime.marks import key_of
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("store.sql"))

RECRUITERS_ARE_TOLD = timedelta(days=90)
"""That somebody asked to be erased: for as long as a link to them works."""

RETENTION = "retention"
"""By this name applicants are parked who cannot be deleted for their age."""

Reason = Literal["retention", "erased", "erased_by_source"]
"""Why somebody leaves the record."""


class Kept(NamedTuple):
    """Whose applicant somebody is, and by the law of which country they are kept, if of any."""

    candidate_id: str
    country: str | None


class HeldDecision(NamedTuple):
    """A decision that outlives its person: whose it is, until when, and what is sealed of it."""

    row: asyncpg.Record
    until: datetime
    sealed: bytes


async def first_addresses(
    conn: asyncpg.Connection, candidate_ids: Sequence[str]
) -> list[tuple[str, str, PersonName | None]]:
    """Returns the applicants of these people with their first address and name."""
    rows = await _queries.first_addresses(conn, ids=list(candidate_ids))
    return [(key, at, name and PersonName.model_validate_json(name)) for key, at, name in rows]


async def ever_known_as(
    conn: asyncpg.Connection, candidate_ids: Sequence[str]
) -> list[tuple[str, list[str]]]:
    """Returns the names, addresses and numbers that people ever had, under an applicant of each."""
    rows = await _queries.ever_known_as(conn, ids=list(candidate_ids))
    return [(row["applicant_key"], row["known_as"]) for row in rows]


async def mark_erased(
    conn: asyncpg.Connection,
    candidate_ids: Sequence[str],
    now: datetime,
    names: Sequence[tuple[str, bytes, bytes]],
) -> None:
    """Remembers that people were erased, so that nothing said until then makes them again.

    `names` are what is kept of their names: by applicant the first address and the parts, hashed.
    """
    keys, addresses, parts = map(list, zip(*names, strict=True)) if names else ([], [], [])
    await _queries.mark_erased(
        conn, ids=list(candidate_ids), now=now, keys=keys, addresses=addresses, parts=parts
    )


async def delete(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> list[str]:
    """Deletes people with all that hangs on them; returns those whom others were told about."""
    rows = await _queries.delete(conn, ids=list(candidate_ids))
    return [row["candidate_id"] for row in rows if row["version"]]


async def remember(conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime) -> None:
    """Keeps the ids of people who are no more, so that nothing makes them again."""
    if candidate_ids:
        await _queries.remember(conn, ids=list(candidate_ids), now=now)


async def remember_interests(
    conn: asyncpg.Connection, candidate_ids: Sequence[str], now: datetime
) -> None:
    """Keeps which interests were of people who asked to be erased, for the links to them."""
    await _queries.remember_interests(conn, ids=list(candidate_ids), now=now)


async def asked_to_be_erased(conn: asyncpg.Connection, interest_id: str) -> bool:
    """Tells whether an interest was of somebody who asked to be erased lately."""
    return bool(await _queries.asked_to_be_erased(conn, interest_id=interest_id))


class Idle(NamedTuple):
    """How far a walk through those without human contact has come."""

    since: datetime
    applicant_key: str


FROM_THE_BEGINNING = Idle(datetime.min.replace(tzinfo=UTC), "")


async def idle(
    conn: asyncpg.Connection, laws: Jurisdictions, now: datetime, after: Idle, limit: int
) -> list[Idle]:
    """Returns the next applicants whose time may be over by the law of some country, in order.

    Whoever is parked is not among them.
    """
    before = max(laws.oldest_contact(now), *(each for _, each in laws.oldest_contacts(now)))
    rows = await _queries.idle(
        conn,
        job=RETENTION,
        before=before,
        after=after.since,
        after_key=after.applicant_key,
        limit=limit,
    )
    return [Idle(*row) for row in rows]


async def out_of_date(
    conn: asyncpg.Connection, laws: Jurisdictions, now: datetime, keys: Collection[str]
) -> list[str]:
    """Returns people of these applicants who are kept no longer.

    They had no human contact for as long as the law says, and agreed to no more.
    """
    befores = dict(laws.oldest_contacts(now))
    rows = await _queries.out_of_date(
        conn,
        keys=list(keys),
        countries=list(befores),
        befores=list(befores.values()),
        otherwise=laws.oldest_contact(now),
        now=now,
    )
    return [row["candidate_id"] for row in rows]


async def countries(conn: asyncpg.Connection, keys: Collection[str]) -> dict[str, Kept]:
    """Returns by whose law each of these applicants is kept."""
    rows = await _queries.countries(conn, keys=list(keys))
    return {row["applicant_key"]: Kept(row["candidate_id"], row["country"]) for row in rows}


async def decided(
    conn: asyncpg.Connection, leaving: Mapping[str, datetime]
) -> Sequence[asyncpg.Record]:
    """Returns what was decided about applicants, as far as it was said until they left."""
    rows: Sequence[asyncpg.Record] = await _queries.decided(
        conn, keys=list(leaving), untils=list(leaving.values())
    )
    return rows


async def hold(conn: asyncpg.Connection, held: Sequence[HeldDecision]) -> None:
    """Keeps decisions beyond their people."""
    if held:
        await _queries.hold(
            conn,
            ids=[each.row["candidate_id"] for each in held],
            keys=[each.row["applicant_key"] for each in held],
            application_ids=[each.row["application_id"] for each in held],
            untils=[each.until for each in held],
            sealed=[each.sealed for each in held],
        )


async def held(
    conn: asyncpg.Connection, ids: Collection[str], keys: Collection[str], now: datetime
) -> Sequence[asyncpg.Record]:
    """Returns decisions about people who have left, known by these ids or as these applicants."""
    rows: Sequence[asyncpg.Record] = await _queries.held(
        conn, ids=list(ids), keys=list(keys), now=now
    )
    return rows


async def left_as(conn: asyncpg.Connection, hashes: Collection[bytes]) -> list[str]:
    """Returns as which applicants somebody was known who has left."""
    rows = await _queries.left_as(conn, hashes=list(hashes))
    return [row["applicant_key"] for row in rows]


async def let_go(conn: asyncpg.Connection, now: datetime, limit: int) -> bool:
    """Deletes whatever has outlived its person for long enough; tells whether more may be left."""
    decisions = await _queries.let_go(conn, now=now, limit=limit)
    chains = await _queries.forget_chains(conn, now=now, limit=limit)
    before = now - RECRUITERS_ARE_TOLD
    interests = await _queries.forget_interests(conn, before=before, limit=limit)
    return limit in (len(decisions), chains, len(interests))


async def keep_chains(conn: asyncpg.Connection, untils: Mapping[str, datetime]) -> None:
    """Says until when it can be shown what these applicants agreed to, once they have left."""
    await _queries.keep_chains(conn, keys=list(untils), untils=list(untils.values()))


async def count(
    conn: asyncpg.Connection, reason: Reason, people: Mapping[str, int], now: datetime
) -> None:
    """Counts people of each country who left that day for a reason."""
    await _queries.count(
        conn,
        day=now.date(),
        reason=reason,
        countries=list(people),
        people=list(people.values()),
    )


async def departures(conn: asyncpg.Connection, since: date) -> Sequence[asyncpg.Record]:
    """Returns how many people left on each day, why, and of which country."""
    rows: Sequence[asyncpg.Record] = await _queries.departures(conn, since=since)
    return rows


async def applicants(conn: asyncpg.Connection, candidate_ids: Sequence[str]) -> list[str]:
    """Returns the applicants of whom these people consist."""
    rows = await _queries.applicants(conn, ids=list(candidate_ids))
    return [row["applicant_key"] for row in rows]


async def known_as(conn: asyncpg.Connection, keys: Sequence[str]) -> set[str]:
    """Returns every name, address and number that these applicants had."""
    return {row["known_as"] for row in await _queries.known_as(conn, keys=list(keys))}


async def identities(conn: asyncpg.Connection, keys: Sequence[str]) -> set[bytes]:
    """Returns the hashes by which these applicants alone are recognised."""
    return {row["hash"] for row in await _queries.identities(conn, keys=list(keys))}


async def addresses(conn: asyncpg.Connection, keys: Sequence[str]) -> set[bytes]:
    """Returns the hashes of addresses that these applicants may share with others."""
    return {row["hash"] for row in await _queries.addresses(conn, keys=list(keys))}


async def is_known(conn: asyncpg.Connection, record: Record, hashes: Collection[bytes]) -> bool:
    """Tells whether a record, by its key or its hashes, is about somebody who is held."""
    return bool(await _queries.is_known(conn, key=key_of(record), hashes=list(hashes)))
