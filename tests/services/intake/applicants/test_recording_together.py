"""Several processes may record, merge and erase the same people at once."""

import asyncio

import pytest

from services.intake.applicants.store import people
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    ERASURE,
    NOW,
    erased,
    merged,
    record,
    rejected,
    rows,
    standing,
)


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def waiting(database: Database) -> None:
    """Returns when somebody waits for a row that somebody else has locked."""
    locked = (
        "select 1 from pg_stat_activity where datname = current_database() "
        "and wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(10):
        while not await rows(database, locked):
            await asyncio.sleep(0.01)


async def test_whoever_is_erased_meanwhile_is_not_made_again(database: Database) -> None:
    await record(database, rejected())
    [person] = await standing(database)
    async with database.transaction() as conn:
        await people.lock(conn, [person["candidateId"]])
        late = asyncio.create_task(record(database, rejected(application_id="a-2")))
        await waiting(database)
        await ERASURE.erase(conn, [person["candidateId"]], NOW)
    await late
    assert await rows(database, "select * from candidates") == []


async def test_whoever_is_merged_meanwhile_is_found_where_they_are(database: Database) -> None:
    await record(database, rejected("p-1"))
    [person] = await standing(database)
    await record(database, rejected("p-2", "a-2", person={"emails": ["b@mail.example"]}))
    async with database.transaction() as conn:
        await people.lock(conn, [person["candidateId"]])
        merging = asyncio.create_task(record(database, merged("p-1", "p-2")))
        late = asyncio.create_task(record(database, rejected("p-1", "a-3")))
        await waiting(database)
    await asyncio.gather(merging, late)
    [person] = await standing(database)
    assert {it["applicationId"] for it in person["rejections"]} == {"a-1", "a-2", "a-3"}


async def test_the_same_new_person_in_two_transactions_is_one(database: Database) -> None:
    await asyncio.gather(
        *(record(database, rejected(f"p-{number}", f"a-{number}")) for number in range(4))
    )
    [person] = await standing(database)
    assert len(person["rejections"]) == 4


async def test_the_same_event_in_two_transactions_counts_once(database: Database) -> None:
    event = rejected()
    await asyncio.gather(*(record(database, event) for _ in range(4)))
    assert len(await rows(database, "select * from timeline")) == 1


async def test_erasing_and_recording_at_once_ends_in_nothing(database: Database) -> None:
    said = [erased(), *(rejected(application_id=f"a-{number}") for number in range(6))]
    await asyncio.gather(*(record(database, event) for event in said))
    assert await rows(database, "select * from candidates") == []
