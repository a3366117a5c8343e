"""Nothing of an erased person stays, and nothing brings them back."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from cryptography.fernet import Fernet
from prometheus_client import CollectorRegistry

from services.intake.applicants.domain.normalisation import TimelineEntry
from services.intake.applicants.store import applications, people, timeline
from services.intake.metrics import IntakeMetrics
from services.intake.privacy import erasure
from services.intake.privacy.jobs import PrivacyJobs
from shared.contract.events.cloudevents import Unreadable
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Copy, Quarantine
from tests.databases import Databases
from tests.services.intake.upstream import (
    ATS,
    DECIDED,
    IDENTITY,
    NOW,
    dump,
    erased,
    merged,
    published,
    record,
    rejected,
    rows,
    standing,
    updated,
)

CANARIES = ("canary", "okafor", "901820", "kanarienvogel", "p-1")
PERSON: dict[str, Any] = {
    "name": {"givenName": "Canary", "familyName": "Okafor"},
    "emails": ["canary@mail.example", "kanarienvogel@post.example"],
    "phone": "+49 30 901820",
}
DAY = timedelta(days=1)
PLUMBING = ("inbox", "outbox")
"""The ids of events stay, and what waits to be published leaves: neither is the record."""


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def rich(database: Database) -> str:
    """Records somebody about whom much is known; returns their id."""
    await record(
        database,
        rejected(
            person=PERSON,
            profile={"summary": "Canary Okafor, call 030 901820"},
            reason={"code": "other", "note": "Canary was late"},
            decidedBy="canary's recruiter",
        ),
        updated(**PERSON, time=DECIDED + DAY),
    )
    [person] = await standing(database)
    candidate_id = str(person["candidateId"])
    async with database.transaction() as conn:
        await timeline.note(conn, [candidate_id], "sms_replied", {"text": "Canary here"}, NOW)
        await conn.execute(
            "insert into consents (candidate_id, purpose, channel, granted_at, until, how, "
            "wording_version) values ($1, 'now_and_then', 'email', $2, $3, 'page', 'w')",
            candidate_id,
            NOW,
            NOW + DAY,
        )
        await conn.execute(
            "insert into channel_stops (candidate_id, channel, stopped_at, how) "
            "values ($1, 'sms', $2, 'canary')",
            candidate_id,
            NOW,
        )
    return candidate_id


async def left_in_tables(database: Database) -> list[str]:
    async with database.connection() as conn:
        text = (await dump(conn, without=PLUMBING)).lower()
    return [canary for canary in CANARIES if canary in text]


async def test_no_byte_of_an_erased_person_stays_in_any_table(database: Database) -> None:
    candidate_id = await rich(database)
    assert len(await left_in_tables(database)) == len(CANARIES) - 1
    await record(database, erased())
    assert await left_in_tables(database) == []
    for stream in ("candidates", "recipients", "profiles"):
        assert (await published(database, stream, candidate_id))[-1] is None


async def test_whoever_erases_themselves_leaves_as_little(database: Database) -> None:
    candidate_id = await rich(database)
    async with database.transaction() as conn:
        await people.lock(conn, [candidate_id])
        await erasure.erase(conn, [candidate_id], NOW)
    assert await left_in_tables(database) == []
    await record(database, rejected(person=PERSON, time=DECIDED + DAY))
    assert await standing(database) == []


async def test_later_events_of_an_erased_person_leave_nothing_but_hashes(
    database: Database,
) -> None:
    await record(database, erased())
    await record(database, rejected(person=PERSON, time=DECIDED + DAY))
    await record(database, rejected("x-1", source="other", person=PERSON, time=DECIDED + 2 * DAY))
    assert await left_in_tables(database) == []
    assert await standing(database) == []
    assert await rows(database, "select * from outbox") == []


async def test_an_erasure_reaches_everybody_who_turns_out_to_be_the_same(
    database: Database,
) -> None:
    await record(database, rejected("p-1", person=PERSON))
    await record(database, rejected("p-2", "a-2", person={"emails": ["b@mail.example"]}))
    await record(database, erased("p-1"))
    assert len(await standing(database)) == 1
    await record(database, merged("p-2", "p-1"))
    assert await standing(database) == []
    assert await rows(database, "select * from candidates") == []


async def test_an_erasure_of_somebody_unknown_is_remembered(database: Database) -> None:
    await record(database, erased("p-9"))
    await record(database, rejected("p-9"))
    assert await standing(database) == []


class Record:
    topic = "notyet.applications.v1"
    partition = 0

    def __init__(self, offset: int, body: str, *, key: str = "", source: str = ATS) -> None:
        self.offset = offset
        self.key = key.encode() or None
        self.value = body.encode()
        self.headers = [("ce_source", source.encode())]
        self.timestamp = 0


@pytest.fixture
def quarantine() -> Quarantine:
    return Quarantine(Fernet.generate_key().decode())


def jobs(database: Database, quarantine: Quarantine) -> PrivacyJobs:
    return PrivacyJobs(database, quarantine, IDENTITY, IntakeMetrics(CollectorRegistry()))


async def test_the_quarantine_is_searched_for_whoever_was_erased(
    database: Database, quarantine: Quarantine
) -> None:
    fault = Unreadable("invalid_body", "…")
    theirs = [
        Record(1, "broken", key="p-1"),
        Record(2, '{"applicant": {"applicantId": "p-1"'),
        Record(3, '{"emails": ["Canary@mail.example"'),
    ]
    others = [Record(4, "broken", key="p-2"), Record(5, "broken", key="p-1", source="other")]
    async with database.transaction() as conn:
        await quarantine.set_aside(conn, [(each, fault) for each in theirs + others])
    await record(database, rejected(person=PERSON))
    await record(database, erased())

    await jobs(database, quarantine).search_quarantine(NOW)

    left = await rows(database, 'select record, "offset" from quarantine order by id')
    assert [row["offset"] for row in left] == [4, 5]
    assert all(isinstance(quarantine.open(row["record"]), Copy) for row in left)
    assert not await jobs(database, quarantine).search_quarantine(NOW)


async def test_whoever_nobody_had_to_do_with_for_long_leaves_and_may_come_back(
    database: Database, quarantine: Quarantine
) -> None:
    work = jobs(database, quarantine)
    candidate_id = await rich(database)
    later = NOW + timedelta(days=365 * 3)
    async with database.transaction() as conn:
        await applications.end_letters(conn, [(candidate_id, "a-1", NOW, True)])
    await work.forget_people(NOW + DAY, 24)
    assert await rows(database, "select * from candidates")

    await work.forget_people(later, 24)
    assert await left_in_tables(database) == []
    assert (await published(database, "candidates", candidate_id))[-1] is None

    await record(database, rejected(person=PERSON), now=later)
    assert await standing(database) == [], "what was purged is not recorded again"
    new = rejected(application_id="a-9", time=later + DAY, person=PERSON)
    await record(database, new, now=later + DAY)
    [person] = await standing(database)
    assert person["candidateId"] != candidate_id
    assert [it["applicationId"] for it in person["rejections"]] == ["a-9"]


async def test_whoever_agreed_to_be_kept_longer_is_kept(
    database: Database, quarantine: Quarantine
) -> None:
    candidate_id = await rich(database)
    later = NOW + timedelta(days=365 * 3)
    async with database.transaction() as conn:
        await conn.execute("update consents set until = $1", later + DAY)
    await jobs(database, quarantine).forget_people(later, 24)
    assert [it["candidateId"] for it in await standing(database)] == [candidate_id]


LONG_AGO = NOW - timedelta(days=365 * 3)
YEARS_LATER = NOW + timedelta(days=365 * 5)


async def test_whoever_is_owed_an_answer_stays_until_it_was_given(
    database: Database, quarantine: Quarantine
) -> None:
    await record(database, rejected("p-1", time=LONG_AGO))
    told = rejected(
        "p-2", "a-2", time=LONG_AGO, person={"emails": ["b@mail.example"]}, alreadyTold=True
    )
    await record(database, told)
    work = jobs(database, quarantine)
    for later in (NOW + DAY, YEARS_LATER):
        await work.forget_people(later, 24)
        [person] = await rows(database, "select candidate_id from candidates")
        [owed] = await rows(database, "select application_id from applications")
        assert owed["application_id"] == "a-1"

    async with database.transaction() as conn:
        await applications.end_letters(conn, [(person["candidate_id"], "a-1", NOW, True)])
    await work.forget_people(YEARS_LATER, 24)
    assert (await published(database, "candidates", person["candidate_id"]))[-1] is None


async def stop(conn: asyncpg.Connection, candidate_id: str) -> None:
    await conn.execute(
        "insert into channel_stops (candidate_id, channel, stopped_at, how) "
        "values ($1, 'email', $2, 'link')",
        candidate_id,
        NOW,
    )


async def fail(conn: asyncpg.Connection, candidate_id: str) -> None:
    facts = {"applicationId": "a-1", "purpose": "letter"}
    await timeline.add_entries(conn, [(candidate_id, TimelineEntry(NOW, "message_failed", facts))])


@pytest.mark.parametrize("end", [stop, fail])
async def test_an_answer_that_can_no_longer_be_given_keeps_nobody_for_ever(
    database: Database, quarantine: Quarantine, end: Callable[..., Awaitable[None]]
) -> None:
    await record(database, rejected(time=LONG_AGO))
    [person] = await standing(database)
    async with database.transaction() as conn:
        await end(conn, person["candidateId"])
    work = jobs(database, quarantine)
    await work.forget_people(NOW + DAY, 24)
    assert await rows(database, "select * from candidates")
    await work.forget_people(YEARS_LATER, 24)
    assert not await rows(database, "select * from candidates")


async def test_whom_nothing_can_reach_is_kept_for_as_long_from_when_their_record_began(
    database: Database, quarantine: Quarantine
) -> None:
    await record(database, rejected(time=LONG_AGO, person={"emails": []}))
    work = jobs(database, quarantine)
    await work.forget_people(NOW + DAY, 24)
    assert await rows(database, "select * from candidates")
    await work.forget_people(YEARS_LATER, 24)
    assert not await rows(database, "select * from candidates")
