"""Nothing of an erased person stays, and nothing brings them back."""

import asyncio
import base64
import json
import random
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
from cryptography.fernet import Fernet
from prometheus_client import CollectorRegistry

from services.intake.applicants.domain.normalisation import TimelineEntry
from services.intake.applicants.store import applications, people, timeline
from services.intake.applicants.store.applications import Letter
from services.intake.metrics import IntakeMetrics
from services.intake.privacy import erasure, store
from services.intake.privacy.domain.quarantine_search import marks
from services.intake.privacy.jobs import PrivacyJobs
from shared.contract.events.applications import ApplicantHired, ApplicantUnrejected
from shared.contract.events.cloudevents import Unreadable
from shared.runtime.erasures import QuarantineSearch
from shared.runtime.postgres import Database
from shared.runtime.quarantine import Quarantine
from shared.runtime.telemetry import Metrics
from tests.databases import Databases
from tests.services.intake.upstream import (
    ATS,
    DECIDED,
    ERASURE,
    IDENTITY,
    LAWS,
    MARKER,
    NOW,
    decided,
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
            "insert into consent_entries (candidate_id, applicant_key, act, purpose, channel, at,"
            " until, how, wording_version) select $1, applicant_key, 'agreed', 'now_and_then',"
            " 'email', $2, $3, 'page', 'w' from applicants",
            candidate_id,
            NOW,
            NOW + DAY,
        )
        await conn.execute(
            "insert into consent_entries (candidate_id, applicant_key, act, channel, at, how)"
            " select $1, applicant_key, 'stopped', 'sms', $2, 'page' from applicants",
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
    assert await left_in_tables(database) == list(CANARIES)
    await record(database, erased())
    assert await left_in_tables(database) == []
    for stream in ("candidates", "recipients", "profiles"):
        assert (await published(database, stream, candidate_id))[-1] is None


async def test_whoever_erases_themselves_leaves_as_little(database: Database) -> None:
    candidate_id = await rich(database)
    async with database.transaction() as conn:
        await people.lock(conn, [candidate_id])
        await ERASURE.erase(conn, [candidate_id], NOW)
    assert await left_in_tables(database) == []
    await record(database, rejected(person=PERSON, time=DECIDED + DAY))
    assert await standing(database) == []


async def test_later_events_of_an_erased_person_leave_nothing_but_hashes(
    database: Database,
) -> None:
    await record(database, erased(time=DECIDED + DAY))
    late = (
        rejected(person=PERSON, time=DECIDED),
        rejected(person=PERSON, time=DECIDED + DAY),
        updated(**PERSON, time=DECIDED + 2 * DAY),
        decided(ApplicantHired, time=DECIDED + 2 * DAY),
    )
    assert await record(database, *late) == list(late), "whoever sends them is told"
    assert await left_in_tables(database) == []
    assert await standing(database) == []
    assert await rows(database, "select * from outbox") == []


async def test_whoever_was_erased_and_applies_again_is_recorded_anew(database: Database) -> None:
    candidate_id = await rich(database)
    await record(database, erased(time=DECIDED + 2 * DAY))
    again = rejected(application_id="a-2", time=DECIDED + 3 * DAY)
    assert await record(database, again, updated(time=DECIDED + 4 * DAY, phone="030 901821")) == []
    [person] = await standing(database)
    assert person["candidateId"] != candidate_id
    assert person["channels"] == ["email", "sms"]
    assert [it["applicationId"] for it in person["rejections"]] == ["a-2"]


async def test_an_erasure_that_comes_late_leaves_what_was_said_after_it(
    database: Database,
) -> None:
    again = rejected(application_id="a-2", time=DECIDED + 3 * DAY, person={"phone": "030 901821"})
    await record(database, rejected(person=PERSON), again, erased(time=DECIDED + DAY))
    [person] = await standing(database)
    assert [it["applicationId"] for it in person["rejections"]] == ["a-2"]
    recipient = (await published(database, "recipients"))[-1]
    assert recipient["name"] == {"givenName": "Mira", "familyName": "Okafor"}
    assert await left_in_tables(database) == ["okafor", "p-1"]


async def test_what_one_source_erases_is_its_own(database: Database) -> None:
    elsewhere = {"vacancyId": "v-2", "title": "Cook"}
    theirs = rejected("x-1", "a-2", source="other", person=PERSON, vacancy=elsewhere)
    await record(database, rejected(person=PERSON | {"phone": "030 901821"}), theirs)
    [joined] = await standing(database)
    await record(database, erased("x-1", source="other"))
    [person] = await standing(database)
    assert person["candidateId"] == joined["candidateId"]
    assert [it["applicationId"] for it in person["rejections"]] == ["a-1"]
    recipient = (await published(database, "recipients"))[-1]
    assert recipient["phone"] == "+4930901821"
    assert recipient["emails"] == PERSON["emails"]


async def test_one_erasure_at_a_mailbox_of_many_is_one_persons(database: Database) -> None:
    shared = {"emails": ["people@agency.example"]}
    names = ["Mona Sand", "Karl Fink", "Ida Brandt"]
    for number, name in enumerate(names):
        person = shared | {"name": {"fullName": name}}
        await record(database, rejected(f"p-{number}", f"a-{number}", person=person))
    people_there = await standing(database)
    assert len(people_there) == 3
    async with database.transaction() as conn:
        await ERASURE.erase(conn, [people_there[0]["candidateId"]], NOW)
    assert len(await standing(database)) == 2
    late = rejected("p-9", "a-9", person=shared | {"name": {"fullName": "Otto Roth"}})
    assert await record(database, late) == []


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


def jobs(database: Database) -> PrivacyJobs:
    return PrivacyJobs(database, ERASURE, LAWS, IntakeMetrics(CollectorRegistry()))


async def search(database: Database, quarantine: Quarantine) -> list[int]:
    """Searches the quarantine as the service does; returns the offsets of what is left in it."""
    named_in = partial(marks, identity=IDENTITY, marker=MARKER)
    await QuarantineSearch(database, quarantine, Metrics(), named_in, store.is_known).run()
    return [
        row["offset"] for row in await rows(database, 'select "offset" from quarantine order by id')
    ]


async def set_aside(database: Database, quarantine: Quarantine, *records: Record) -> None:
    async with database.transaction() as conn:
        fault = Unreadable("invalid_body", "…")
        await quarantine.set_aside(conn, [(each, fault) for each in records])


THEIRS = [
    Record(1, "broken", key="p-1"),
    Record(2, '{"applicant": {"applicantId": "p-1"'),
    Record(3, '{"emails": ["Canary@mail.example"'),
    Record(4, json.dumps({"data": json.dumps({"emails": ["KANARIENVOGEL@post.example"]})})),
    Record(5, base64.b64encode(b'{"applicant": {"applicantId": "p-1"').decode()),
    Record(6, '{"name": {"familyName": "OKAFOR", "givenName": "Canary"'),
    Record(7, quote("Tel. 030/90 18-20")),
    Record(8, base64.b64encode("Canary Okafor".encode("utf-16")).decode()),
]
OTHERS = [Record(11, "broken", key="p-2"), Record(12, "broken", key="p-1", source="other")]


async def test_the_quarantine_is_searched_for_whoever_was_erased(
    database: Database, quarantine: Quarantine
) -> None:
    await set_aside(database, quarantine, *THEIRS, *OTHERS)
    await record(database, rejected(person=PERSON))
    assert len(await search(database, quarantine)) == len(THEIRS) + len(OTHERS)
    await record(database, erased())
    assert await search(database, quarantine) == [11, 12]


async def test_what_comes_into_quarantine_after_the_erasure_goes_as_well(
    database: Database, quarantine: Quarantine
) -> None:
    await record(database, rejected(person=PERSON), erased())
    assert await search(database, quarantine) == []
    await set_aside(database, quarantine, *THEIRS, *OTHERS)
    assert await search(database, quarantine) == [11, 12]


async def test_a_namesake_who_is_in_the_record_loses_nothing(
    database: Database, quarantine: Quarantine
) -> None:
    await record(database, rejected(person=PERSON))
    namesake = {"name": PERSON["name"], "emails": ["other@mail.example"]}
    await record(database, rejected("p-2", "a-2", person=namesake))
    await record(database, erased())
    await set_aside(database, quarantine, Record(1, '{"name": "Canary Okafor"', key="p-2"))
    assert await search(database, quarantine) == [1]


NEWCOMERS = [
    Record(21, '{"name": {"fullName": "Canary Okafor"}, "decidedAt": ""', key="nc-1"),
    Record(22, '{"applicantId": "nc-2", "name": "Canary Okafor", "decidedAt": ""', source=""),
    Record(23, '{"emails": ["nc@fresh.example"], "name": "Canary Okafor", "phone": "030 901820"'),
    Record(24, '{"phone": "+43 660 30901820"'),
]


async def test_a_newcomer_of_the_same_name_or_number_loses_nothing(
    database: Database, quarantine: Quarantine
) -> None:
    await record(database, rejected(person=PERSON), erased())
    await set_aside(database, quarantine, *NEWCOMERS, *THEIRS)
    assert await search(database, quarantine) == [21, 22, 23, 24]


async def test_of_whoever_leaves_for_their_age_names_and_numbers_are_not_searched_for(
    database: Database, quarantine: Quarantine
) -> None:
    await record(database, rejected(person=PERSON, alreadyTold=True))
    await jobs(database).forget_people(YEARS_LATER)
    assert await standing(database) == []
    await set_aside(database, quarantine, *THEIRS)
    assert await search(database, quarantine) == [6, 7, 8]


async def test_who_was_only_joined_into_another_is_not_searched_for(
    database: Database, quarantine: Quarantine
) -> None:
    await record(database, rejected(person=PERSON))
    await record(database, rejected("p-2", "a-2", person={"emails": ["b@mail.example"]}))
    await record(database, merged("p-1", "p-2"))
    await set_aside(database, quarantine, *THEIRS)
    assert len(await search(database, quarantine)) == len(THEIRS)


async def test_a_record_that_was_never_whole_costs_a_search_of_seconds_at_most(
    database: Database, quarantine: Quarantine
) -> None:
    await record(database, rejected(person=PERSON), erased())
    body = '{"resumeText": "' + base64.b64encode(random.Random(1).randbytes(490_000)).decode()
    await set_aside(database, quarantine, Record(1, body), Record(2, "Canary Okafor"))
    gap = asyncio.create_task(longest_gap())
    began = time.monotonic()
    assert await search(database, quarantine) == [1]
    assert time.monotonic() - began < 20
    gap.cancel()
    assert max(await gap) < 1, "the event loop was held"


async def longest_gap() -> list[float]:
    """Returns, once it is cancelled, how long the event loop did not come back, each time."""
    gaps = [0.0]
    try:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            gaps.append(time.monotonic() - before)
    except asyncio.CancelledError:
        return gaps


async def test_whoever_nobody_had_to_do_with_for_long_leaves_and_may_come_back(
    database: Database, quarantine: Quarantine
) -> None:
    work = jobs(database)
    candidate_id = await rich(database)
    later = NOW + timedelta(days=365 * 3)
    async with database.transaction() as conn:
        await applications.end_letters(conn, [Letter(candidate_id, "a-1", NOW, told=True)])
    await work.forget_people(NOW + DAY)
    assert await rows(database, "select * from candidates")

    await work.forget_people(later)
    assert await left_in_tables(database) == []
    assert (await published(database, "candidates", candidate_id))[-1] is None

    await record(database, rejected(person=PERSON), now=later)
    assert await standing(database) == [], "what was purged is not recorded again"
    new = rejected(application_id="a-9", time=later + DAY, person=PERSON)
    await record(database, new, now=later + DAY)
    [person] = await standing(database)
    assert person["candidateId"] != candidate_id
    assert [it["applicationId"] for it in person["rejections"]] == ["a-9"]

    await set_aside(database, quarantine, Record(1, "broken", key="p-1"))
    assert await search(database, quarantine) == [1], "who has come back is searched for no longer"


async def test_whoever_agreed_to_be_kept_longer_is_kept(
    database: Database, quarantine: Quarantine
) -> None:
    candidate_id = await rich(database)
    later = NOW + timedelta(days=365 * 3)
    await all_agree(database, until=later + DAY)
    await jobs(database).forget_people(later)
    assert [it["candidateId"] for it in await standing(database)] == [candidate_id]


async def test_of_whoever_agreed_to_be_kept_longer_no_state_is_read(database: Database) -> None:
    """Most of the pool has: the hourly walk through it reads as little of each as it can."""
    await rich(database)
    later = NOW + timedelta(days=365 * 3)
    await all_agree(database, until=later + DAY)
    befores = dict(LAWS.oldest_contacts(later))
    async with database.connection() as conn:
        keys = [row["applicant_key"] for row in await conn.fetch("select * from applicants")]
        plan = await conn.fetch(
            f"explain (analyze) {store._queries.statements['out_of_date']}",
            *(keys, list(befores), list(befores.values()), LAWS.oldest_contact(later), later),
        )
    reads = [row["QUERY PLAN"] for row in plan if "on candidates" in row["QUERY PLAN"]]
    assert reads
    assert all("never executed" in read for read in reads)


async def all_agree(database: Database, until: datetime) -> None:
    """Records that everybody agreed to be kept until then."""
    async with database.transaction() as conn:
        await conn.execute(
            "insert into consent_entries (candidate_id, applicant_key, act, purpose, channel, at,"
            " until, how, wording_version) select candidate_id, applicant_key, 'agreed',"
            " 'when_qualified', 'email', $1, $2, 'page', 'w' from applicants",
            NOW,
            until,
        )


async def test_however_many_are_kept_longer_the_others_are_reached(
    database: Database, quarantine: Quarantine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "LOOKED_AT", 2)
    for number in range(7):
        person = {"emails": [f"p{number}@mail.example"]}
        await record(
            database, rejected(f"p-{number}", f"a-{number}", person=person, alreadyTold=True)
        )
    later = NOW + timedelta(days=365 * 3)
    async with database.transaction() as conn:
        await conn.execute(
            "insert into consent_entries (candidate_id, applicant_key, act, purpose, channel, at,"
            " until, how, wording_version) select candidate_id, applicant_key, 'agreed',"
            " 'when_qualified', 'email', $1, $2, 'page', 'w' from applications"
            " where application_id < 'a-5'",
            NOW,
            later + DAY,
        )
    work = jobs(database)
    rounds = 1
    while await work.forget_people(later):
        rounds += 1
    left = await rows(database, "select application_id from applications order by 1")
    assert [row["application_id"] for row in left] == [f"a-{number}" for number in range(5)]
    assert rounds == 4
    assert await work.forget_people(later), "the next hour begins with the first again"


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
    work = jobs(database)
    for later in (NOW + DAY, YEARS_LATER):
        await work.forget_people(later)
        [person] = await rows(database, "select candidate_id from candidates")
        [owed] = await rows(database, "select application_id from applications")
        assert owed["application_id"] == "a-1"

    async with database.transaction() as conn:
        await applications.end_letters(
            conn, [Letter(person["candidate_id"], "a-1", NOW, told=True)]
        )
    await work.forget_people(YEARS_LATER)
    assert (await published(database, "candidates", person["candidate_id"]))[-1] is None


@pytest.mark.parametrize(
    "vacancy",
    [
        {"vacancyId": "v-1", "title": "Shift lead"},
        {"vacancyId": "v-1", "title": "Shift lead (m/f/d)"},
        {"vacancyId": "v-2", "title": "shift lead"},
    ],
)
async def test_only_the_source_that_owes_the_answer_ends_that_it_is_owed(
    database: Database, quarantine: Quarantine, vacancy: dict[str, str]
) -> None:
    await record(database, rejected(time=LONG_AGO))
    again = rejected("x-1", "x-1", source="hr", time=LONG_AGO, vacancy=vacancy)
    hired = decided(ApplicantHired, "x-1", "x-2", source="hr", time=LONG_AGO)
    await record(database, again, hired)
    work = jobs(database)
    await work.forget_people(YEARS_LATER)
    [person] = await standing(database)
    async with database.transaction() as conn:
        await applications.end_letters(conn, [Letter(person["candidateId"], "a-1", NOW, told=True)])
        await conn.execute("delete from applications where application_id = 'x-2'")
    await work.forget_people(YEARS_LATER)
    assert (await published(database, "candidates"))[-1] is None, "one letter told of both"


@pytest.mark.parametrize("is_decided_again", [False, True])
async def test_what_a_letter_told_of_another_application_keeps_nobody_unless_decided_again(
    database: Database, quarantine: Quarantine, is_decided_again: bool
) -> None:
    hour = timedelta(hours=1)
    await record(database, rejected(time=LONG_AGO), rejected(application_id="a-2", time=LONG_AGO))
    [person] = await standing(database)
    async with database.transaction() as conn:
        told = [Letter(person["candidateId"], "a-1", LONG_AGO + hour, told=True)]
        await applications.end_letters(conn, told)
    if is_decided_again:
        back = decided(ApplicantUnrejected, application_id="a-2", time=LONG_AGO + 2 * hour)
        again = rejected(application_id="a-2", time=LONG_AGO + 3 * hour)
        await record(database, back, again)
    await jobs(database).forget_people(YEARS_LATER)
    assert len(await standing(database)) == is_decided_again


async def stop(conn: asyncpg.Connection, candidate_id: str) -> None:
    await conn.execute(
        "insert into consent_entries (candidate_id, applicant_key, act, channel, at, how)"
        " select $1, applicant_key, 'stopped', 'email', $2, 'page' from applicants"
        " where candidate_id = $1",
        candidate_id,
        NOW,
    )


async def fail(conn: asyncpg.Connection, candidate_id: str) -> None:
    facts = {"applicationId": "a-1", "purpose": "letter"}
    key = await conn.fetchval(
        "select applicant_key from applicants where candidate_id = $1", candidate_id
    )
    await timeline.add_entries(conn, [(key, TimelineEntry(NOW, "message_failed", facts))])


@pytest.mark.parametrize("end", [stop, fail])
async def test_an_answer_that_can_no_longer_be_given_keeps_nobody_for_ever(
    database: Database, quarantine: Quarantine, end: Callable[..., Awaitable[None]]
) -> None:
    await record(database, rejected(time=LONG_AGO))
    [person] = await standing(database)
    async with database.transaction() as conn:
        await end(conn, person["candidateId"])
    work = jobs(database)
    await work.forget_people(NOW + DAY)
    assert await rows(database, "select * from candidates")
    await work.forget_people(YEARS_LATER)
    assert not await rows(database, "select * from candidates")


async def test_whom_nothing_can_reach_is_kept_for_as_long_from_when_their_record_began(
    database: Database, quarantine: Quarantine
) -> None:
    await record(database, rejected(time=LONG_AGO, person={"emails": []}))
    work = jobs(database)
    await work.forget_people(NOW + DAY)
    assert await rows(database, "select * from candidates")
    await work.forget_people(YEARS_LATER)
    assert not await rows(database, "select * from candidates")
