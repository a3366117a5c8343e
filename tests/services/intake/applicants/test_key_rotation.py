"""A new identity key forgets nobody: not whom one knew, and not whom one must not know again."""

from datetime import timedelta

import pytest

from services.intake.applicants.domain.identity import IdentityHash
from shared.contract.events.cloudevents import Event
from shared.runtime.postgres import Database
from tests.databases import Databases
from tests.services.intake.upstream import (
    DECIDED,
    ERASURE,
    IDENTITY_KEY,
    NOW,
    merged,
    recorder,
    rejected,
    standing,
)
from tests.services.intake.upstream import record as record_before

PERSON = {"emails": ["ada@mail.example"]}
LATER = DECIDED + timedelta(days=1)
ROTATED = IdentityHash("another key for tests, of thirty-two bytes", [IDENTITY_KEY])
NEW_KEY_ALONE = IdentityHash("another key for tests, of thirty-two bytes")


@pytest.fixture
async def database(databases: Databases) -> Database:
    return await databases("intake")


async def record(database: Database, *events: Event, identity: IdentityHash = ROTATED) -> None:
    async with database.transaction() as conn:
        await recorder(identity).record(conn, events, NOW)


async def test_whoever_was_erased_under_a_former_key_stays_away(database: Database) -> None:
    await record_before(database, rejected(person=PERSON))
    [person] = await standing(database)
    async with database.transaction() as conn:
        await ERASURE.erase(conn, [person["candidateId"]], LATER)
    await record(database, rejected("x-1", source="other", person=PERSON, time=LATER))
    await record(database, rejected("p-1", "a-2", person=PERSON, time=LATER))
    assert await standing(database) == []


async def test_whoever_was_recorded_under_a_former_key_is_known_by_both(
    database: Database,
) -> None:
    await record_before(database, rejected(person=PERSON))
    (before,) = await standing(database)
    await record(database, rejected("x-1", "a-2", source="other", person=PERSON, time=LATER))
    (after,) = await standing(database)
    assert after["candidateId"] == before["candidateId"]
    again = rejected("y-1", "a-3", source="third", person=PERSON, time=LATER)
    await record(database, again, identity=NEW_KEY_ALONE)
    (known,) = await standing(database)
    assert known["candidateId"] == before["candidateId"]


async def test_the_one_merged_into_under_a_former_key_remains(database: Database) -> None:
    await record_before(database, rejected("p-1", person=PERSON))
    (before,) = await standing(database)
    await record(database, merged("p-0", "p-1", time=LATER))
    (after,) = await standing(database)
    assert after["candidateId"] == before["candidateId"]
