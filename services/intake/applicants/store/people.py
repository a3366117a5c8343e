"""Who is in the record, and who is no more."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg
from pydantic import ValidationError
from pydantic_core import from_json

from services.intake.applicants.domain.agreement import name_key
from services.intake.applicants.domain.erased_names import ErasedName
from services.intake.applicants.domain.grouping import MOST_ALIKE, MOST_NEAR
from services.intake.applicants.domain.identity_resolution import Identity
from services.intake.applicants.domain.people import Applicant
from services.intake.applicants.domain.record_changes import ApplicantClaims
from services.intake.applicants.domain.register import (
    PERSONAL_DATA_JSON,
    REFUSALS_JSON,
    PersonalData,
)
from shared.runtime.sql import Queries

_queries = Queries(Path(__file__).with_name("people.sql"))

_NOBODY = ""


class RecordUnreadable(Exception):
    """What is kept of somebody cannot be read: no fault of an event about them."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a message was sent to, as they are in the record by now."""

    candidate_id: str
    applicant_key: str
    """Of the application that it was about; where it was about none, the eldest of the person's."""


@dataclass(frozen=True, slots=True)
class Reached:
    """An applicant, and where it is written to."""

    applicant_key: str
    addresses: Sequence[str]
    to_verify: Sequence[str]
    """What they gave and is not known to be theirs."""


async def receive(conn: asyncpg.Connection, count: int) -> list[int]:
    """Numbers what has been received, in ascending order."""
    return [row["number"] for row in await _queries.receive(conn, count=count)]


async def propose(conn: asyncpg.Connection, hashes: Mapping[bytes, str]) -> set[bytes]:
    """Assigns each hash to the given applicant, unless it belongs to one already; returns the new.

    Whatever was passed over because it is about one of the new is to be read again.
    """
    keys = list(hashes.values())
    rows = await _queries.propose(conn, hashes=list(hashes), applicant_keys=keys)
    return {row["hash"] for row in rows}


async def known(conn: asyncpg.Connection, hashes: Collection[bytes]) -> set[bytes]:
    """Returns which of these hashes belong to an applicant.

    That holds until the transaction ends: whoever assigns one of the others waits for it. It comes
    before all locks that are had while something is recorded.
    """
    new = await propose(conn, dict.fromkeys(hashes, _NOBODY))
    await _queries.take_back(conn, hashes=list(new), applicant_key=_NOBODY)
    return set(hashes) - new


async def lock_erased(conn: asyncpg.Connection, hashes: Collection[bytes]) -> None:
    """Waits until nobody else records whoever was erased of these."""
    await _queries.lock_erased(conn, hashes=list(hashes))


async def identities(conn: asyncpg.Connection, hashes: Collection[bytes]) -> dict[bytes, Identity]:
    """Returns the applicant that each hash belongs to."""
    rows = await _queries.identities(conn, hashes=list(hashes))
    return {hash: Identity(*known) for hash, *known in rows}


async def keep_ids(
    conn: asyncpg.Connection,
    said: Collection[tuple[str, str, bytes]],
    former: Collection[bytes],
) -> None:
    """Keeps what a source calls its applicants, with the hash of it, and what it calls no more."""
    if said:
        keys, ids, hashes = map(list, zip(*said, strict=True))
        await _queries.keep_ids(conn, keys=keys, ids=ids, hashes=hashes)
    if former:
        await _queries.part(conn, hashes=list(former))


async def keep_awaited(conn: asyncpg.Connection, awaited: Mapping[bytes, bool]) -> None:
    """Keeps by which ids, merged as they are, somebody is yet to be told of."""
    if awaited:
        await _queries.keep_awaited(conn, hashes=list(awaited), awaited=list(awaited.values()))


async def gone(conn: asyncpg.Connection, hashes: Collection[bytes]) -> dict[bytes, datetime]:
    """Returns when people of these addresses and names erased themselves last."""
    if not hashes:
        return {}
    rows = await _queries.gone(conn, hashes=list(hashes))
    return {row["hash"]: row["erased_at"] for row in rows}


async def erased_names(conn: asyncpg.Connection, addresses: Collection[bytes]) -> list[ErasedName]:
    """Returns what is left of the names of those who erased themselves, by first address."""
    if not addresses:
        return []
    rows = await _queries.erased_names(conn, addresses=list(addresses))
    return [ErasedName(*row) for row in rows]


async def lock(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> list[str]:
    """Locks people, in one order for all, and returns those who are in the record."""
    rows = await _queries.lock(conn, ids=list(candidate_ids))
    return [row["candidate_id"] for row in rows]


async def lock_described(
    conn: asyncpg.Connection, candidate_ids: Iterable[str]
) -> dict[str, PersonalData]:
    """Locks people in the same way, and returns them with what is known of them."""
    rows = await _queries.lock(conn, ids=list(candidate_ids))
    return {row["candidate_id"]: _personal_data(row["personal_data"]) for row in rows}


async def kin(
    conn: asyncpg.Connection,
    keys: Iterable[str],
    said: Collection[tuple[str, str | None]] = (),
    *,
    locked: AbstractSet[str] = frozenset(),
) -> dict[str, Applicant]:
    """Locks everybody whom these applicants, or those of these first addresses and names, may be.

    Returns all applicants of theirs. Where very many have an address, or address and name, nobody
    is found by that. Before a lock is had somebody may have moved; then it looks
    again. `locked` are candidates whom this transaction has locked or begun already.
    """
    asked = {
        "keys": list(keys),
        "emails": [email for email, _ in said],
        "name_keys": [key for _, key in said],
        "most_near": MOST_NEAR,
        "most_alike": MOST_ALIKE,
    }
    found = [_applicant(row) for row in await _queries.kin(conn, **asked)]
    while not locked >= {one.candidate_id for one in found}:
        await _queries.lock(conn, ids=sorted({one.candidate_id for one in found}))
        again = [_applicant(row) for row in await _queries.kin(conn, **asked)]
        if again == found:
            break
        found = again
    return {one.key: one for one in found}


async def by_key(conn: asyncpg.Connection, keys: Collection[str]) -> dict[str, Applicant]:
    """Returns applicants by their keys."""
    rows = await _queries.by_key(conn, keys=list(keys))
    return {row["applicant_key"]: _applicant(row) for row in rows}


async def of_source(conn: asyncpg.Connection, keys: Collection[str]) -> list[str]:
    """Returns these applicants, and all others by which their own source knows the same people."""
    rows = await _queries.of_source(conn, keys=list(keys))
    return [row["applicant_key"] for row in rows]


async def present_ids(conn: asyncpg.Connection, candidate_ids: Iterable[str]) -> dict[str, str]:
    """Returns the present ids of people; those who were erased are left out."""
    rows = await _queries.present(conn, ids=list(candidate_ids))
    return {row["asked"]: row["candidate_id"] for row in rows}


async def addressees(
    conn: asyncpg.Connection, sent: Collection[tuple[str, str | None]]
) -> dict[tuple[str, str | None], Addressee]:
    """Returns whom messages were sent to, by the candidate and the application they were about.

    A message about an application is its applicant's, whoever that is one with by now, and
    nobody's once they are erased.
    """
    if not sent:
        return {}
    ids, application_ids = map(list, zip(*sent, strict=True))
    rows = await _queries.addressees(conn, ids=ids, application_ids=application_ids)
    return {
        (row["asked"], row["application_id"]): Addressee(row["candidate_id"], row["applicant_key"])
        for row in rows
    }


async def part_from(conn: asyncpg.Connection, keys: Collection[str]) -> None:
    """Keeps what was sent to applicants who are to be erased from leading to anybody else."""
    await _queries.part_from(conn, keys=list(keys))


async def ever_of(
    conn: asyncpg.Connection, candidate_id: str
) -> list[tuple[Addressee, list[str], list[str]]]:
    """Returns whoever is or was of a person: where they are written to, and what they ever were."""
    rows = await _queries.ever_of(conn, candidate_id=candidate_id)
    return [
        (
            Addressee(row["candidate_id"], row["applicant_key"]),
            from_json(row["addresses"]),
            from_json(row["known_as"]),
        )
        for row in rows
    ]


async def reached(conn: asyncpg.Connection, candidate_id: str) -> list[Reached]:
    """Returns a person's applicants, each with where it is written to."""
    rows = await _queries.reached(conn, ids=[candidate_id])
    return [
        Reached(row["applicant_key"], from_json(row["addresses"]), row["to_verify"]) for row in rows
    ]


async def correct(conn: asyncpg.Connection, keys: Collection[str], corrected: PersonalData) -> None:
    """Keeps what people put right themselves, beside what sources say of these applicants."""
    await _queries.correct(conn, keys=list(keys), corrected=as_json(corrected))


async def put_to_verify(
    conn: asyncpg.Connection,
    keys: Collection[str],
    now: datetime,
    *,
    email: str | None = None,
    phone: str | None = None,
    request_id: str,
) -> None:
    """Keeps a new address, or number, and by which request it is asked whether it is theirs."""
    await _queries.to_verify(
        conn, keys=list(keys), email=email, phone=phone, request_id=request_id, now=now
    )


async def end_verifying(conn: asyncpg.Connection, keys: Collection[str], address: str) -> None:
    """Deletes an address or number that was waiting to be confirmed as theirs."""
    await _queries.end_verifying(conn, keys=list(keys), address=address)


async def unverified(conn: asyncpg.Connection, job: str, before: datetime, limit: int) -> list[str]:
    """Locks and returns applicants whose new addresses nobody has shown to be theirs since then.

    Whoever the job has parked is not among them.
    """
    rows = await _queries.unverified(conn, job=job, before=before, limit=limit)
    return [row["applicant_key"] for row in rows]


async def forget_unverified(conn: asyncpg.Connection, keys: Collection[str]) -> list[str]:
    """Deletes the new addresses of these applicants; returns whose they were to be."""
    rows = await _queries.forget_unverified(conn, keys=list(keys))
    return sorted({row["candidate_id"] for row in rows})


async def begin(conn: asyncpg.Connection, candidate_ids: Collection[str]) -> None:
    """Makes people of whom nothing is known yet."""
    if candidate_ids:
        await _queries.begin(conn, ids=list(candidate_ids))


async def keep(
    conn: asyncpg.Connection,
    applicants: Mapping[str, ApplicantClaims],
    candidate_ids: Mapping[str, str],
    now: datetime,
) -> None:
    """Keeps what sources say of applicants, new ones and locked ones."""
    if not applicants:
        return
    names = [claims.personal_data.name for claims in applicants.values()]
    await _queries.keep(
        conn,
        keys=list(applicants),
        ids=[candidate_ids[key] for key in applicants],
        sources=[claims.source for claims in applicants.values()],
        personal_data=[as_json(claims.personal_data) for claims in applicants.values()],
        name_keys=[name and name_key(name.value) for name in names],
        reach_nobody=[claims.personal_data.reaches_nobody for claims in applicants.values()],
        contacts=[claims.last_human_contact_at for claims in applicants.values()],
        refusals=[
            REFUSALS_JSON.dump_json(dict(claims.refusals)).decode()
            for claims in applicants.values()
        ],
        now=now,
    )


async def unreachable(conn: asyncpg.Connection) -> int:
    """Returns how many people are owed an answer that can go nowhere."""
    return int(await _queries.unreachable(conn))


async def describe(conn: asyncpg.Connection, people: Mapping[str, PersonalData]) -> None:
    """Keeps what the claims of people's applicants come to."""
    if people:
        await _queries.describe(
            conn, ids=list(people), personal_data=list(map(as_json, people.values()))
        )


async def keep_likenesses(conn: asyncpg.Connection, rows: Sequence[tuple[bytes, str]]) -> None:
    """Keeps what applicants share with those who may be the same person."""
    if rows:
        hashes, keys = map(list, zip(*rows, strict=True))
        await _queries.keep_likenesses(conn, hashes=hashes, keys=keys)


async def with_likeness(conn: asyncpg.Connection, hashes: Collection[bytes]) -> list[str]:
    """Returns everybody of whom an applicant ever had that address, or that number."""
    rows = await _queries.with_likeness(conn, hashes=list(hashes))
    return [row["candidate_id"] for row in rows]


async def with_identity(conn: asyncpg.Connection, hashes: Collection[bytes]) -> list[str]:
    """Returns whom the applicants are who are recognised by these hashes."""
    rows = await _queries.with_identity(conn, hashes=list(hashes))
    return [row["candidate_id"] for row in rows]


def as_json(personal_data: PersonalData) -> str:
    """Writes personal data as the tables hold them."""
    return PERSONAL_DATA_JSON.dump_json(personal_data, by_alias=True, exclude_none=True).decode()


def _personal_data(stored: str) -> PersonalData:
    try:
        return PERSONAL_DATA_JSON.validate_json(stored)
    except ValidationError:
        # What pydantic says quotes the data.
        raise RecordUnreadable from None


def _applicant(row: asyncpg.Record) -> Applicant:
    return Applicant(
        key=row["applicant_key"],
        candidate_id=row["candidate_id"],
        source=row["source"],
        personal_data=_personal_data(row["personal_data"]),
        corrected=_personal_data(row["corrected"]),
        name_key=row["name_key"],
        hat_answered_at=row["hat_answered_at"],
        last_human_contact_at=row["last_human_contact_at"],
        recorded_at=row["recorded_at"],
        refusals=REFUSALS_JSON.validate_json(row["refusals"]),
        is_published=row["version"] > 0,
        at_crowded_address=row["is_crowded"],
        has_many_namesakes=row["has_many_namesakes"],
    )
